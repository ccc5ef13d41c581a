// Rooms and broadcasts: who gets what, once each.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, heard, serve } from './lib/client.js';

const { join } = serve();

/** So many clients, each told apart by what it heard. */
const several = (count) => Promise.all(Array.from({ length: count }, () => join()));

/** Who of these heard a text. */
async function whoHeard(sockets, text) {
  const all = await Promise.all(sockets.map((socket) => heard(socket, 'told')));
  return all.flatMap((told, index) => told.filter(([what]) => what === text).map(() => index));
}

test('to, except, broadcast, the own id: each gets it once', async () => {
  const all = await several(4);
  const [a, b, c] = all;
  await ask(a, 'join', ['one', 'two']);
  await ask(b, 'join', ['one']);
  await ask(c, 'join', ['two']);
  const cases = [
    ['union', { to: ['one', 'two', 'one'] }, [0, 1, 2]],
    ['except a room', { to: ['one', 'two'], except: ['two'] }, [1]],
    ['everyone but a room', { except: ['two'] }, [1, 3]],
    ['everyone but an id', { except: [b.id] }, [0, 2, 3]],
    ['one by id', { to: [c.id] }, [2]],
    ['one by id and by room', { to: [c.id, 'two'] }, [0, 2]],
    ['not the sender', { to: ['one', 'two'], broadcast: true }, [1, 2]],
    ['all but the sender', { broadcast: true }, [1, 2, 3]],
    ['nobody', { to: ['empty'] }, []],
    ['the sender alone', { to: [a.id], broadcast: true }, []],
    ['this process', { to: ['one'], local: true }, [0, 1]],
    ['compressed', { to: ['one'], compress: true }, [0, 1]],
  ];
  for (const [text, target, who] of cases) {
    assert.equal(await ask(a, 'tell', target, text), who.length, text);
    assert.deepEqual(await whoHeard(all, text), who, text);
  }
  all.forEach((socket) => socket.close());
});

test('a socket joins and leaves rooms and is in that of its own id', async () => {
  const socket = await join();
  const own = (...rooms) => [socket.id, ...rooms].toSorted();
  assert.deepEqual(await ask(socket, 'join', ['a', 'b', 'a']), own('a', 'b'));
  assert.deepEqual(await ask(socket, 'leave', 'a'), own('b'));
  assert.deepEqual(await ask(socket, 'leave', socket.id), own('b'));
});

test('send reaches a room as the event message', async () => {
  const [a, b] = await several(2);
  await ask(b, 'join', ['send']);
  assert.equal(await ask(a, 'send', { to: ['send'] }, 'hi'), 1);
  assert.deepEqual(await heard(b, 'message'), [['hi']]);
});

test('a volatile broadcast reaches those who can take it', async () => {
  const [a, b] = await several(2);
  await ask(b, 'join', ['volatile']);
  const count = await ask(a, 'tell volatile', 'volatile', 1000);
  assert.ok(count >= 1 && count < 1000, `${count} taken`);
  assert.equal((await heard(b, 'told')).length, count);
  assert.equal((await heard(a, 'told')).length, 0);
});

test('members of a room hear concurrent broadcasts in one order', async () => {
  const all = await several(5);
  await Promise.all(all.map((socket) => ask(socket, 'join', ['order'])));
  const tell = (socket, who) => Array.from({ length: 100 }, (_, n) => ask(socket, 'tell', { to: ['order'] }, [who, n]));
  await Promise.all(all.flatMap(tell));
  const orders = await Promise.all(all.map((socket) => heard(socket, 'told')));
  assert.equal(orders[0].length, 500);
  for (const order of orders) assert.deepEqual(order, orders[0]);
});
