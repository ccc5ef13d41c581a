// What a stock client or a REST caller can get wrong: each gets its answer, nobody is disconnected, and nobody else notices.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startRoomcast, temporaryDirectory, until } from './lib/process.js';
import { assertGapless, call, createRoom, createUser, history, post } from './lib/rest.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';

const NOBODY = '018f0000-0000-7000-8000-000000000000';
const CODES = ['unauthorized', 'forbidden', 'not_found', 'not_in_room', 'invalid', 'too_large', 'conflict', 'rate_limited', 'unavailable'];

let server;
let alice;
let room;
/** Somebody in the room all the while: hears every message and no error. */
let neighbour;
const heard = [];
const errors = [];

before(async () => {
  server = await startRoomcast();
  alice = await createUser(server, 'Alice');
  room = await createRoom(server);
  neighbour = await connected(open(CLIENTS[0], server.url, ['websocket']));
  neighbour.on('new_message', (message) => heard.push(message));
  neighbour.on('error', (error) => errors.push(error));
  neighbour.on('disconnect', (reason) => errors.push(reason));
  assert.equal((await ask(neighbour, 'join', { user_id: alice.id, chatroom_id: room.id })).ok, true);
});
after(async () => {
  neighbour?.close();
  await server?.stop();
});

const membership = (more) => ({ user_id: alice.id, chatroom_id: room.id, ...more });
const REQUIRED = 'user_id and chatroom_id are required';

/** What is sent, and the `message` and `code` that come back; `undefined` leaves it open. */
const EVENTS = () => [
  ['join', [membership({ user_id: undefined })], REQUIRED, 'invalid'],
  ['join', [membership({ chatroom_id: undefined })], REQUIRED, 'invalid'],
  ['join', [{}], REQUIRED, 'invalid'],
  ['join', [], undefined, 'invalid'],
  ['join', [null], undefined, 'invalid'],
  ['join', ['text'], undefined, 'invalid'],
  ['join', [42], undefined, 'invalid'],
  ['join', [[membership()]], undefined, 'invalid'],
  ['join', [membership({ user_id: { a: 1 } })], undefined, 'invalid'],
  ['join', [membership({ chatroom_id: [1] })], undefined, 'invalid'],
  ['join', [membership({ user_id: NOBODY })], 'User not found', 'not_found'],
  ['join', [membership({ chatroom_id: NOBODY })], 'Chatroom not found', 'not_found'],
  ['join', [membership({ chatroom_id: 'x'.repeat(5000) })], undefined, undefined],
  ['join', [membership({ chatroom_id: Buffer.from('bytes') })], undefined, 'invalid'],
  ['leave', [{}], REQUIRED, 'invalid'],
  ['leave', [true], undefined, 'invalid'],
  ['no such event', [membership()], undefined, 'invalid'],
  ['', [], undefined, 'invalid'],
  ['__proto__', [{}], undefined, 'invalid'],
  ['e'.repeat(10_000), [1], undefined, 'invalid'],
];

for (const client of CLIENTS) {
  test(`socket.io-client ${client.version}: a wrong event is an error, in the ack or as an event`, async () => {
    const socket = await connected(open(client, server.url, ['polling', 'websocket']));
    for (const [event, args, message, code] of EVENTS()) {
      const named = `${event.slice(0, 20)} ${JSON.stringify(args).slice(0, 200)}`;
      const reply = await ask(socket, event, ...args);
      check(reply?.ok === false && reply.error, message, code, `ack of ${named}`);
      const told = new Promise((done) => socket.once('error', done));
      socket.emit(event, ...args);
      const later = ask(socket, 'still there?').then(() => undefined);
      const error = await Promise.race([told, later]);
      await later;
      check(error, message, code, `error event of ${named}`);
    }
    assert.ok(socket.connected, 'never a disconnect');
    socket.close();
  });
}

function check(error, message, code, where) {
  assert.equal(typeof error?.message, 'string', `${where} is missing`);
  assert.ok(CODES.includes(error.code), `${where}: code ${error.code}`);
  if (message !== undefined) assert.equal(error.message, message, where);
  if (code !== undefined) assert.equal(error.code, code, where);
}

const message = (more) => ({ message_text: 'text', user_id: alice.id, chatroom_id: room.id, is_reply: false, ...more });

/** Method, path, body, and the statuses that are right. */
const REQUESTS = () => [
  ['POST', '/messages/', '{"message_text": ', [400]],
  ['POST', '/messages/', '', [400]],
  ['POST', '/messages/', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400]],
  ['POST', '/messages/', '['.repeat(100_000), [400]],
  ['POST', '/messages/', '[1, 2]', [422]],
  ['POST', '/messages/', {}, [422]],
  ['POST', '/messages/', message({ message_text: 42 }), [422]],
  ['POST', '/messages/', message({ message_text: '' }), [422]],
  ['POST', '/messages/', message({ message_text: 'x'.repeat(20_000) }), [413, 422]],
  ['POST', '/messages/', message({ user_id: NOBODY }), [404]],
  ['POST', '/messages/', message({ chatroom_id: NOBODY }), [404]],
  ['POST', '/messages/', message({ is_reply: true, parent_message_id: NOBODY }), [404, 422]],
  ['POST', '/users/', { name: 'Again', handle: alice.handle }, [409]],
  ['POST', '/users/', { name: 'No handle' }, [422]],
  ['POST', '/users/', { name: '', handle: '' }, [422]],
  ['POST', '/chatrooms/', { name: 7 }, [422]],
  ['POST', '/chatrooms/', { name: 'odd', kind: 'no such kind' }, [422]],
  ['GET', `/chatrooms/${NOBODY}/messages`, undefined, [404]],
  ['GET', `/chatrooms/${room.id}/messages?limit=many`, undefined, [400, 422]],
  ['GET', '/no/such/page', undefined, [404]],
  ['DELETE', '/users/', undefined, [405]],
];

test('a wrong REST call is a problem with its status', async () => {
  for (const [method, path, body, statuses] of REQUESTS()) {
    const answer = await call(server, method, path, body);
    const named = `${method} ${path} ${JSON.stringify(body)?.slice(0, 60)}: ${answer.status} ${JSON.stringify(answer.body)}`;
    assert.ok(statuses.includes(answer.status), named);
    assert.match(answer.type, /^application\/problem\+json/, named);
    assert.equal(answer.body.status, answer.status, named);
    assert.equal(typeof answer.body.title, 'string', named);
  }
});

test('an oversized REST body is answered with 413', async () => {
  const directory = temporaryDirectory('body');
  const body = join(directory.path, 'body.json');
  writeFileSync(body, JSON.stringify(message({ message_text: 'x'.repeat(3_000_000) })));
  const line = ['-s', '-w', '\n%{http_code}', '-H', 'content-type: application/json', '--data-binary', `@${body}`, `${server.url}/messages/`];
  const { stdout } = await promisify(execFile)('curl', line);
  directory.remove();
  assert.match(stdout, /\n413$/);
});

test('the same client_msg_id is the same message, with other content a conflict', async () => {
  const first = await post(server, room, alice, 'once', { client_msg_id: 'a' });
  const { body: again, status } = await call(server, 'POST', '/messages/', message({ message_text: 'once', client_msg_id: 'a' }));
  assert.ok(status === 200 || status === 201, `${status}`);
  assert.equal(again.id, first.id);
  assert.equal((await call(server, 'POST', '/messages/', message({ message_text: 'other', client_msg_id: 'a' }))).status, 409);
});

for (const [transports, size] of [[['polling'], 1_100_000], [['websocket'], 1_100_000]]) {
  test(`an oversized event over ${transports} ends that client only`, async () => {
    const socket = await connected(open(CLIENTS[0], server.url, transports));
    const ended = new Promise((done) => socket.on('disconnect', done));
    socket.emit('join', membership({ padding: 'x'.repeat(size) }));
    assert.match(await ended, /^transport (close|error)$/);
  });
}

test('each left its line in the log', async () => {
  for (const line of [/event refused.*no such event.*invalid/, /request refused.*malformed/, /body too large/, /websocket rule broken/]) {
    await until(() => `${line} is in the log:\n${server.log}`, () => line.test(server.log));
  }
  assert.ok(!server.log.includes('message_text'), 'without what people wrote');
});

test('nobody else noticed', async () => {
  await post(server, room, alice, 'after all that');
  await until('the neighbour hears the last', () => heard.at(-1)?.message_text === 'after all that');
  assert.deepEqual(errors, []);
  assert.deepEqual(heard, await history(server, room));
  assertGapless(heard);
});
