// A window of the open room's messages: once each, in the order of `seq`, and drawn. However long the room is, the
// window stays small: who uses it takes off at one end what is added at the other.

import { Bubble } from "./bubble.js";
import { element } from "./element.js";

const GROUP_MS = 5 * 60_000;

const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

function dayOf(at) {
  const day = new Date(at);
  const today = new Date();
  if (day.toDateString() === today.toDateString()) return "Today";
  today.setDate(today.getDate() - 1);
  return day.toDateString() === today.toDateString() ? "Yesterday" : calendar.format(day);
}

export class Timeline {
  #list;
  #people;
  #actions;
  #entries = []; // sorted by seq: {message, bubble, lead: elements in front of it}
  #newFrom = null;

  constructor(list, people, actions) {
    this.#list = list;
    this.#people = people;
    this.#actions = actions;
  }

  get first() {
    return this.#entries[0]?.bubble.message.seq ?? 0;
  }

  get last() {
    return this.#entries.at(-1)?.bubble.message.seq ?? 0;
  }

  get length() {
    return this.#entries.length;
  }

  /** The messages, newest first. */
  *newestFirst() {
    for (let at = this.#entries.length - 1; at >= 0; at--) yield this.#entries[at].bubble;
  }

  clear() {
    this.#entries = [];
    this.#newFrom = null;
    this.#list.replaceChildren();
  }

  /** What begins with this `seq` is new to the reader. */
  markNew(seq) {
    this.#newFrom = seq;
    const at = this.#entries.findIndex(({ bubble }) => bubble.message.seq === seq);
    this.#group(at);
    return this.#entries[at]?.lead[0] ?? null;
  }

  /** Adds what is new, replaces what changed; true when `message` was not here before. */
  put(message) {
    if (message.name) this.#people.learn(message.userId, message.name);
    const at = this.#placeOf(message.seq);
    const there = this.#entries[at];
    if (there?.bubble.message.seq === message.seq) {
      there.bubble.update(message);
      return false;
    }
    const entry = { bubble: new Bubble(message, this.#people, this.#actions), lead: [] };
    this.#list.insertBefore(entry.bubble.drawn, there ? (there.lead[0] ?? there.bubble.drawn) : null);
    this.#entries.splice(at, 0, entry);
    this.#group(at);
    this.#group(at + 1);
    return true;
  }

  trimTop(count) {
    this.#drop(this.#entries.splice(0, count));
    this.#group(0);
  }

  trimBottom(count) {
    this.#drop(this.#entries.splice(-count, count));
  }

  /** The message with this number, or the newest before it. */
  atOrBefore(seq) {
    const at = this.#placeOf(seq);
    if (this.#entries[at]?.bubble.message.seq === seq) return this.#entries[at].bubble;
    return this.#entries[at - 1]?.bubble ?? null;
  }

  byId(id) {
    return this.#entries.find(({ bubble }) => bubble.message.id === id)?.bubble.message ?? null;
  }

  /** The newest message that may still be changed by who reads this. */
  newestOwn() {
    for (const { message } of this.newestFirst()) {
      if (!message.deleted && this.#people.isMe(message.userId)) return message;
    }
    return null;
  }

  /** A name became known. */
  sign(userId) {
    for (const { bubble } of this.#entries) if (bubble.message.userId === userId) bubble.sign();
  }

  /** The place of that number, or where it belongs. Mostly at the end. */
  #placeOf(seq) {
    if (seq > this.last) return this.#entries.length;
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#entries[middle].bubble.message.seq < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(entries) {
    for (const { bubble, lead } of entries) [...lead, bubble.drawn].forEach((drawn) => drawn.remove());
  }

  /** Decides whether the entry starts a day, the unread, or a run of messages of one author. */
  #group(at) {
    const entry = this.#entries[at];
    if (!entry) return;
    const { message, drawn } = entry.bubble;
    const before = this.#entries[at - 1]?.bubble.message;
    const sent = new Date(message.at);
    const earlier = before && new Date(before.at);
    const newDay = !before || earlier.toDateString() !== sent.toDateString();
    for (const old of entry.lead) old.remove();
    entry.lead = [];
    if (newDay) entry.lead.push(element("div", "day", dayOf(message.at)));
    if (message.seq === this.#newFrom) entry.lead.push(element("div", "new-line", "New"));
    drawn.before(...entry.lead);
    const apart = entry.lead.length > 0 || before.userId !== message.userId || sent - earlier > GROUP_MS;
    entry.bubble.startsRun(apart);
  }
}
