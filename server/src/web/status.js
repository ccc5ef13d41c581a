// How things stand: the connection, what the open room shows in place of messages, and what went wrong.

import { showShortcuts } from "./dialogs.js";
import { byId } from "./element.js";
import { asSentence, closedDoor } from "./words.js";

const WORDS = {
  connecting: "Connecting",
  connected: "Connected",
  waiting: "Reconnecting",
  refused: "Refused",
  closed: "Disconnected",
};

export class Status {
  #isLost = false;
  #isReady = false;
  #wasIn = false;
  #refused = null;

  constructor(socket) {
    byId("reconnect").addEventListener("click", () => (socket.state === "closed" ? socket.connect() : socket.hurry()));
    byId("dismiss").addEventListener("click", () => this.notice());
    byId("shortcuts").addEventListener("click", showShortcuts);
  }

  on({ retry, earlier, toEnd }) {
    byId("retry").addEventListener("click", retry);
    byId("earlier").addEventListener("click", earlier);
    byId("to-end").addEventListener("click", toEnd);
  }

  help() {
    showShortcuts();
  }

  connection(state) {
    const line = byId("connection");
    line.dataset.state = state;
    line.firstElementChild.textContent = WORDS[state];
    // A first connection takes a moment; only one that was lost is worth a banner, until it is back.
    if (state !== "connecting") this.#isLost = state === "waiting" || state === "closed";
    if (state === "connected") [this.#wasIn, this.#refused] = [true, null];
    byId("offline").hidden = !this.#isLost;
    byId("offline-text").textContent =
      state === "closed" ? "The server has ended this connection." : closedDoor(this.#refused, this.#wasIn);
  }

  /** Why the server does not let us in, as far as it says. */
  door(refused) {
    this.#refused = refused;
    byId("offline-text").textContent = closedDoor(refused, this.#wasIn);
  }

  refused(detail) {
    this.notice(`The server refuses the connection: ${detail?.message ?? "no reason given"}`);
  }

  notice(text) {
    byId("notice").hidden = !text;
    byId("notice-text").textContent = text ? asSentence(text) : "";
  }

  problem(problem) {
    this.notice(problem.message);
  }

  /** "none" is open, or it is "loading", "ready" or "failed". */
  room(name, detail) {
    this.#isReady = name === "ready";
    byId("welcome").hidden = name !== "none";
    byId("loading").hidden = name !== "loading";
    byId("failed").hidden = name !== "failed";
    byId("failed-text").textContent = detail ?? "";
    byId("log").setAttribute("aria-busy", String(name === "loading"));
    if (name === "ready") return;
    for (const id of ["empty", "begin", "earlier", "to-end"]) byId(id).hidden = true;
  }

  isEmpty(isEmpty) {
    byId("empty").hidden = !(isEmpty && this.#isReady);
  }

  /** What is above and below the messages; `keep(work)` holds the view still while that changes its height. */
  edges({ earlier, busy, atEnd, below }, keep) {
    if (!this.#isReady) return;
    byId("earlier").classList.toggle("busy", busy);
    const begin = !earlier && byId("empty").hidden;
    if (byId("earlier").hidden === earlier || byId("begin").hidden === begin) {
      keep(() => {
        byId("earlier").hidden = !earlier;
        byId("begin").hidden = !begin;
      });
    }
    byId("to-end").hidden = atEnd;
    byId("to-end-text").textContent = below ? `${below} new ${below === 1 ? "message" : "messages"}` : "Newest";
  }
}
