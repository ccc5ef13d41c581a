// A small Socket.IO client: one WebSocket, Engine.IO 4 and Socket.IO 5, text events only, namespace "/".
// It keeps trying: after a lost connection it waits a little longer each time and connects again.

import { whyRefused } from "./handshake.js";

const ENGINE = { open: "0", close: "1", ping: "2", pong: "3", message: "4" };
const PACKET = { connect: "0", disconnect: "1", event: "2", ack: "3", connectError: "4" };

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
// A server that accepts the TCP connection and then says nothing must not hold us for ever.
const HANDSHAKE_MS = 10_000;
const ACK_MS = 10_000;
// Connections that lived this long count as good: the next loss starts again with the short delay.
const GOOD_AFTER_MS = 5_000;

/** States: "connecting", "connected", "waiting" (for the next try), "refused" and "closed" (no further tries). */
export class Socket {
  #url;
  #auth;
  #handlers = new Map();
  #acks = new Map();
  #nextAck = 0;
  #webSocket = null;
  #state = "closed";
  #attempt = 0;
  #retryTimer = 0;
  #watchTimer = 0;
  #watchMs = HANDSHAKE_MS;
  #goodTimer = 0;
  #isOpen = false; // the server has greeted this WebSocket

  /** `auth()` says with each connection who one is. */
  constructor(url, auth) {
    this.#url = url;
    this.#auth = auth;
    // Coming back to the tab or to the network is the moment to try at once.
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  get state() {
    return this.#state;
  }

  /**
   * `name` is an event of the server's, or "state", which hears every change of state, or "door", which hears why
   * the server does not let us in: `{status, message}`, or null when it does not say.
   */
  on(name, handler) {
    const handlers = this.#handlers.get(name) ?? [];
    this.#handlers.set(name, [...handlers, handler]);
    return this;
  }

  connect() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#change("connecting");
    const webSocket = new WebSocket(this.#url);
    this.#webSocket = webSocket;
    this.#isOpen = false;
    this.#watchMs = HANDSHAKE_MS;
    this.#watch();
    const mine = (handle) => (event) => webSocket === this.#webSocket && handle(event);
    webSocket.onmessage = mine((event) => this.#onFrame(event.data));
    webSocket.onclose = mine(() => this.#onLost());
  }

  /** Ends the connection and does not come back. */
  close() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.#change("closed");
  }

  /** Sends an event whose answer nobody waits for; without a connection it is not sent at all. */
  tell(name, payload) {
    if (this.#state === "connected") this.request(name, payload).catch(() => {});
  }

  /** Sends an event and resolves with the server's answer; rejects when there is none in time. */
  request(name, ...args) {
    if (this.#state !== "connected") return Promise.reject(new Error("not connected"));
    const id = this.#nextAck++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#acks.delete(id);
        reject(new Error(`no answer to ${name}`));
      }, ACK_MS);
      this.#acks.set(id, { resolve, reject, timer });
      this.#send(PACKET.event + id + JSON.stringify([name, ...args]));
    });
  }

  #send(packet) {
    this.#webSocket?.send(ENGINE.message + packet);
  }

  #onFrame(data) {
    // Attachments of binary events: nothing on this page asks for any.
    if (typeof data !== "string") return;
    this.#watch();
    const body = data.slice(1);
    switch (data[0]) {
      case ENGINE.open:
        return this.#onOpen(JSON.parse(body));
      case ENGINE.ping:
        return this.#webSocket.send(ENGINE.pong + body);
      case ENGINE.message:
        return this.#onPacket(body);
      case ENGINE.close:
        return this.#onLost();
    }
  }

  #onOpen(handshake) {
    this.#isOpen = true;
    this.#watchMs = handshake.pingInterval + handshake.pingTimeout;
    this.#watch();
    this.#send(PACKET.connect + JSON.stringify(this.#auth()));
  }

  #onPacket(packet) {
    const [, id, json] = /^(\d*)(.*)$/s.exec(packet.slice(1));
    switch (packet[0]) {
      case PACKET.connect:
        this.#goodTimer = setTimeout(() => (this.#attempt = 0), GOOD_AFTER_MS);
        return this.#change("connected", JSON.parse(json));
      case PACKET.event:
        return this.#emit(...JSON.parse(json));
      case PACKET.ack:
        return this.#onAck(Number(id), JSON.parse(json));
      case PACKET.connectError:
        this.#drop();
        return this.#change("refused", JSON.parse(json));
      case PACKET.disconnect:
        this.#drop();
        return this.#change("closed");
    }
  }

  #onAck(id, args) {
    const waiting = this.#acks.get(id);
    if (!waiting) return;
    this.#acks.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(args[0]);
  }

  #onLost() {
    this.#drop();
    // Half of the delay is chance, so that the clients of a restarted server do not come back in one instant.
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt++);
    const delay = ceiling / 2 + (Math.random() * ceiling) / 2;
    this.#retryTimer = setTimeout(() => this.connect(), delay);
    this.#change("waiting");
    // A server that is full is asked less and less often.
    if (!this.#isOpen && Number.isInteger(Math.log2(this.#attempt))) this.#askWhy();
  }

  async #askWhy() {
    const attempt = this.#attempt;
    const refused = await whyRefused(this.#url);
    if (attempt === this.#attempt && !this.#isOpen) this.#emit("door", refused);
  }

  /** Tries at once what waits for its next try. */
  hurry() {
    if (this.#state === "waiting") this.connect();
  }

  /** The server pings; when nothing at all came for interval + timeout the connection is dead, whatever TCP says. */
  #watch() {
    clearTimeout(this.#watchTimer);
    this.#watchTimer = setTimeout(() => this.#onLost(), this.#watchMs);
  }

  #drop() {
    clearTimeout(this.#watchTimer);
    clearTimeout(this.#goodTimer);
    const webSocket = this.#webSocket;
    this.#webSocket = null;
    webSocket?.close();
    for (const { reject, timer } of this.#acks.values()) {
      clearTimeout(timer);
      reject(new Error("connection lost"));
    }
    this.#acks.clear();
  }

  #change(state, detail) {
    this.#state = state;
    this.#emit("state", state, detail);
  }

  #emit(name, ...args) {
    for (const handler of this.#handlers.get(name) ?? []) handler(...args);
  }
}

/** The address of the Socket.IO server that this page came from. */
export function sameOriginUrl(location) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}/socket.io/?EIO=4&transport=websocket`;
}
