// What is done with many sockets: answers to a broadcast, join, leave, disconnect, fetch, failures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../clients/lib/process.js';
import { ask, beside, heard, serve } from './lib/client.js';

const { join } = serve();

const ids = (pairs) => pairs.map(([id]) => id).toSorted();

/** Clients in a room, each of which answers with its number. */
async function voters(room, count) {
  const sockets = await Promise.all(Array.from({ length: count }, () => join()));
  await Promise.all(sockets.map((socket) => ask(socket, 'join', [room])));
  sockets.forEach((socket, index) => socket.on('question', (_, answer) => answer(index)));
  return sockets;
}

test('everyone in a room is asked and answers', async () => {
  const sockets = await voters('all answer', 10);
  const told = await ask(sockets[0], 'ask', { to: ['all answer'] }, 5000);
  assert.equal(told.recipients, 10);
  assert.deepEqual(told.missing, []);
  const byId = Object.fromEntries(told.answers);
  sockets.forEach((socket, index) => assert.equal(byId[socket.id], index));
});

test('who does not answer is told, and late answers are ignored', async () => {
  const [asking, silent, late, gone] = await voters('some answer', 4);
  let answerLate;
  silent.off('question');
  late.off('question').on('question', (_, answer) => { answerLate = answer; });
  gone.off('question').on('question', () => gone.close());
  const told = await ask(asking, 'ask', { to: ['some answer'] }, 300);
  assert.deepEqual(ids(told.answers), [asking.id]);
  const missing = Object.fromEntries(told.missing);
  assert.equal(missing[silent.id], 'operation has timed out');
  assert.equal(missing[late.id], 'operation has timed out');
  assert.equal(told.missing.length, 3);
  answerLate('too late');
  assert.deepEqual(await heard(late, 'none'), []);
});

test('a disconnect ends a wait before its deadline', async () => {
  const [asking, gone] = await voters('one leaves', 2);
  gone.off('question').on('question', () => gone.close());
  const told = await ask(asking, 'ask', { to: ['one leaves'] }, 9000);
  assert.equal(told.missing[0][1], 'disconnected before the answer');
});

test('asking nobody is a success at once', async () => {
  const socket = await join();
  const told = await ask(socket, 'ask', { to: ['nobody here'] }, 9000);
  assert.deepEqual(told, { recipients: 0, answers: [], missing: [] });
});

test('many join and leave rooms', async () => {
  const [a, b] = await voters('movers', 2);
  await ask(a, 'all join', { to: ['movers'] }, ['x', 'y']);
  await ask(a, 'all leave', { to: [b.id] }, ['y']);
  assert.equal(await ask(a, 'tell', { to: ['x'] }, 1), 2);
  assert.equal(await ask(a, 'tell', { to: ['y'] }, 2), 1);
});

test('many are disconnected from the namespace and keep their connection', async () => {
  const [a, b] = await voters('out', 2);
  const other = await beside(b, '/room-1');
  await ask(a, 'all out', { to: [b.id] }, false);
  await until('it hears so', () => b.reason);
  assert.equal(b.reason, 'io server disconnect');
  assert.equal(await ask(other, 'where'), '/room-1');
});

test('many are disconnected with their connection', async () => {
  const [a, b] = await voters('closed', 2);
  const other = await beside(b, '/room-1');
  await ask(a, 'all out', { to: [b.id] }, true);
  await until('the connection is closed', () => !b.connected && !other.connected && b.io.engine.readyState === 'closed');
});

test('sockets are fetched with handshake, rooms and data', async () => {
  const asking = await join();
  const socket = await join('/', { auth: { who: 'Ada' }, query: { k: 'v' }, extraHeaders: { 'x-test': 'yes' } });
  await ask(socket, 'join', ['fetched']);
  await ask(socket, 'call me', 'Ada');
  assert.equal(await ask(socket, 'my name'), 'Ada');
  const [fetched, ...more] = await ask(asking, 'fetch', { to: ['fetched'] });
  assert.deepEqual(more, []);
  assert.deepEqual([fetched.id, fetched.name, fetched.rooms], [socket.id, 'Ada', [socket.id, 'fetched']]);
  const { handshake } = fetched;
  assert.deepEqual(handshake, await ask(socket, 'handshake'));
  assert.deepEqual([handshake.auth, handshake.query.k, handshake.headers['x-test']], [{ who: 'Ada' }, 'v', 'yes']);
  assert.deepEqual([handshake.address, handshake.secure, handshake.xdomain], ['127.0.0.1', false, false]);
  assert.ok(Math.abs(Date.parse(handshake.time) - handshake.issued) < 1000);
  assert.ok(handshake.url.startsWith('/socket.io/?'));
});

test('who does not get a broadcast is told by socket', async () => {
  const [asking, victim] = await voters('failing', 2);
  const { id } = victim;
  await ask(asking, 'fail to tell', id);
  assert.deepEqual(await heard(asking, 'told'), [['who is left']]);
  assert.ok((await ask(asking, 'log')).includes(`failed ${id} disconnected`));
});
