// The messages on their way, drawn below those that have arrived.

import { arrange, byId, element } from "./element.js";

export class Pending {
  #list;
  #outbox;
  #rewrite;
  #drawn = new Map(); // clientMsgId -> element

  /** `rewrite(entry)` puts the words of a message back into the field. */
  constructor(list, outbox, rewrite) {
    this.#list = list;
    this.#outbox = outbox;
    this.#rewrite = rewrite;
  }

  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  draw(roomId) {
    const entries = roomId ? this.#outbox.in(roomId) : [];
    const drawn = entries.map((entry) => this.#draw(entry));
    arrange(this.#list, drawn);
    const waits = entries.some(({ failed }) => !failed);
    byId("pace").textContent = waits ? (this.#outbox.pace ?? "") : "";
    const word = this.#outbox.isMoving ? "sending" : "waiting";
    for (const meta of this.#list.querySelectorAll(".pending .meta")) meta.textContent = word;
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
    bubble.append(element("span", "text", text), element("span", "meta"));
    drawn.append(bubble);
    if (failed) drawn.append(this.#note(entry));
    known?.replaceWith(drawn);
    this.#drawn.set(clientMsgId, drawn);
    return drawn;
  }

  #note(entry) {
    const { clientMsgId, failed, isTooLong } = entry;
    const note = element("p", "not-sent");
    note.setAttribute("role", "alert");
    // What is too long stays so until somebody shortens it.
    const again = element("button", "quiet", isTooLong ? "Shorten it" : "Try again");
    const discard = element("button", "quiet", "Discard");
    again.type = discard.type = "button";
    again.addEventListener("click", () => (isTooLong ? this.#rewrite(entry) : this.#outbox.retry(clientMsgId)));
    discard.addEventListener("click", () => this.#outbox.discard(clientMsgId));
    const choices = element("span", "choices");
    choices.append(again, discard);
    note.append(element("span", "", failed), choices);
    return note;
  }
}
