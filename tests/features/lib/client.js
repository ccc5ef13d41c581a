// Newest stock clients of one server, which does on request whatever its crate can do (`socketio/examples/features`).
import { after, before } from 'node:test';
import { startExample, until } from '../../clients/lib/process.js';
import { CLIENTS, connected, open } from '../../clients/lib/stock.js';

const [newest] = CLIENTS;
export { newest };

/** The server of a test file, and clients of it that are closed after the file. */
export function serve(example = 'features') {
  const house = { sockets: [] };
  before(async () => { house.server = await startExample(example); });
  after(() => {
    house.sockets.forEach((socket) => socket.close());
    return house.server?.stop();
  });
  /** A client that may never be let in. */
  house.open = (namespace = '/', options = {}) => {
    const socket = open(newest, `${house.server.url}${namespace}`, options.transports ?? ['websocket'], options);
    house.sockets.push(socket);
    socket.heard = [];
    socket.onAny((event, ...args) => socket.heard.push([event, ...args.filter((arg) => typeof arg !== 'function')]));
    socket.on('disconnect', (reason) => { socket.reason = reason; });
    return socket;
  };
  house.join = (namespace, options) => connected(house.open(namespace, options));
  return house;
}

/** Another namespace on a client's connection. */
export const beside = (socket, namespace) => connected(socket.io.socket(namespace));

/** Emits and waits for the ack. */
export const ask = (socket, ...args) => socket.timeout(10_000).emitWithAck(...args);

/** Waits until the client heard an event, and answers its arguments. */
export async function hears(socket, event) {
  const find = () => socket.heard.find(([name]) => name === event);
  await until(() => `${event} is heard, only ${JSON.stringify(socket.heard)}`, find);
  return find().slice(1);
}

/** What the client heard of an event up to now: whatever was sent before this answer is there by then. */
export async function heard(socket, event) {
  await ask(socket, 'echo');
  return socket.heard.filter(([name]) => name === event).map(([, ...args]) => args);
}

/** Waits for the refusal of a client. */
export const refused = (socket) => new Promise((done) => socket.once('connect_error', done));
