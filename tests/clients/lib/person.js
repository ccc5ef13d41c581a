// Somebody with a stock client, who remembers everything they hear.
import { once } from 'node:events';
import { ask, connected, open } from './stock.js';

export class Person {
  constructor(name) {
    Object.assign(this, { name, heard: [] });
  }

  /** Connects by WebSocket, with whatever says who it is. */
  async connect(client, url, options = {}) {
    this.socket = open(client, url, ['websocket'], options);
    this.socket.onAny((event, data) => this.heard.push([event, data]));
    await connected(this.socket);
    return this;
  }

  ask(event, ...args) {
    return ask(this.socket, event, ...args);
  }

  /** Everything heard since the last time. What others were told before this was asked for has arrived: answers keep the order. */
  async hears() {
    if (this.socket?.connected) await this.ask('an event that nobody knows');
    return this.heard.splice(0);
  }

  /** Its machine loses power: the connection ends without a word of either protocol. */
  async crash() {
    const gone = once(this.socket.io.engine.transport.ws, 'close');
    this.socket.io.reconnection(false);
    this.socket.io.engine.transport.ws.terminate();
    await gone;
  }

  close() {
    this.socket?.close();
  }
}
