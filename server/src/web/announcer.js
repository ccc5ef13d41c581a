// What a screen reader says without being asked: new messages, and little else.

import { element } from "./element.js";

const KEPT = 5;
const MOST = 300;

export class Announcer {
  #region;

  constructor(region) {
    this.#region = region;
  }

  say(text) {
    const words = text.length > MOST ? `${text.slice(0, MOST)} …` : text;
    this.#region.append(element("p", "", words));
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild.remove();
  }
}
