// Every client event × every kind of mistake, in one process: each gets its error, in the ack and as an event, and nobody else hears of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRoomcast } from './lib/process.js';
import { call } from './lib/rest.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';
import { REQUIRED, token } from './lib/token.js';
import { EVENTS } from './mistakes/events.js';
import { mistakes } from './mistakes/kinds.js';

const GOOD = { self: 1, person: 2, room: 'home', text: 'hello', flag: true, kind: 'text', id: 'mine' };
const JOINS = [['join_room', { room_id: 'home' }], ['join_show', { show_id: 'home' }], ['chat:join', { chatId: 'home' }]];
const MOST_MS = 10_000;

let server;
let anna;
let ben;
let messages;
const heard = [];

const login = (id, username) => connected(open(CLIENTS[0], server.url, ['websocket'], { auth: { token: token({ sub: id, username }) } }));
const bearer = (id, username) => ({ authorization: `Bearer ${token({ sub: id, username })}` });

async function join(socket, user) {
  for (const [event, payload] of [['join', { user_id: user, chatroom_id: 'home' }], ...JOINS]) {
    assert.equal((await ask(socket, event, payload)).ok, true, event);
  }
}

/** A message of Ben's in a room. */
async function said(room, client_msg_id) {
  const { body, status } = await call(server, 'POST', '/messages/', { chatroom_id: room, message_text: 'said', client_msg_id }, bearer(2, 'Ben'));
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}

before(async () => {
  server = await startRoomcast({ args: REQUIRED });
  for (const [id, kind] of [['home', 'public'], ['hall', 'public'], ['vault', 'private']]) {
    const { status } = await call(server, 'POST', '/chatrooms/', { id, name: id, kind }, bearer(2, 'Ben'));
    assert.equal(status, 201);
  }
  [anna, ben] = [await login(1, 'Anna'), await login(2, 'Ben')];
  await join(ben, 2);
  await join(anna, 1);
  messages = { home: await said('home'), ELSEWHERE: await said('hall') };
  ben.onAny((event, payload) => heard.push([event, payload]));
});
after(async () => {
  anna?.close();
  ben?.close();
  await server?.stop();
});

let numbers = 0;

/** The arguments of an event with one mistake in them. */
function args(event, { args: given, change }) {
  if (given) return given;
  const good = Object.entries(event.fields).map(([field, { is }]) => {
    numbers += 1;
    return [field, is === 'message' ? messages.home : is === 'id' ? `mine-${numbers}` : GOOD[is]];
  });
  const payload = { ...Object.fromEntries(good), ...change };
  for (const [field, value] of Object.entries(payload)) {
    if (value === 'ELSEWHERE') payload[field] = messages.ELSEWHERE;
    if (value === undefined) delete payload[field];
  }
  return [payload];
}

function assertAck(reply, [code, message], where) {
  assert.deepEqual(Object.keys(reply).sort(), ['error', 'ok'], where);
  assert.deepEqual(Object.keys(reply.error).sort(), ['code', 'details', 'message'], where);
  assert.deepEqual([reply.ok, reply.error.code, reply.error.message], [false, code, message], where);
  assert.ok(reply.error.details.length > 0, where);
}

/** Sends it without an ack, and an event that nobody knows after it: what comes before the answer to that one is the answer. */
async function told(socket, name, values) {
  const errors = [];
  const listen = (error) => errors.push(error);
  socket.on('error', listen);
  socket.emit(name, ...values);
  await ask(socket, 'no such event');
  socket.off('error', listen);
  return errors;
}

function assertTold(errors, name, [code, message], where) {
  assert.equal(errors.length, 1, `${where}: ${JSON.stringify(errors)}`);
  const [error] = errors;
  assert.deepEqual(Object.keys(error).sort(), ['code', 'details', 'event', 'message'], where);
  assert.deepEqual([error.code, error.message, error.event], [code, message, name], where);
}

const counts = new Map();
const ways = { ack: 0, event: 0, taken: 0 };

for (const event of EVENTS) {
  test(`${event.name}: every mistake has its error`, async () => {
    for (const [kind, sent, error] of mistakes(event)) {
      const where = `${event.name}, ${kind}`;
      const group = kind.split(':')[0];
      counts.set(group, (counts.get(group) ?? 0) + 1);
      const before = heard.length;
      const reply = await ask(anna, event.name, ...args(event, sent));
      if (error === undefined) {
        assert.equal(reply.ok, true, `${where}: ${JSON.stringify(reply)}`);
        ways.taken += 1;
        await ask(ben, 'no such event');
        if (event.name.includes('leave')) await join(anna, 1);
        continue;
      }
      assertAck(reply, error, where);
      assertTold(await told(anna, event.name, args(event, sent)), event.name, error, where);
      ways.ack += 1;
      ways.event += 1;
      await ask(ben, 'no such event');
      assert.deepEqual(heard.slice(before), [], `${where}: somebody else heard of it`);
    }
    assert.ok(anna.connected, 'never a disconnect');
  });
}

test('the table', () => {
  console.log(`${EVENTS.length} events × ${counts.size} kinds: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  console.log(`${ways.ack} errors in acks, ${ways.event} error events, ${ways.taken} taken`);
  assert.equal(EVENTS.length, 24);
  assert.deepEqual([...counts.keys()].sort(), [
    'binary', 'empty text', 'extra fields', 'huge number', 'missing field', 'not a member', "someone else's id",
    "someone else's id in a field that the event has not", 'text over the limit', 'unknown id', 'wrong type',
  ]);
});

test('whoever claims to be somebody else spoke as themselves', async () => {
  const { body } = await call(server, 'GET', '/chatrooms/home/messages?limit=100', undefined, bearer(2, 'Ben'));
  const theirs = body.items.filter(({ message_text: text }) => text === GOOD.text);
  assert.ok(theirs.length >= 6 && theirs.every(({ user_id: user }) => user === '1'), JSON.stringify(theirs));
});

test('1,000 of each event in one second: each is answered, in order, and sending is limited', async () => {
  const own = await startRoomcast({ args: REQUIRED, limits: true });
  const lines = [];
  for (const [index, event] of EVENTS.entries()) {
    const user = 100 + index;
    const socket = await connected(open(CLIENTS[0], own.url, ['websocket'], { auth: { token: token({ sub: user, username: `user ${user}` }) } }));
    assert.equal((await ask(socket, 'join_room', { room_id: 'home' })).ok, true);
    const sent = Array.from({ length: 1000 }, () => {
      const [payload] = args(event, { change: 'user_id' in event.fields ? { user_id: user } : {} });
      return payload;
    });
    lines.push(`${event.name}: ${await burst(socket, event, sent)}`);
    assert.equal((await ask(socket, 'ping')).ok, true, `${event.name}: still served`);
    socket.close();
  }
  console.log(lines.join('\n'));
  await own.stop();
});

async function burst(socket, event, payloads) {
  const begun = performance.now();
  const order = [];
  const replies = await Promise.all(payloads.map(async (payload, index) => {
    const reply = await ask(socket, event.name, payload);
    order.push(index);
    return reply;
  }));
  const took = performance.now() - begun;
  assert.deepEqual(order, [...order.keys()], `${event.name}: acks in order`);
  assert.ok(took < MOST_MS, `${event.name}: ${took} ms`);
  const limited = replies.filter(({ ok, error }) => !ok && error.code === 'rate_limited');
  assert.ok(limited.every(({ error }) => error.retry_after_ms > 0), event.name);
  // The window moves on while a slow machine answers.
  if (event.limited) assert.ok(limited.length >= 900 && limited.length <= 980, `${event.name}: ${limited.length} were limited`);
  else assert.equal(limited.length, 0, event.name);
  const kinds = new Map();
  for (const { ok, error } of replies) kinds.set(ok ? 'ok' : error.code, (kinds.get(ok ? 'ok' : error.code) ?? 0) + 1);
  return `${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')} in ${Math.round(took)} ms`;
}
