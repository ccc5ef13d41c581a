// The message field: grows with the text, sends with Enter, sends one message after the other.

import { messageId } from "./identity.js";

const MAX_BYTES = 16 * 1024;
const WARN_BYTES = MAX_BYTES - 1024;

export class Composer {
  #form;
  #text;
  #note;
  #button;
  #send;
  #drafts = new Map();
  #roomId = null;
  // Messages leave in the order they were written, each after the answer to the one before.
  #queue = Promise.resolve();

  /** `send({roomId, text, clientMsgId})` sends and settles one message. */
  constructor(form, send) {
    this.#form = form;
    this.#text = form.querySelector("textarea");
    this.#note = form.querySelector(".hint");
    this.#button = form.querySelector("button");
    this.#send = send;
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    this.#text.addEventListener("input", () => this.#onInput());
    this.#text.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Each room keeps what was written and not sent. */
  moveTo(roomId) {
    if (this.#roomId) this.#drafts.set(this.#roomId, this.#text.value);
    this.#roomId = roomId;
    this.#text.value = this.#drafts.get(roomId) ?? "";
    this.#text.disabled = false;
    this.#onInput();
  }

  focus() {
    this.#text.focus();
  }

  enqueue(message) {
    this.#queue = this.#queue.then(() => this.#send(message)).catch(() => {});
  }

  #onKey(event) {
    // While an input method is composing, Enter chooses a candidate.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#text.value.trim();
    if (!text || !this.#roomId || this.#bytes() > MAX_BYTES) return;
    this.#text.value = "";
    this.#onInput();
    this.enqueue({ roomId: this.#roomId, text, clientMsgId: messageId(), isNew: true });
  }

  #bytes() {
    return new TextEncoder().encode(this.#text.value).length;
  }

  #onInput() {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
    const bytes = this.#bytes();
    this.#button.disabled = !this.#text.value.trim() || bytes > MAX_BYTES;
    if (bytes > MAX_BYTES) this.#note.textContent = "This is too long to send.";
    else if (bytes > WARN_BYTES) this.#note.textContent = `Room for about ${MAX_BYTES - bytes} more characters.`;
    else this.#note.textContent = "";
  }
}
