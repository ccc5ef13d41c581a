// Stock clients through nginx and HAProxy, with the configuration that deploy/ ships.
import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { test } from 'node:test';
import { HANDSHAKE, startExample, startRoomcast, until } from '../clients/lib/process.js';
import { CLIENTS, MODES, RETURNS, ask, connected, open, transport } from '../clients/lib/stock.js';
import { call } from './lib/https.js';
import { CA, PROXIES, startProxy } from './lib/proxies.js';

const TRUSTED = ['--trusted-proxy', '127.0.0.1/32'];
const MESSAGES = 100;
/** Just below the limit of a payload as base64. */
const BIG = 700_000;
const client = CLIENTS[0];

function bytes(length, seed) {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed) % 256));
}

/** 100 texts and 100 binaries there and back, and something big. */
async function echo(url, transports) {
  const socket = open(client, url, transports, { ca: CA });
  await connected(socket);
  const back = [];
  const asked = [];
  for (let index = 0; index < MESSAGES; index += 1) {
    for (const content of [{ index, text: `message ${index} — ж` }, bytes(100 + index, index)]) {
      asked.push(ask(socket, 'echo', content).then((answer) => back.push([content, answer])));
    }
  }
  await Promise.all(asked);
  back.forEach(([content, answer], place) => {
    const index = Math.floor(place / 2);
    if (place % 2 === 0) assert.equal(content.index, index, 'in order');
    assert.deepEqual(place % 2 ? Buffer.from(answer) : answer, content);
  });
  const big = 'x'.repeat(BIG);
  assert.equal(await ask(socket, 'echo', big), big, 'a big text');
  assert.deepEqual(Buffer.from(await ask(socket, 'echo', bytes(BIG, 3))), bytes(BIG, 3), 'big binary');
  const last = transports.at(-1);
  await until(`it is on ${last}`, () => transport(socket) === last);
  socket.close();
  return back.length;
}

async function roomOf(url) {
  const user = await call(url, 'POST', '/users/', { name: 'Ada', handle: `ada-${Date.now()}` });
  const room = await call(url, 'POST', '/chatrooms/', { name: 'Room' });
  assert.deepEqual([user.status, room.status], [201, 201]);
  return { user: user.body, room: room.body };
}

const say = (url, { user, room }, text) =>
  call(url, 'POST', '/messages/', { message_text: text, user_id: user.id, chatroom_id: room.id });

for (const { kind, one, several } of PROXIES) {
  for (const [mode, transports] of Object.entries(MODES)) {
    test(`${kind}, ${mode}: texts, binaries, acks and big payloads`, async () => {
      const server = await startExample('features');
      const proxy = await startProxy(kind, one, [server.port], HANDSHAKE);
      const heard = await echo(proxy.url, transports);
      console.log(`${kind}, ${mode}: ${heard} messages there and back, 2 of ${BIG} bytes`);
      await proxy.stop();
      await server.stop();
    });
  }

  test(`${kind}: everybody hears a broadcast once over every transport, also after the server was killed`, async () => {
    const server = await startRoomcast({ args: TRUSTED });
    const proxy = await startProxy(kind, one, [server.port]);
    const place = await roomOf(proxy.url);
    const heard = Object.values(MODES).flatMap((transports) => [transports, transports]).map((transports) => {
      const socket = open(client, proxy.url, transports, { ca: CA, ...RETURNS });
      const member = { socket, texts: [], joins: 0 };
      socket.on('new_message', (message) => member.texts.push(message.message_text));
      socket.on('connect', async () => {
        const reply = await ask(socket, 'join', { user_id: place.user.id, chatroom_id: place.room.id });
        assert.equal(reply.ok, true);
        member.joins += 1;
      });
      return member;
    });
    await until('all have joined', () => heard.every(({ joins }) => joins === 1));
    for (let index = 0; index < 10; index += 1) assert.equal((await say(proxy.url, place, `before ${index}`)).status, 201);
    await until('all have heard all', () => heard.every(({ texts }) => texts.length === 10));

    // The data has to stay: it is killed, not stopped.
    const dataDir = server.child.spawnargs[server.child.spawnargs.indexOf('--data-dir') + 1];
    await server.kill('SIGKILL');
    const again = await startRoomcast({ dataDir, port: server.port, args: TRUSTED });
    await until('all are back', () => heard.every(({ joins }) => joins === 2), 30_000);
    for (let index = 0; index < 10; index += 1) assert.equal((await say(proxy.url, place, `after ${index}`)).status, 201);
    await until('all have heard the rest', () => heard.every(({ texts }) => texts.length === 20));
    const all = ['before', 'after'].flatMap((when) => Array.from({ length: 10 }, (_, index) => `${when} ${index}`));
    for (const { socket, texts } of heard) {
      assert.deepEqual(texts, all);
      socket.close();
    }
    console.log(`${kind}: ${heard.length} clients came back and heard ${all.length} messages each`);
    await proxy.stop();
    await again.stop();
  });

  test(`${kind}: plain HTTP is sent to https, and nobody forges an address`, async () => {
    const server = await startRoomcast({ args: [...TRUSTED, '--log', 'debug'] });
    const proxy = await startProxy(kind, one, [server.port]);
    const moved = await fetch(`${proxy.plain}/x?y=1`, { redirect: 'manual', headers: { Host: 'chat.example.com' } });
    assert.equal(moved.status, 308);
    assert.match(moved.headers.get('location'), /^https:\/\/.*\/x\?y=1$/);
    const forged = { headers: { 'X-Forwarded-For': '203.0.113.9' } };
    assert.equal((await call(proxy.url, 'GET', '/chatrooms/', undefined, forged)).status, 200);
    assert.ok(!server.log.includes('203.0.113.9'), 'the proxy says who it is');
    await proxy.stop();
    await server.stop();
  });

  test(`${kind}: several instances keep the polling clients that they have`, async () => {
    const servers = [await startExample('features'), await startExample('features')];
    const proxy = await startProxy(kind, several, servers.map(({ port }) => port), HANDSHAKE);
    const used = new Set();
    for (let from = 2; from < 10; from += 1) {
      // Every address of 127.0.0.0/8 is this machine.
      const agent = new Agent({ ca: CA, localAddress: `127.0.0.${from}`, keepAlive: true });
      const socket = open(client, proxy.url, ['polling'], { ca: CA, agent });
      await connected(socket);
      for (let index = 0; index < 5; index += 1) assert.equal(await ask(socket, 'echo', `${from} ${index}`), `${from} ${index}`);
      const all = await Promise.all(servers.map((server) => isThere(server, socket.io.engine.id)));
      assert.equal(all.filter(Boolean).length, 1);
      used.add(all.indexOf(true));
      socket.close();
      agent.destroy();
    }
    assert.equal(used.size, 2, 'both instances have clients');
    await proxy.stop();
    for (const server of servers) await server.stop();
  });
}

/** Whether the session is of this server: a method that Engine.IO does not know is refused differently. */
async function isThere(server, sid) {
  const answer = await fetch(`${server.url}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
  const { code } = await answer.json();
  return code !== 1;
}
