// The messages on their way, drawn below those that have arrived.

import { arrange, element } from "./element.js";

export class Pending {
  #list;
  #outbox;
  #drawn = new Map(); // clientMsgId -> element

  constructor(list, outbox) {
    this.#list = list;
    this.#outbox = outbox;
  }

  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  draw(roomId) {
    const entries = roomId ? this.#outbox.in(roomId) : [];
    const drawn = entries.map((entry) => this.#draw(entry));
    arrange(this.#list, drawn);
    const ids = new Set(entries.map((entry) => entry.clientMsgId));
    for (const id of this.#drawn.keys()) if (!ids.has(id)) this.#drawn.delete(id);
  }

  #draw(entry) {
    const { clientMsgId, text, failed } = entry;
    const state = failed ? "failed" : "pending";
    const known = this.#drawn.get(clientMsgId);
    if (known?.classList.contains(state)) return known;
    const drawn = element("div", `message mine ${state}`);
    const bubble = element("div", "bubble");
    const body = element("span", "text", text);
    body.dir = "auto";
    bubble.append(body, element("span", "meta", failed ? "" : "sending"));
    drawn.append(bubble);
    if (failed) drawn.append(this.#note(clientMsgId, failed));
    known?.replaceWith(drawn);
    this.#drawn.set(clientMsgId, drawn);
    return drawn;
  }

  #note(clientMsgId, failed) {
    const note = element("p", "not-sent");
    note.setAttribute("role", "alert");
    const again = element("button", "quiet", "Try again");
    const discard = element("button", "quiet", "Discard");
    again.type = discard.type = "button";
    again.addEventListener("click", () => this.#outbox.retry(clientMsgId));
    discard.addEventListener("click", () => this.#outbox.discard(clientMsgId));
    note.append(element("span", "", `Not sent. ${failed}`), again, discard);
    return note;
  }
}
