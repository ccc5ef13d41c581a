// A stock client joins a room of the chat and hears 1,000 messages that others post, over every transport.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, startRoomcast, until } from './lib/process.js';
import { startProxy } from './lib/proxy.js';
import { SEED } from './lib/random.js';
import { assertGapless, createRoom, createUser, history, post } from './lib/rest.js';
import { CLIENTS, ask, connected, open, transport } from './lib/stock.js';
import { Sequence } from './lib/stream.js';

const TOTAL = 1000;
const ENOUGH = 100;
const WRITERS = 8;

let server;
let alice;
before(async () => {
  console.log(`SEED=${SEED}`);
  server = await startRoomcast();
  alice = await createUser(server, 'Alice');
});
after(() => server?.stop());

/** Joins a new room and counts what is heard there. */
async function listen(socket) {
  const room = await createRoom(server);
  const heard = new Sequence(1);
  socket.on('new_message', (message) => {
    heard.take(message.seq, transport(socket), () => assert.equal(message.chatroom_id, room.id));
  });
  await connected(socket);
  const reply = await ask(socket, 'join', { user_id: alice.id, chatroom_id: room.id });
  assert.equal(reply.ok, true, JSON.stringify(reply));
  return { room, heard };
}

/** Posts `TOTAL` messages by several writers at once; `at(count)` runs before each. */
async function write(room, at = () => {}) {
  let count = 0;
  const writer = async () => {
    while (count < TOTAL) {
      count += 1;
      const mine = count;
      await at(mine);
      await post(server, room, alice, `number ${mine} <b>&amp; 漢字`);
      if (mine % 16 === 0) await sleep(1);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

/** Writes, and checks that all is heard once and in order. */
async function posts(room, heard, at) {
  await write(room, at);
  await until(() => `all are heard, ${heard.next - 1} were`, () => heard.reached(TOTAL + 1), 30_000);
  await sleep(50);
  assert.ok(heard.reached(TOTAL + 1) && heard.next === TOTAL + 1, 'nothing comes twice');
  const stored = await history(server, room);
  assert.equal(stored.length, TOTAL);
  assertGapless(stored);
}

for (const client of CLIENTS) {
  const { version } = client;
  for (const only of ['polling', 'websocket']) {
    test(`socket.io-client ${version} hears a room over ${only} only`, async () => {
      const socket = open(client, server.url, [only]);
      const { room, heard } = await listen(socket);
      await posts(room, heard);
      assert.equal(heard.by[only], TOTAL);
      socket.close();
    });
  }

  test(`socket.io-client ${version} hears a room while it upgrades`, async () => {
    const proxy = await startProxy(server.port, { hold: 3 }, `room ${version}`);
    const socket = open(client, proxy.url, ['polling', 'websocket']);
    const { room, heard } = await listen(socket);
    await posts(room, heard, async (count) => {
      if (heard.by.polling >= ENOUGH) proxy.release();
      if (proxy.isReleased && transport(socket) === 'polling') await sleep(10);
      if (count >= TOTAL - ENOUGH) await until('it upgrades', () => transport(socket) === 'websocket');
    });
    console.log(`${version}: heard ${heard.by.polling} by polling, ${heard.by.websocket} by WebSocket`);
    for (const by of [heard.by.polling, heard.by.websocket]) assert.ok(by >= 50, `only ${by}`);
    socket.close();
    await proxy.stop();
  });

  test(`socket.io-client ${version} hears a room although its upgrade is dropped`, async () => {
    const proxy = await startProxy(server.port, { drop: 3 }, `room dropped ${version}`);
    const socket = open(client, proxy.url, ['polling', 'websocket']);
    const { room, heard } = await listen(socket);
    await posts(room, heard);
    assert.equal(heard.by.polling, TOTAL);
    assert.equal(proxy.dropped, 1);
    socket.close();
    await proxy.stop();
  });

  test(`socket.io-client ${version} loses its connection in mid-upgrade, comes back and misses nothing`, async () => {
    const room = await createRoom(server);
    const proxy = await startProxy(server.port, { drop: 4 }, `room lost ${version}`);
    const options = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 100 };
    const socket = open(client, proxy.url, ['polling', 'websocket'], options);
    const heard = new Map();
    const keep = (message) => heard.set(message.seq, message);
    let joined = 0;
    socket.on('new_message', keep);
    socket.on('disconnect', () => { proxy.policy = {}; });
    socket.on('connect', async () => {
      assert.equal((await ask(socket, 'join', { user_id: alice.id, chatroom_id: room.id })).ok, true);
      (await history(server, room, 0)).forEach(keep);
      joined += 1;
    });
    await until('it has joined', () => joined > 0);
    await write(room, async (count) => {
      if (count >= TOTAL - ENOUGH) await until(() => `it is back and upgraded: ${joined} joins, ${proxy.upgrades} upgrades, ${proxy.dropped} dropped, ${transport(socket)}`,
        () => joined > 1 && transport(socket) === 'websocket');
    });
    await until(() => `all are heard, ${heard.size} were`, () => heard.size === TOTAL, 30_000);
    assert.deepEqual([...heard.values()].sort((one, other) => one.seq - other.seq), await history(server, room));
    assert.equal(proxy.dropped, 1);
    socket.close();
    await proxy.stop();
  });
}
