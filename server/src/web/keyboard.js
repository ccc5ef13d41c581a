// The keyboard: walking through messages, and shortcuts for the rest.

const PAGE = 10;

/** Messages as one stop in the tab order: the arrows walk on from there. */
export class Walk {
  #list;
  #actions;

  /** `actions` has `edit(seq)` and `remove(seq)`. */
  constructor(list, actions) {
    this.#list = list;
    this.#actions = actions;
    list.addEventListener("keydown", (event) => this.#onKey(event));
    list.addEventListener("focusin", (event) => this.#enter(event.target.closest("[data-seq]")));
    list.addEventListener("focusout", (event) => this.#leave(event));
  }

  /** The newest message is where one comes in, unless somebody is walking here. */
  settle() {
    const chosen = this.#chosen();
    if (chosen?.contains(document.activeElement)) return;
    this.#choose(this.#messages().at(-1));
  }

  #messages() {
    return [...this.#list.querySelectorAll("[data-seq]")];
  }

  #chosen() {
    return this.#list.querySelector('[data-seq][tabindex="0"]');
  }

  #choose(message) {
    const before = this.#chosen();
    if (!message || message === before) return;
    if (before) before.tabIndex = -1;
    message.tabIndex = 0;
  }

  /** The buttons of a message come after it, once one is there; from elsewhere one comes to the message first. */
  #enter(message) {
    this.#choose(message);
    for (const button of message?.querySelectorAll("button") ?? []) button.tabIndex = 0;
  }

  #leave({ target, relatedTarget }) {
    const message = target.closest("[data-seq]");
    if (!message || message.contains(relatedTarget)) return;
    for (const button of message.querySelectorAll("button")) button.tabIndex = -1;
  }

  #onKey(event) {
    const message = event.target.closest("[data-seq]");
    if (!message || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = this.#messages();
    const at = all.indexOf(message);
    const places = {
      ArrowUp: at - 1,
      ArrowDown: at + 1,
      PageUp: Math.max(0, at - PAGE),
      PageDown: Math.min(all.length - 1, at + PAGE),
      Home: 0,
      End: all.length - 1,
    };
    if (event.key in places) all[places[event.key]]?.focus();
    else if (event.key === "e") this.#actions.edit(Number(message.dataset.seq));
    else if (event.key === "Delete") this.#actions.remove(Number(message.dataset.seq));
    else return;
    event.preventDefault();
  }
}

const isField = (target) => target.matches("input, textarea, select");

/** `keys` maps names of shortcuts to what they do. */
export function listenForShortcuts(keys) {
  addEventListener("keydown", (event) => {
    // A dialog is a question of its own.
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    if (!name || keys[name]?.() === false) return;
    event.preventDefault();
  });
}

function nameOf(event) {
  const { key, altKey, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey && key.toLowerCase() === "k") return "find";
  if (command && key === "/") return "help";
  if (key === "?" && !isField(event.target)) return "help";
  if (key === "Escape") return "escape";
  if (!altKey || command) return null;
  if (key === "ArrowUp") return shiftKey ? "previousUnread" : "previous";
  if (key === "ArrowDown") return shiftKey ? "nextUnread" : "next";
  return null;
}
