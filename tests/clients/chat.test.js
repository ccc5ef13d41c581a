// The `chatty` vocabulary as stock clients see it: joining, leaving, what a room hears, what a connection is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRoomcast, until } from './lib/process.js';
import { call, createRoom, createUser, post } from './lib/rest.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';

let server;
let alice;
before(async () => {
  server = await startRoomcast();
  alice = await createUser(server, 'Alice');
});
after(() => server?.stop());

/** A connected client that keeps what it hears. */
async function listener(client = CLIENTS[0], options = {}) {
  const socket = open(client, options.url ?? server.url, ['websocket'], options);
  const heard = [];
  socket.onAny((event, ...args) => heard.push([event, ...args]));
  await connected(socket);
  return { socket, heard, of: (name) => heard.filter(([event]) => event === name).map(([, payload]) => payload) };
}

const membership = (room, user = alice) => ({ user_id: user.id, chatroom_id: room.id });

/** Waits until everything the server had to say before has arrived. */
const settled = (...listeners) => Promise.all(listeners.map(({ socket }) => ask(socket, 'join', {})));

for (const client of CLIENTS) {
  test(`socket.io-client ${client.version}: join, hear, leave, hear no more`, async () => {
    const room = await createRoom(server);
    const other = await createRoom(server, 'other');
    const bob = await listener(client);
    assert.equal((await ask(bob.socket, 'join', membership(room))).ok, true);
    assert.deepEqual(bob.of('joined'), [{ chatroom_id: room.id }]);

    const reply = await post(server, room, alice, 'first');
    await post(server, other, alice, 'elsewhere');
    const answer = await post(server, room, alice, 'second', { is_reply: true, parent_message_id: reply.id });
    await until('both are heard', () => bob.of('new_message').length >= 2);
    assert.deepEqual(bob.of('new_message'), [reply, answer], 'what is heard is what REST answered');
    assert.deepEqual([reply.seq, reply.is_reply, reply.parent_message_id], [1, false, null]);
    assert.deepEqual([answer.seq, answer.is_reply, answer.parent_message_id], [2, true, reply.id]);
    for (const date of [reply.created_date, reply.last_updated_date]) assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

    assert.equal((await ask(bob.socket, 'leave', membership(room))).ok, true);
    assert.deepEqual(bob.of('left'), [{ chatroom_id: room.id }]);
    await post(server, room, alice, 'after leaving');
    await settled(bob);
    assert.equal(bob.of('new_message').length, 2);
    bob.socket.close();
  });
}

test('joining twice answers twice and is heard once', async () => {
  const room = await createRoom(server);
  const bob = await listener();
  bob.socket.emit('join', membership(room));
  assert.equal((await ask(bob.socket, 'join', membership(room))).ok, true);
  assert.equal(bob.of('joined').length, 2);
  await post(server, room, alice, 'once');
  await until('it is heard', () => bob.of('new_message').length > 0);
  await settled(bob);
  assert.equal(bob.of('new_message').length, 1);
  bob.socket.close();
});

test('events of one burst take effect in order, and so does the disconnect', async () => {
  const room = await createRoom(server);
  const bob = await listener();
  const replies = [];
  for (let turn = 0; turn < 20; turn += 1) {
    for (const event of ['join', 'leave']) {
      bob.socket.emit(event, membership(room), (reply) => replies.push([turn, event, reply.ok]));
    }
  }
  await until('all are answered', () => replies.length === 40);
  assert.deepEqual(replies, Array.from({ length: 40 }, (_, at) => [at >> 1, at % 2 ? 'leave' : 'join', true]));
  assert.deepEqual(bob.heard.map(([event]) => event).filter((event) => event === 'joined' || event === 'left'),
    Array.from({ length: 40 }, (_, at) => (at % 2 ? 'left' : 'joined')));
  bob.socket.emit('join', membership(room));
  bob.socket.disconnect();
  const carol = await listener();
  assert.equal((await ask(carol.socket, 'join', membership(room))).ok, true);
  await post(server, room, alice, 'to carol');
  await until('carol hears', () => carol.of('new_message').length === 1);
  carol.socket.close();
});

test('a connection is told who it is', async () => {
  const bob = await listener();
  await until('connected is heard', () => bob.of('connected').length > 0);
  const [told] = bob.of('connected');
  assert.equal(told.message, 'Connected to Roomcast');
  assert.equal(told.socketId, bob.socket.id);
  assert.equal(told.isLoggedIn, false);
  for (const field of ['username', 'user_id']) assert.equal(typeof told[field], 'string', field);
  assert.equal(bob.heard[0][0], 'connected', 'it is the first thing heard');
  bob.socket.close();
});

test('the namespace /socket.io is the same chat', async () => {
  const room = await createRoom(server);
  const bob = await listener(CLIENTS[0], { url: `${server.url}/socket.io` });
  assert.equal((await ask(bob.socket, 'join', membership(room))).ok, true);
  await post(server, room, alice, 'to the alias');
  await until('it is heard', () => bob.of('new_message').length === 1);
  bob.socket.close();
});

test('another namespace is refused', async () => {
  const socket = open(CLIENTS[0], `${server.url}/nowhere`, ['websocket']);
  const error = await new Promise((done) => socket.on('connect_error', done));
  assert.equal(error.message, 'Invalid namespace');
  socket.close();
});

test('an edit and a deletion are heard', async () => {
  const room = await createRoom(server);
  const bob = await listener();
  await ask(bob.socket, 'join', membership(room));
  const { id } = await post(server, room, alice, 'first');
  const edited = await call(server, 'PATCH', `/messages/${id}`, { message_text: 'better', user_id: alice.id });
  assert.equal(edited.status, 200, JSON.stringify(edited.body));
  const deleted = await call(server, 'DELETE', `/messages/${id}?user_id=${alice.id}`);
  assert.ok([200, 204].includes(deleted.status), JSON.stringify(deleted.body));
  await until('both are heard', () => bob.of('message_deleted').length === 1);
  assert.equal(bob.of('message_updated')[0].message_text, 'better');
  assert.equal(bob.of('message_deleted')[0].id, id);
  bob.socket.close();
});
