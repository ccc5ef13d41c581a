// TLS: stock clients over https and wss, and what a wrong certificate says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectEncrypted } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { freePort, startRoomcast, until } from './lib/process.js';
import { askAndReadNothing } from './lib/raw.js';
import { CLIENTS, MODES, ask, connected, open, transport } from './lib/stock.js';

const files = fileURLToPath(new URL('./fixtures/tls', import.meta.url));
const file = (name) => join(files, name);
const ca = readFileSync(file('cert.pem'));
const encrypted = (key = 'key.pem') => ['--tls-cert', file('cert.pem'), '--tls-key', file(key)];

/** One REST call over https. */
function call(server, method, path, body) {
  return new Promise((answer, fail) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers, ca }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      answer(JSON.parse(text));
    });
    sent.on('error', fail).end(body && JSON.stringify(body));
  });
}

test('stock clients chat over https and wss', async () => {
  const server = await startRoomcast({ args: encrypted() });
  const user = await call(server, 'POST', '/users/', { name: 'Ada', handle: 'ada' });
  const room = await call(server, 'POST', '/chatrooms/', { name: 'Room' });
  const heard = [];
  const sockets = [];
  for (const client of CLIENTS) {
    for (const transports of Object.values(MODES)) {
      const socket = open(client, `https://127.0.0.1:${server.port}`, transports, { ca });
      sockets.push(await connected(socket));
      await ask(socket, 'join', { user_id: user.id, chatroom_id: room.id });
      socket.on('new_message', (message) => heard.push(message.message_text));
      if (transports.length > 1) await until('it has upgraded', () => transport(socket) === 'websocket');
    }
  }
  const text = 'encrypted '.repeat(3000);
  await call(server, 'POST', '/messages/', { message_text: text.slice(0, 3000), user_id: user.id, chatroom_id: room.id });
  await until('all have heard it', () => heard.length === sockets.length);
  assert.deepEqual(new Set(heard), new Set([text.slice(0, 3000)]));
  for (const socket of sockets) socket.close();
  assert.equal(await server.stop(), 0);
});

test('a client that speaks plain HTTP is refused, and nobody else notices', async () => {
  const server = await startRoomcast({ args: encrypted() });
  const plain = connect(server.port, '127.0.0.1');
  plain.resume();
  plain.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until('it is closed', () => plain.destroyed || plain.readableEnded);
  await until('the log says why', () => server.log.includes('tls_handshake'));
  assert.ok((await call(server, 'GET', '/health')).status);
  await server.stop();
});

test('a handshake that does not come is not waited for longer than the settings say', async () => {
  const internal = `127.0.0.1:${await freePort()}`;
  const env = { ROOMCAST_LIMITS_TLS_TIMEOUT: '1' };
  const server = await startRoomcast({ args: [...encrypted(), '--internal-listen', internal], env });
  const began = Date.now();
  const silent = connect(server.port, '127.0.0.1');
  silent.resume();
  await until('it is closed', () => silent.destroyed || silent.readableEnded);
  assert.ok(Date.now() - began < 5000, `${Date.now() - began} ms`);
  await until('the log says why', () => /tls_timeout.*connection refused|connection refused.*tls_timeout/.test(server.log));
  const metrics = await (await fetch(`http://${internal}/metrics`)).text();
  assert.match(metrics, /roomcast_rate_limited_total\{limit="tls_timeout"\} 1/);
  await server.stop();
});

test('answers that nobody reads end their connection', async () => {
  const server = await startRoomcast({ args: encrypted(), env: { ROOMCAST_SOCKETIO_WRITE_TIMEOUT: '1' } });
  await askAndReadNothing(connectEncrypted({ host: '127.0.0.1', port: server.port, ca }));
  await until('the log says why', () => server.log.includes('write_stalled'));
  await server.stop();
});

for (const [what, args, says] of [
  ['a key of another certificate', encrypted('other-key.pem'), /certificate and key do not go together/],
  ['a file that is not there', encrypted('none.pem'), /cannot read a key from .*none\.pem/],
  ['a certificate as its own key', encrypted('cert.pem'), /cannot read a key from .*cert\.pem/],
]) {
  test(`it does not start with ${what}, and says so`, async () => {
    await assert.rejects(startRoomcast({ args }), says);
  });
}

test('half of the setting is an error', async () => {
  const env = { ROOMCAST_TLS_CERT: file('cert.pem') };
  await assert.rejects(startRoomcast({ env }), /TLS needs both --tls-cert and --tls-key/);
});
