// Who writes right now: what others do is shown, what is done here is told.

import { enumerate } from "./element.js";

// The server ends a mark after 8 s; a notice of the end that was lost must not leave it standing for ever.
const MARK_MS = 9_000;
// Well within those 8 s, so that a mark does not flicker while somebody writes on.
const REPEAT_MS = 3_000;
const IDLE_MS = 5_000;

/** Shows who writes in the open room. */
export class TypingLine {
  #line;
  #people;
  #writers = new Map(); // user id -> timer

  constructor(line, people) {
    this.#line = line;
    this.#people = people;
  }

  start(id) {
    this.#forget(id);
    this.#writers.set(id, setTimeout(() => this.stop(id), MARK_MS));
    this.draw();
  }

  stop(id) {
    if (this.#forget(id)) this.draw();
  }

  clear() {
    for (const id of [...this.#writers.keys()]) this.#forget(id);
    this.draw();
  }

  draw() {
    const names = [...this.#writers.keys()].map((id) => this.#people.nameOf(id));
    this.#line.classList.toggle("active", names.length > 0);
    const words = `${enumerate(names)} ${names.length > 1 ? "are" : "is"} typing`;
    this.#line.querySelector("span").textContent = names.length ? words : "";
  }

  #forget(id) {
    clearTimeout(this.#writers.get(id));
    return this.#writers.delete(id);
  }
}

/** Tells the room that somebody writes here. */
export class TypingTeller {
  #tell;
  #roomId = null;
  #last = 0;
  #idle = 0;

  /** `tell(event, payload)` */
  constructor(tell) {
    this.#tell = tell;
  }

  write(roomId) {
    if (roomId !== this.#roomId) this.stop();
    this.#roomId = roomId;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.stop(), IDLE_MS);
    if (Date.now() - this.#last < REPEAT_MS) return;
    this.#last = Date.now();
    this.#tell("typing:start", { chatId: roomId });
  }

  stop() {
    if (this.#last) this.#tell("typing:stop", { chatId: this.#roomId });
    this.sent();
  }

  /** Sending ends the mark by itself. */
  sent() {
    clearTimeout(this.#idle);
    this.#last = 0;
  }
}
