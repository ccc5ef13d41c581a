// The log names connections and requests, and holds nothing that somebody could use or should not read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRoomcast, until } from '../clients/lib/process.js';
import { call, createRoom, createUser, post } from '../clients/lib/rest.js';
import { CLIENTS, MODES, ask, connected, open } from '../clients/lib/stock.js';
import { REQUIRED, SECRET, token } from '../clients/lib/token.js';

const EVERYTHING = 'trace';
const lines = (server) => server.log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
const json = { ROOMCAST_LOG_FORMAT: 'json', ROOMCAST_LOG: EVERYTHING };

test('a request has an id, which its answer and its log lines carry', async () => {
  const server = await startRoomcast({ env: json });
  const given = await fetch(`${server.url}/users/nobody`, { headers: { 'x-request-id': 'from-the-proxy-17' } });
  assert.equal(given.headers.get('x-request-id'), 'from-the-proxy-17');
  const own = await fetch(`${server.url}/users/nobody`, { headers: { 'x-request-id': 'forged" level="ERROR' } });
  const id = own.headers.get('x-request-id');
  assert.match(id, /^[0-9a-f]{6}-\d+-\d+$/);
  const refused = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=unknown`);
  const ids = ['from-the-proxy-17', id, refused.headers.get('x-request-id')];
  for (const wanted of ids) {
    await until(`a line with ${wanted}`, () => lines(server).some((line) => line.message === 'request refused' && line.span?.id === wanted));
    const line = lines(server).find(({ span }) => span?.id === wanted);
    assert.match(line.span.conn, /^[0-9a-f]{6}-\d+$/);
  }
  assert.doesNotMatch(server.log, /forged/);
  await server.stop();
});

test('the log has no session id, no token, no text and no secret, however much is logged', async () => {
  const server = await startRoomcast({ env: json, args: ['--jwt-secret', SECRET] });
  const secrets = [SECRET];
  const [user, room] = [await createUser(server), await createRoom(server)];
  for (const [mode, transports] of Object.entries(MODES)) {
    const bearer = token({ sub: user.id, username: mode });
    secrets.push(bearer, bearer.split('.')[2]);
    const socket = open(CLIENTS[0], server.url, transports, { auth: { token: bearer }, query: { token: bearer } });
    await connected(socket);
    secrets.push(socket.io.engine.id);
    assert.equal((await ask(socket, 'join_room', { room_id: room.id })).ok, true);
    const reply = await ask(socket, 'send_group_message', { room_id: room.id, content: `words in ${mode}` });
    assert.equal(reply.ok, true, JSON.stringify(reply));
    assert.equal((await ask(socket, 'send_group_message', { room_id: 'no such room', content: 'words that are refused' })).ok, false);
    // Something that does not fit, so that the session ends with a line about it.
    socket.io.engine.write('9 words that are no packet');
    await until('it is thrown out', () => !socket.connected);
    socket.close();
  }
  const session = await call(server, 'POST', '/api/session/acquire', { metadata: { note: 'words of metadata' } });
  secrets.push(session.body.token);
  await call(server, 'GET', `/users/nobody?token=${secrets[1]}`);
  // Addresses that were built wrongly.
  for (const wrong of [`/${secrets[1]}`, `/users/token=${secrets[1]}`, `/me/rooms%3Ftoken=${secrets[1]}`, `/me/${session.body.token}/rooms`]) {
    assert.equal((await call(server, 'GET', wrong)).status, 404, wrong);
  }
  // As clients of version 2 name a namespace.
  const polling = `${server.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(polling)).text()).slice(1));
  await fetch(`${polling}&sid=${sid}`, { method: 'POST', body: `40/nowhere?token=${secrets[1]},` });
  // And as any client does whose address is `https://host/TOKEN`.
  for (const secret of [secrets[1], session.body.token]) {
    await fetch(`${polling}&sid=${sid}`, { method: 'POST', body: `40/${secret},` });
  }
  await until('it is refused', () => lines(server).some((line) => line.message === 'connect refused' && line.namespace === '"/nowhere"'));
  await until('and the others', () => lines(server).filter((line) => line.namespace === '"***"').length === 2);
  await post(server, room, user, 'words over REST');
  await call(server, 'POST', '/messages/', '{"message_text": "words that are malformed');
  await server.stop();
  for (const secret of secrets) {
    assert.ok(secret.length > 10, secret);
    assert.ok(!server.log.includes(secret), `the log has ${secret}`);
    assert.ok(!server.log.includes(secret.slice(0, 12)) || secret === SECRET, `the log has the beginning of ${secret}`);
  }
  assert.doesNotMatch(server.log, /words /);
  assert.ok(lines(server).some((line) => typeof line.session === 'number'), 'sessions have numbers');
});

test('a refusal says in the log whom it met and why', async () => {
  const server = await startRoomcast({ env: { ...json, ROOMCAST_LOG: 'info' }, args: REQUIRED });
  const stale = token({ sub: 'ada', exp: 1000 });
  const socket = open(CLIENTS[0], server.url, ['websocket'], { auth: { token: stale } });
  await new Promise((refused) => { socket.on('connect_error', refused); });
  socket.close();
  const line = (message) => lines(server).find((one) => one.message === message);
  await until('the log says so', () => line('connect refused'));
  const { code, detail, reason, remote } = line('connect refused');
  assert.deepEqual([code, detail, reason], ['unauthorized', 'expired', 'refused']);
  assert.match(remote, /^127\.0\.0\.1:\d+$/);
  assert.equal((await call(server, 'GET', '/me/rooms', undefined, { authorization: `Bearer ${stale}` })).status, 401);
  await until('the log says so', () => line('request refused'));
  assert.deepEqual([line('request refused').code, line('request refused').reason], ['unauthorized', 'expired']);
  await server.stop();
});
