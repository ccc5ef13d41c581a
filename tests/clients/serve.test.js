// `roomcast serve` as a process: it stops cleanly, owns its data directory, and keeps to its CORS list.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort, startRoomcast, temporaryDirectory, until } from './lib/process.js';
import { createRoom, createUser, history, post } from './lib/rest.js';
import { CLIENTS, ask, open, returning } from './lib/stock.js';

/** Stopping is bounded: a person waits for it. */
const STOP_MS = 10_000;

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} stops it cleanly, and stock clients come back to its successor`, async () => {
    const data = temporaryDirectory('serve');
    const server = await startRoomcast({ dataDir: data.path });
    const user = await createUser(server);
    const room = await createRoom(server);
    const clients = await returning(server.url);
    for (const socket of clients.sockets) await ask(socket, 'join', { user_id: user.id, chatroom_id: room.id });
    const before = await post(server, room, user, 'before');
    const begun = Date.now();
    assert.equal(await server.kill(signal), 0, `its exit status; its log:\n${server.log}`);
    assert.ok(Date.now() - begun < STOP_MS, `stopping took ${Date.now() - begun} ms`);
    await clients.left();

    const next = await startRoomcast({ dataDir: data.path, port: server.port });
    await clients.back();
    assert.deepEqual(await history(next, room), [before]);
    clients.close();
    assert.equal(await next.stop(), 0);
    data.remove();
  });
}

test('a second process refuses the data directory of the first', async () => {
  const data = temporaryDirectory('serve');
  const server = await startRoomcast({ dataDir: data.path });
  await assert.rejects(startRoomcast({ dataDir: data.path }), /ended with [1-9]/);
  await createUser(server);
  await server.stop();
  data.remove();
});

test('it says where it is and where its data is', async () => {
  const data = temporaryDirectory('serve');
  const server = await startRoomcast({ dataDir: data.path });
  await until('it is said', () => server.log.includes(`:${server.port}`) && server.log.includes(data.path));
  await server.stop();
  data.remove();
});

test('PORT sets the port', async () => {
  const port = await freePort();
  const server = await startRoomcast({ port, listen: false, env: { PORT: String(port) } });
  await createUser(server);
  await server.stop();
});

const ALLOWED = 'https://allowed.example';
const preflight = (server, origin) => fetch(`${server.url}/messages/`, {
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization' },
});

test('any origin may call in development, with credentials', async () => {
  const server = await startRoomcast();
  const answer = await preflight(server, 'https://anywhere.example');
  assert.ok(answer.ok);
  assert.equal(answer.headers.get('access-control-allow-origin'), 'https://anywhere.example');
  assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
  const headers = answer.headers.get('access-control-allow-headers').toLowerCase();
  for (const name of ['content-type', 'authorization']) assert.ok(headers.includes(name), headers);
  await server.stop();
});

test('SOCKETIO_CORS_ORIGINS restricts REST, polling and WebSocket', async () => {
  const server = await startRoomcast({ env: { SOCKETIO_CORS_ORIGINS: `http://other.example,${ALLOWED}` } });
  for (const [origin, allowed] of [[ALLOWED, true], ['https://evil.example', false]]) {
    const expected = allowed ? origin : null;
    assert.equal((await preflight(server, origin)).headers.get('access-control-allow-origin'), expected);
    const poll = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
    assert.equal(poll.headers.get('access-control-allow-origin'), expected);
    const socket = open(CLIENTS[0], server.url, ['websocket'], { extraHeaders: { origin } });
    const [outcome] = await Promise.race([once(socket, 'connect').then(() => ['connected']), once(socket, 'connect_error')]);
    assert.equal(outcome === 'connected', allowed, `a WebSocket from ${origin}`);
    socket.close();
  }
  await server.stop();
});
