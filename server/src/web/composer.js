// The message field: grows with the text, sends with Enter, and edits what was sent.

const MAX_BYTES = 16 * 1024;
const WARN_BYTES = MAX_BYTES - 1024;

const paragraphs = (...texts) => texts.filter(Boolean).join("\n\n");

export class Composer {
  #form;
  #text;
  #note;
  #button;
  #banner;
  #tell;
  #drafts = new Map();
  #roomId = null;
  #edited = null; // the message that is being changed
  #refused = []; // {message, text} of changes that came back while another message was being changed

  /** `tell` has `send(roomId, text)`, `edit(message, text)`, `typing(roomId, writes)` and `editLast()`. */
  constructor(form, tell) {
    this.#form = form;
    this.#text = form.querySelector("textarea");
    this.#note = form.querySelector(".hint");
    this.#button = form.querySelector("[type=submit]");
    this.#banner = form.querySelector(".editing");
    this.#tell = tell;
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    this.#text.addEventListener("input", () => this.#onInput(true));
    this.#text.addEventListener("keydown", (event) => this.#onKey(event));
    this.#banner.querySelector("button").addEventListener("click", () => this.#finishEdit());
  }

  /** Each room keeps what was written and not sent. */
  moveTo(roomId, placeholder) {
    this.#endEdit();
    if (this.#roomId) this.#drafts.set(this.#roomId, this.#text.value);
    for (const { message, text } of this.#refused.splice(0)) this.#keep(message.roomId, text);
    this.#roomId = roomId;
    this.#form.hidden = roomId === null;
    this.#text.placeholder = placeholder ?? "";
    this.#text.value = this.#drafts.get(roomId) ?? "";
    this.#onInput(false);
  }

  focus() {
    this.#text.focus();
  }

  startEdit(message, text = message.text) {
    if (!this.#edited) this.#drafts.set(this.#roomId, this.#text.value);
    this.#edited = message;
    this.#banner.hidden = false;
    this.#text.value = text;
    this.#onInput(false);
    this.#text.focus();
    this.#text.setSelectionRange(text.length, text.length);
  }

  /**
   * A change was refused, and its words are not lost: one goes on with it, after the change that is being made now. In
   * another room it waits as what was not sent there.
   */
  takeBack(message, text) {
    if (message.roomId !== this.#roomId) this.#keep(message.roomId, text);
    else if (this.#edited) this.#refused.push({ message, text });
    else this.startEdit(message, text);
  }

  #keep(roomId, text) {
    this.#drafts.set(roomId, paragraphs(text, this.#drafts.get(roomId)));
  }

  /** Puts a text that could not be sent back into the field, before what is there. */
  rewrite(text) {
    this.#endEdit();
    const refused = this.#refused.splice(0).map((change) => change.text);
    this.#text.value = paragraphs(text, ...refused, this.#text.value);
    this.#onInput(false);
    this.#text.focus();
  }

  /** Goes on with the change that came back meanwhile, if one did. */
  #finishEdit() {
    this.#endEdit();
    const next = this.#refused.shift();
    if (next) this.startEdit(next.message, next.text);
  }

  #endEdit() {
    if (!this.#edited) return;
    this.#edited = null;
    this.#banner.hidden = true;
    this.#text.value = this.#drafts.get(this.#roomId) ?? "";
    this.#onInput(false);
    this.#text.focus();
  }

  #onKey(event) {
    // While an input method is composing, keys choose candidates.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#edited) {
      event.preventDefault();
      event.stopPropagation();
      this.#finishEdit();
    } else if (event.key === "ArrowUp" && !event.altKey && !this.#text.value && !this.#edited) {
      event.preventDefault();
      this.#tell.editLast();
    }
  }

  #submit() {
    const text = this.#text.value.trim();
    if (!text || !this.#roomId || this.#bytes() > MAX_BYTES) return;
    const edited = this.#edited;
    if (edited) {
      this.#finishEdit();
      if (text !== edited.text) this.#tell.edit(edited, text);
      return;
    }
    this.#text.value = "";
    this.#onInput(false);
    this.#tell.send(this.#roomId, text);
  }

  #bytes() {
    return new TextEncoder().encode(this.#text.value).length;
  }

  #onInput(isTyped) {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
    const bytes = this.#bytes();
    const isEmpty = !this.#text.value.trim();
    this.#button.disabled = isEmpty || bytes > MAX_BYTES;
    if (isTyped && !this.#edited) this.#tell.typing(this.#roomId, !isEmpty);
    if (bytes > MAX_BYTES) this.#note.textContent = `This is too long to send, by about ${bytes - MAX_BYTES} characters.`;
    else if (bytes > WARN_BYTES) this.#note.textContent = `Room for about ${MAX_BYTES - bytes} more characters.`;
    else this.#note.textContent = "";
  }
}
