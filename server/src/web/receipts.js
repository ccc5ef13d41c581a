// How far the others have read: small pictures under the last message that each of them has seen.

import { avatarOf } from "./avatar.js";
import { element, enumerate, oncePerFrame, unseen } from "./element.js";

const SHOWN = 5;

export class Receipts {
  #timeline;
  #people;
  #view;
  #reads = new Map(); // user id -> seq
  #rows = [];
  /** Draws soon: many marks may move in one moment. */
  draw = oncePerFrame(() => this.#view.keep(() => this.#draw()));

  constructor(timeline, people, view) {
    this.#timeline = timeline;
    this.#people = people;
    this.#view = view;
  }

  clear() {
    this.#reads.clear();
    this.#draw();
  }

  /** Marks only move forward. Nobody needs to be told how far they have read themselves. */
  set(userId, seq) {
    if (this.#people.isMe(userId) || (this.#reads.get(userId) ?? 0) >= seq) return;
    this.#reads.set(userId, seq);
    this.draw();
  }

  #draw() {
    for (const row of this.#rows) row.remove();
    this.#rows = [];
    const readers = new Map(); // element of a message -> ids
    for (const [id, seq] of this.#reads) {
      const drawn = this.#target(seq);
      if (drawn) readers.set(drawn, [...(readers.get(drawn) ?? []), id]);
    }
    for (const [drawn, ids] of readers) {
      const row = this.#row(ids);
      drawn.append(row);
      this.#rows.push(row);
    }
  }

  /** A mark outside of the window belongs to what is not shown. */
  #target(seq) {
    if (seq < this.#timeline.first || (seq > this.#timeline.last && !this.#view.isTail)) return null;
    return this.#timeline.atOrBefore(seq)?.drawn ?? null;
  }

  #row(ids) {
    const row = element("div", "seen");
    const names = ids.map((id) => this.#people.nameOf(id));
    row.title = `Seen by ${enumerate(names, 10)}`;
    row.append(unseen(row.title));
    ids.slice(0, SHOWN).forEach((id, at) => row.append(avatarOf(id, names[at], "avatar tiny")));
    if (ids.length > SHOWN) row.append(element("span", "more", `+${ids.length - SHOWN}`));
    return row;
  }
}
