// The open room: joins it, loads history, closes gaps after a reconnect, keeps the view where the reader is.

import { Problem } from "./rest.js";

const PAGE = 50;
const CATCH_UP_PAGE = 100;
// Who was away for longer than this many messages starts over at the newest page.
const CATCH_UP_MOST = 1_000;
const NEAR_END_PX = 80;

export class OpenRoom {
  #rest;
  #timeline;
  #view;
  #room = null;
  // Everything up to this seq was asked for; a later one than the next means that something was missed.
  #complete = 0;
  #loading = null;
  #newBelow = 0;

  /** `view` holds the elements `scroll`, `earlier`, `toEnd`, `toEndText`, `messages` and the callback `seen(room, seq)`. */
  constructor(rest, timeline, view) {
    this.#rest = rest;
    this.#timeline = timeline;
    this.#view = view;
    view.scroll.addEventListener("scroll", () => this.#onScroll(), { passive: true });
    view.earlier.addEventListener("click", () => this.#loadEarlier());
    view.toEnd.addEventListener("click", () => this.toEnd());
    document.addEventListener("visibilitychange", () => this.#markSeen());
  }

  get current() {
    return this.#room;
  }

  /** Shows a room from its newest page of history. */
  async open(room) {
    this.#room = room;
    this.#timeline.clear();
    this.#complete = 0;
    this.#view.earlier.hidden = true;
    await this.#load(async () => {
      const page = await this.#rest.messages(room.id, { limit: PAGE });
      if (this.#room !== room) return;
      this.#view.messages.setAttribute("aria-busy", "true");
      for (const message of page.items) this.#timeline.put(message);
      this.#complete = Math.max(this.#timeline.last, page.items.at(-1)?.seq ?? 0);
      this.#view.earlier.hidden = page.next === null;
      this.toEnd();
      // The history is not news: a screen reader hears what comes after it.
      setTimeout(() => this.#view.messages.removeAttribute("aria-busy"), 0);
    });
  }

  /** Fetches what was missed; safe to call at any time. */
  async catchUp() {
    const room = this.#room;
    if (!room) return;
    await this.#load(async () => {
      const stick = this.#isAtEnd();
      for (let fetched = 0, next = this.#complete; next !== null; ) {
        if (fetched >= CATCH_UP_MOST) return this.open(room);
        const page = await this.#rest.messages(room.id, { after: next, limit: CATCH_UP_PAGE });
        if (this.#room !== room) return;
        for (const message of page.items) this.#show(message, stick);
        fetched += page.items.length;
        this.#complete = Math.max(this.#complete, page.items.at(-1)?.seq ?? 0);
        next = page.next;
      }
    });
  }

  /** A message arrived over the socket. */
  receive(message) {
    if (message.chatroom_id !== this.#room?.id) return;
    this.#show(message, this.#isAtEnd());
    if (this.#loading) return;
    if (message.seq > this.#complete + 1) this.catchUp().catch(() => {});
    else this.#complete = Math.max(this.#complete, message.seq);
  }

  toEnd() {
    this.#view.scroll.scrollTop = this.#view.scroll.scrollHeight;
    this.#onScroll();
  }

  #show(message, stick) {
    const isNew = this.#timeline.put(message);
    if (stick) return this.toEnd();
    if (!isNew) return;
    this.#newBelow += 1;
    this.#onScroll();
  }

  /** One load at a time, in order: two of them would both draw the same gap. */
  #load(work) {
    const mine = (this.#loading ?? Promise.resolve()).catch(() => {}).then(work);
    this.#loading = mine;
    const done = () => {
      if (this.#loading !== mine) return;
      this.#loading = null;
      // What arrived over the socket meanwhile may lie beyond what was loaded.
      if (this.#timeline.last > this.#complete) this.catchUp().catch(() => {});
    };
    mine.then(done, () => (this.#loading = this.#loading === mine ? null : this.#loading));
    return mine;
  }

  async #loadEarlier() {
    const room = this.#room;
    const { scroll, earlier, messages } = this.#view;
    earlier.disabled = true;
    try {
      const page = await this.#rest.messages(room.id, { before: this.#timeline.first, limit: PAGE });
      if (this.#room !== room) return;
      const below = scroll.scrollHeight - scroll.scrollTop;
      messages.setAttribute("aria-busy", "true");
      for (const message of page.items) this.#timeline.put(message);
      earlier.hidden = page.next === null;
      scroll.scrollTop = scroll.scrollHeight - below;
      if (earlier.hidden) scroll.focus({ preventScroll: true });
      setTimeout(() => messages.removeAttribute("aria-busy"), 0);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      this.#view.warn(problem.message);
    } finally {
      earlier.disabled = false;
    }
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#view.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #onScroll() {
    const atEnd = this.#isAtEnd();
    if (atEnd) this.#newBelow = 0;
    this.#view.toEnd.hidden = atEnd;
    this.#view.toEndText.textContent = this.#newBelow ? `${this.#newBelow} new below` : "Newest";
    this.#markSeen();
  }

  #markSeen() {
    if (this.#room && !document.hidden && this.#isAtEnd()) this.#view.seen(this.#room, this.#timeline.last);
  }
}
