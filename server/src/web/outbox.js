// Messages on their way: sent one after the other, in the order they were written, until the server has each.
// Every one has an id of its own, so that sending it again, also after a reload, never doubles it.

import { fromSocket, messageId } from "./message.js";
import { read, write } from "./identity.js";
import { pace, refusal } from "./words.js";

const KEY = "roomcast.outbox.";
const AGAIN_MS = 1_000;
const MAYBE_SENT = "This may have been sent already, under your old name.";
// Clocks of server and browser may differ by as much.
const CLOCKS_MS = 60_000;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Outbox {
  #socket;
  #tell;
  #key = null;
  #entries = []; // {clientMsgId, roomId, text, at, failed: null or sentences, isTooLong, tried: it may be stored}
  #held = []; // messages of one's own that came over the socket and may be one of the entries
  #isPumping = false;
  #pace = null;

  /** `tell.changed()` when the entries changed; `tell.stored(message)` when the server has one. */
  constructor(socket, tell) {
    this.#socket = socket;
    this.#tell = tell;
  }

  /**
   * What this person had not sent yet when the page went away. `pastIds` is whom they were before: what waited then
   * goes with them to their new name. What may be stored already does so only when they say so: the server knows a
   * message again by its sender (`isRenamed`: and it still knows who they were), and would store it twice.
   */
  readAs(userId, pastIds, isRenamed) {
    const before = this.#key;
    if (before === KEY + userId) return;
    const waiting = pastIds.some((id) => before === KEY + id) ? this.#entries : [];
    const carried = isRenamed ? waiting.map(asked) : waiting;
    if (carried.length) write(sessionStorage, before, []);
    this.#key = KEY + userId;
    const kept = read(sessionStorage, this.#key);
    // Whether they were on their way then is not known.
    this.#entries = [...(Array.isArray(kept) ? kept.map((entry) => ({ ...entry, tried: true })) : []), ...carried];
    this.#changed();
    this.#release();
  }

  /** Why the server makes messages wait, in a sentence; null when it does not. */
  get pace() {
    return this.#pace;
  }

  /** Whether messages are on their way: there is a connection, and the server takes them. */
  get isMoving() {
    return this.#socket.state === "connected" && !this.#pace;
  }

  in(roomId) {
    return this.#entries.filter((entry) => entry.roomId === roomId);
  }

  add(roomId, text) {
    this.#entries.push({ clientMsgId: messageId(), roomId, text, at: new Date().toISOString(), failed: null, tried: false });
    this.#changed();
    this.resume();
  }

  retry(clientMsgId) {
    const entry = this.#entries.find((one) => one.clientMsgId === clientMsgId);
    if (!entry) return;
    entry.failed = null;
    this.#changed();
    this.resume();
  }

  discard(clientMsgId) {
    this.#entries = this.#entries.filter((entry) => entry.clientMsgId !== clientMsgId);
    this.#changed();
  }

  /**
   * Whether a message that came over the socket is taken care of here: it may be the one whose answer is still on its
   * way, and must not be shown beside it.
   */
  holds(message) {
    const mine = this.#entries.some((entry) => entry.tried && !entry.failed && isSame(entry, message));
    if (mine && !this.#held.some((other) => other.id === message.id)) this.#held.push(message);
    return mine;
  }

  /** Sends what waits, as long as there is a connection. */
  async resume() {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let entry; (entry = this.#next()); ) await this.#send(entry);
    } finally {
      this.#isPumping = false;
      this.#setPace(null);
    }
  }

  #next() {
    if (this.#socket.state !== "connected") return undefined;
    return this.#entries.find((entry) => !entry.failed);
  }

  async #send(entry) {
    const { clientMsgId, roomId, text, tried: wasTried } = entry;
    entry.tried = true;
    let answer;
    try {
      answer = await this.#socket.request("message:send", { chatId: roomId, content: text, client_msg_id: clientMsgId });
    } catch {
      // Whether it arrived is not known; the same again is answered the same.
      return wait(this.#socket.state === "connected" ? AGAIN_MS : 0);
    }
    if (answer.ok) return this.#settle(entry, fromSocket(answer));
    // It was not stored, unless an earlier try was whose answer got lost.
    entry.tried = wasTried;
    // Not now: this one and those behind it wait their turn.
    const words = pace(answer.error);
    if (words) {
      this.#setPace(words);
      return wait(answer.error.retry_after_ms ?? AGAIN_MS);
    }
    entry.failed = `Not sent. ${refusal(answer.error)}`;
    entry.isTooLong = answer.error.code === "too_large";
    this.#changed();
    this.#release();
  }

  #settle(entry, message) {
    this.#held = this.#held.filter((other) => other.id !== message.id);
    this.discard(entry.clientMsgId);
    this.#tell.stored(message);
    this.#release();
  }

  /** What nothing waits for any more is shown as any other message. */
  #release() {
    const open = this.#entries.filter((entry) => entry.tried && !entry.failed);
    const free = this.#held.filter((message) => !open.some((entry) => isSame(entry, message)));
    this.#held = this.#held.filter((message) => !free.includes(message));
    for (const message of free) this.#tell.stored(message);
  }

  /** Stands until nothing waits any more: who was too fast once has the next one refused as well. */
  #setPace(words) {
    if (this.#pace === words) return;
    this.#pace = words;
    this.#tell.changed();
  }

  #changed() {
    write(sessionStorage, this.#key, this.#entries);
    this.#tell.changed();
  }
}

/** As it goes to a new name: what may be stored under the old one waits to be asked for. */
const asked = (entry) => (entry.tried ? { ...entry, tried: false, failed: entry.failed ?? MAYBE_SENT } : entry);

/** Whether a message may be that entry: not one with the same words from long before. */
function isSame(entry, message) {
  if (entry.roomId !== message.roomId || entry.text !== message.text) return false;
  return Date.parse(message.at) > Date.parse(entry.at) - CLOCKS_MS;
}
