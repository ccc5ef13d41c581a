// The open room: loads its newest messages, earlier and later ones as one scrolls, and what was missed.

import { fromRest } from "./message.js";
import { oncePerFrame } from "./element.js";

const PAGE = 60;
const LARGEST_PAGE = 100;
// Messages in the page at one time. A screen shows some twenty.
const MOST = 300;
// Loading begins before the end of what is there comes into view.
const AHEAD_PX = 900;
// Who was away for longer than this many messages starts over at the newest page.
const CATCH_UP_MOST = 1_000;

export class OpenRoom {
  #rest;
  #timeline;
  #view;
  #tell;
  #room = null;
  #turn = 0; // answers to what was asked in another turn are of no use
  #isReady = false;
  #isBusy = false;
  #again = false;
  #hasEarlier = false;
  #newest = 0; // the highest number that is known to exist
  #below = 0;
  #unread = 0; // when it was opened
  #early = []; // what came while the room was loading
  #onFrame = oncePerFrame(() => this.#look());

  /**
   * `tell` has `enter(room)`, `state(name, detail)`, `edges(edges)`, `seen(message)`, `arrived(message)`, `drawn()`, `failed(problem)`,
   * `holds(message)` and `isMine(message)`.
   */
  constructor(rest, timeline, tell) {
    this.#rest = rest;
    this.#timeline = timeline;
    this.#tell = tell;
  }

  /** The view tells about scrolling, so it is made after this. */
  watch(view) {
    this.#view = view;
  }

  get current() {
    return this.#room;
  }

  close() {
    this.#turn += 1;
    this.#room = null;
    this.#isReady = false;
    this.#timeline.clear();
    this.#tell.state("none");
  }

  /** Shows a room from its newest page of history, or from the first of `unread` messages if they fit. */
  async open(room, unread = 0) {
    const turn = ++this.#turn;
    this.#room = room;
    this.#isReady = this.#isBusy = this.#hasEarlier = false;
    this.#view.isTail = true;
    this.#newest = this.#below = 0;
    this.#unread = unread;
    this.#early = [];
    this.#timeline.clear();
    this.#tell.state("loading");
    try {
      // Joined first and read second: nothing can fall between the two.
      await this.#tell.enter(room);
      const limit = Math.min(LARGEST_PAGE, Math.max(PAGE, unread + 10));
      const page = await this.#rest.messages(room.id, { limit });
      if (turn === this.#turn) this.#fill(page, unread);
    } catch (problem) {
      if (turn === this.#turn) this.#tell.state("failed", problem.message);
    }
  }

  #fill(page, unread) {
    const messages = page.items.map(fromRest).filter((message) => !this.#tell.holds(message));
    for (const message of messages) this.#timeline.put(message);
    this.#hasEarlier = page.next !== null;
    this.#isReady = true;
    this.#tell.state("ready");
    const first = unread ? this.#firstUnread(unread) : null;
    const line = first && this.#timeline.markNew(first);
    if (line) this.#view.showAt(line);
    else this.#view.toEnd();
    for (const message of this.#early.splice(0)) this.receive(message);
    this.#changed();
  }

  /** The oldest of the newest `unread` messages of others, if it is here. */
  #firstUnread(unread) {
    for (const { message } of this.#timeline.newestFirst()) {
      if (!message.deleted && !this.#tell.isMine(message)) unread -= 1;
      if (unread === 0) return message.seq;
    }
    return null;
  }

  /** A message arrived over the socket, or one that is here has changed. */
  receive(message) {
    if (message.roomId !== this.#room?.id) return;
    if (!this.#isReady) return this.#early.push(message);
    const last = this.#timeline.last;
    this.#newest = Math.max(this.#newest, message.seq);
    if (message.seq > last && !this.#mayGrow()) {
      this.#below += 1;
    } else if (message.seq > last + 1) {
      // Something in between was missed.
      this.refresh();
    } else if (message.seq >= this.#timeline.first) {
      this.#draw([message]);
    }
    this.#changed();
  }

  /** Whether what is new goes into the window: not when that would push out what one reads. */
  #mayGrow() {
    if (this.#view.isTail && !this.#view.isAtEnd && this.#timeline.length >= MOST) this.#view.isTail = false;
    return this.#view.isTail;
  }

  #draw(messages) {
    const isAtEnd = this.#view.isAtEnd;
    this.#view.keep(() => {
      for (const message of messages) {
        if (!this.#timeline.put(message) || message.seq < this.#timeline.last) continue;
        if (!isAtEnd && !this.#tell.isMine(message)) this.#below += 1;
        this.#tell.arrived(message);
      }
      const over = this.#timeline.length - MOST;
      if (isAtEnd && over > 0) {
        this.#timeline.trimTop(over);
        this.#hasEarlier = true;
      }
    });
  }

  /** Reads again what is shown and reads what is new: for after a lost connection. Safe to call at any time. */
  async refresh() {
    const room = this.#room;
    if (!room) return;
    if (!this.#isReady) return this.open(room, this.#unread);
    if (this.#isBusy) return (this.#again = true);
    await this.#exclusively(async (turn) => {
      let after = Math.max(0, this.#timeline.first - 1);
      for (let fetched = 0; after !== null; ) {
        if (fetched > CATCH_UP_MOST) return this.open(room);
        const page = await this.#rest.messages(room.id, { after, limit: LARGEST_PAGE });
        if (turn !== this.#turn) return;
        after = this.#take(page);
        fetched += page.items.length;
      }
    });
  }

  /** Where to go on reading, or null. */
  #take(page) {
    const messages = page.items.map(fromRest);
    const last = this.#timeline.last;
    const grows = this.#mayGrow();
    this.#newest = Math.max(this.#newest, messages.at(-1)?.seq ?? 0);
    this.#draw(messages.filter((message) => (grows || message.seq <= last) && !this.#tell.holds(message)));
    const isDone = page.next === null || (!grows && (messages.at(-1)?.seq ?? last) >= last);
    return isDone ? null : Number(page.next);
  }

  toEnd() {
    if (!this.#view.isTail) return this.open(this.#room);
    this.#view.toEnd();
    this.#changed();
  }

  loadEarlier() {
    if (!this.#isReady || !this.#hasEarlier || this.#isBusy) return;
    return this.#exclusively(async (turn) => {
      const page = await this.#rest.messages(this.#room.id, { before: this.#timeline.first, limit: PAGE });
      if (turn !== this.#turn) return;
      this.#hasEarlier = page.next !== null;
      this.#view.keep(() => {
        for (const message of page.items) this.#timeline.put(fromRest(message));
        const over = this.#timeline.length - MOST;
        if (over <= 0) return;
        this.#newest = Math.max(this.#newest, this.#timeline.last);
        this.#timeline.trimBottom(over);
        this.#view.isTail = false;
      });
    });
  }

  #loadLater() {
    return this.#exclusively(async (turn) => {
      const page = await this.#rest.messages(this.#room.id, { after: this.#timeline.last, limit: PAGE });
      if (turn !== this.#turn) return;
      this.#view.keep(() => {
        for (const message of page.items) this.#timeline.put(fromRest(message));
        const over = this.#timeline.length - MOST;
        if (over > 0) this.#timeline.trimTop(over);
        this.#hasEarlier ||= over > 0;
      });
      this.#view.isTail = page.next === null && this.#timeline.last >= this.#newest;
    });
  }

  /** One load at a time: two of them would both draw the same gap. */
  async #exclusively(work) {
    const turn = this.#turn;
    this.#isBusy = true;
    this.#tell.edges(this.#edges());
    let failed = false;
    try {
      await work(turn);
    } catch (problem) {
      failed = true;
      if (turn === this.#turn) this.#tell.failed(problem);
    }
    if (turn !== this.#turn) return;
    this.#isBusy = false;
    this.#changed(!failed);
    if (this.#again && !failed) {
      this.#again = false;
      this.refresh();
    }
  }

  #edges() {
    return { earlier: this.#hasEarlier, busy: this.#isBusy, atEnd: this.#view.isAtEnd, below: this.#below };
  }

  /** Something was drawn. */
  #changed(mayLoad = true) {
    this.#tell.drawn();
    if (mayLoad) this.#onFrame();
    else this.#tell.edges(this.#edges());
  }

  scrolled() {
    this.#onFrame();
  }

  /** Looks what is in the view: loads what will be needed, says what was seen. */
  #look() {
    if (!this.#isReady) return;
    const isAtEnd = this.#view.isAtEnd;
    if (isAtEnd) this.#below = 0;
    this.#tell.edges(this.#edges());
    const seen = this.#timeline.atOrBefore(this.#view.lastVisible());
    if (seen && !document.hidden && document.hasFocus()) this.#tell.seen(seen.message);
    if (this.#isBusy) return;
    if (this.#hasEarlier && this.#view.toTop < AHEAD_PX) this.loadEarlier();
    else if (!this.#view.isTail && this.#view.toBottom < AHEAD_PX) this.#loadLater();
  }
}
