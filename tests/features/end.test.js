// How sockets end, and what the others hear of it; how the server ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../clients/lib/process.js';
import { ask, beside, hears, serve } from './lib/client.js';

const house = serve();
const { join } = house;

/** What another client hears when `leave` makes a socket leave. */
async function farewell(leave) {
  const [witness, socket] = [await join(), await join()];
  await ask(socket, 'join', ['last']);
  const { id } = socket;
  await leave(socket);
  const [left, leaving, rooms] = await hears(witness, 'leaving');
  assert.deepEqual(left, id);
  assert.deepEqual(await hears(witness, 'left'), [id, leaving]);
  witness.close();
  return { reason: leaving, rooms, id, socket };
}

test('a client that leaves: its rooms are seen before it is out of them', async () => {
  const { reason, rooms, id } = await farewell((socket) => socket.disconnect());
  assert.equal(reason, 'client namespace disconnect');
  assert.deepEqual(rooms, [id, 'last'].toSorted());
});

test('a client whose connection closes', async () => {
  const { reason } = await farewell((socket) => socket.io.engine.close());
  assert.equal(reason, 'transport close');
});

test('a client that the server disconnects from the namespace', async () => {
  let other;
  const { reason, socket } = await farewell(async (one) => {
    other = await beside(one, '/room-1');
    one.emit('disconnect me', false);
  });
  assert.equal(reason, 'server namespace disconnect');
  assert.equal(socket.reason, 'io server disconnect');
  assert.equal(await ask(other, 'where'), '/room-1');
});

test('a client whose connection the server closes', async () => {
  const { reason, socket } = await farewell((one) => one.emit('disconnect me', true));
  assert.equal(reason, 'server namespace disconnect');
  await until('the connection is closed', () => socket.io.engine.readyState === 'closed');
});

test('a server that shuts down closes connections, so that clients would reconnect', async () => {
  const sockets = await Promise.all(['websocket', 'polling'].map((transport) => join('/', { transports: [transport] })));
  // A third one has stopped reading with half a megabyte on its way to it.
  const stuck = await join();
  await ask(stuck, 'join', ['stuck']);
  const { ws } = stuck.io.engine.transport;
  ws._socket.pause();
  for (let n = 0; n < 8; n += 1) assert.equal(await ask(sockets[0], 'tell', { to: ['stuck'] }, 'x'.repeat(100_000)), 1);
  const begun = Date.now();
  sockets[0].emit('shut down');
  await until('all heard', () => sockets.every((socket) => socket.reason));
  assert.deepEqual(sockets.map((socket) => socket.reason), ['transport close', 'transport close']);
  await house.server.exited;
  assert.equal(house.server.child.exitCode, 0);
  const took = Date.now() - begun;
  assert.ok(took < 10_000, `${took} ms`);
  // It was waited for, as long as a shutdown waits, and is not why the others heard late.
  assert.ok(took > 2500, `${took} ms: who reads nothing was in nobody's way`);
  const ends = house.server.log.match(/end: server shutting down/g) ?? [];
  assert.equal(ends.length, 3, house.server.log);
});
