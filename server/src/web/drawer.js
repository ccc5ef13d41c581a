// Where the people of the open room are shown: beside the messages, or over them where there is no room beside.

import { byId } from "./element.js";

const wide = matchMedia("(min-width: 1180px)");

export class Drawer {
  #panel = byId("details");
  #behind = [document.querySelector(".skip"), document.querySelector("main")];

  constructor() {
    byId("toggle-details").addEventListener("click", () => this.#toggle());
    byId("close-details").addEventListener("click", () => this.#close());
    byId("shade").addEventListener("click", () => this.#close());
    // What stood beside the messages does not jump over them when the window gets narrow.
    wide.addEventListener("change", () => this.#show(this.#isOpen && wide.matches));
    this.#show(wide.matches);
  }

  /** Takes the people away from over the messages. False when they were not there. */
  uncover() {
    if (!this.#isOpen || wide.matches) return false;
    this.#close();
    return true;
  }

  get #isOpen() {
    return document.body.dataset.details === "open";
  }

  #toggle() {
    if (this.#isOpen) return this.#close();
    this.#show(true);
    if (!wide.matches) byId("close-details").focus();
  }

  #close() {
    this.#show(false);
    byId("toggle-details").focus();
  }

  /** Over the messages it is a dialog: what is behind it can be neither reached, nor scrolled, nor read aloud. */
  #show(isOpen) {
    const isOver = isOpen && !wide.matches;
    document.body.dataset.details = isOpen ? "open" : "closed";
    byId("toggle-details").setAttribute("aria-expanded", String(isOpen));
    this.#panel.setAttribute("role", isOver ? "dialog" : "complementary");
    this.#panel.ariaModal = isOver ? "true" : null;
    for (const part of this.#behind) part.inert = isOver;
  }
}
