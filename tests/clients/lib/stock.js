// The stock clients, as npm publishes them.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { io as newest } from 'socket.io-client';
import { io as older } from 'socket.io-client-4-5-4';
import { until } from './process.js';

const require = createRequire(import.meta.url);

export const CLIENTS = [
  { io: newest, version: require('socket.io-client/package.json').version },
  { io: older, version: require('socket.io-client-4-5-4/package.json').version },
];

export const MODES = {
  'polling only': ['polling'],
  'WebSocket only': ['websocket'],
  'polling with upgrade': ['polling', 'websocket'],
};

/** A client of its own connection that does not reconnect, unless `options` say so. */
export function open(client, url, transports, options = {}) {
  return client.io(url, { transports, forceNew: true, reconnection: false, ...options });
}

/** Waits for CONNECT. */
export async function connected(socket, ms) {
  let refused;
  socket.on('connect_error', (error) => { refused = error; });
  await until('the socket is connected', () => {
    if (refused) throw refused;
    return socket.connected;
  }, ms);
  return socket;
}

/** Options of a client that comes back by itself, and soon. */
export const RETURNS = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };

/** A client over each transport, connected, that comes back by itself. */
export async function returning(url) {
  const reasons = [];
  const sockets = Object.values(MODES).map((transports) => open(CLIENTS[0], url, transports, RETURNS));
  for (const socket of sockets) {
    socket.on('disconnect', (reason) => reasons.push(reason));
    await connected(socket);
  }
  /** All have left, and will be back. */
  const left = async () => {
    await until('all are disconnected', () => reasons.length === sockets.length);
    for (const reason of reasons) assert.match(reason, /^transport (close|error)$/, 'not by the namespace: a client would stay away');
  };
  const back = () => until('all are back', () => sockets.every((socket) => socket.connected));
  const close = () => sockets.forEach((socket) => socket.close());
  return { sockets, left, back, close };
}

/** The transport that carries the client's packets now. */
export const transport = (socket) => socket.io.engine.transport.name;

/** Counts the events that leave by each transport, as handed to the transport itself. */
export function countSent(socket) {
  const sent = { polling: 0, websocket: 0 };
  const watch = (carrier) => {
    const send = carrier.send.bind(carrier);
    carrier.send = (packets) => {
      for (const { type, data } of packets) {
        if (type === 'message' && typeof data === 'string' && /^[25]/.test(data)) sent[carrier.name] += 1;
      }
      return send(packets);
    };
  };
  watch(socket.io.engine.transport);
  socket.io.engine.on('upgrading', watch);
  return sent;
}

/** Emits with an ack and a deadline. The timers of older clients outlive a lost connection, and would keep the process. */
export function ask(socket, event, ...args) {
  return new Promise((answer, fail) => {
    const settle = (how, value) => {
      clearTimeout(timer);
      socket.off('disconnect', lost);
      how(value);
    };
    const lost = (reason) => settle(fail, new Error(`${reason} before the ack for ${event}`));
    const timer = setTimeout(() => settle(fail, new Error(`no ack for ${event}`)), 60_000);
    socket.on('disconnect', lost);
    socket.emit(event, ...args, (reply) => settle(answer, reply));
  });
}
