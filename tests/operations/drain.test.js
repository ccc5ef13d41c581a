// SIGTERM with clients that chat: they are closed over the drain time, nothing acknowledged is lost, and the process that waits for the
// data directory takes over. DRAIN_CLIENTS (of which DRAIN_STOCK are stock clients) and DRAIN_SECONDS make it large.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sleep, startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { history } from '../clients/lib/rest.js';
import { CLIENTS, MODES, ask, connected, open } from '../clients/lib/stock.js';
import { token } from '../clients/lib/token.js';
import { Light, connectAll } from './lib/light.js';
import { scrape } from './lib/metrics.js';
import { startOperated, tried } from './lib/operated.js';

const COUNT = Number(process.env.DRAIN_CLIENTS ?? 400);
const STOCK = Number(process.env.DRAIN_STOCK ?? 12);
const SECONDS = Number(process.env.DRAIN_SECONDS ?? 2);
/** Messages a second by all light clients together. */
const RATE = Number(process.env.DRAIN_RATE ?? 200);
const ROOM = 10;

const auth = (number) => ({ token: token({ sub: number, username: `user ${number}` }) });
const roomOf = (number) => `room ${Math.floor(number / ROOM)}`;

/** Writes until it is told to stop, somebody else each time; what was acknowledged is in `acknowledged`. */
class Chatter {
  constructor(clients) {
    Object.assign(this, { clients, acknowledged: [], unanswered: 0, asked: 0, over: false });
  }

  async run() {
    const pending = [];
    for (let number = 0; !this.over; number += 1) {
      const index = (number * 7919) % this.clients.length;
      if (this.clients[index].isOpen) pending.push(this.say(index, number));
      if (number % 10 === 9) await sleep(10_000 / RATE);
    }
    await Promise.all(pending);
  }

  async say(index, number) {
    this.asked += 1;
    const room = roomOf(index);
    const content = `message ${number}`;
    const reply = await this.clients[index].ask('send_group_message', { room_id: room, content, client_msg_id: `${number}` });
    if (reply === undefined) this.unanswered += 1;
    else {
      assert.equal(reply.ok, true, JSON.stringify(reply));
      this.acknowledged.push({ room, content, id: reply.id, seq: reply.seq });
    }
  }
}

/** Stock clients in one room, on every transport, that come back by themselves. */
async function stockClients(url) {
  const modes = Object.values(MODES);
  const sockets = Array.from({ length: STOCK }, (_, number) => open(CLIENTS[number % CLIENTS.length], url, modes[number % modes.length], {
    reconnection: true, auth: auth(COUNT + number),
  }));
  for (const socket of sockets) {
    socket.reasons = [];
    socket.on('disconnect', (reason) => socket.reasons.push(reason));
    await connected(socket, 60_000);
    assert.equal((await ask(socket, 'join_room', { room_id: 'stock' })).ok, true);
  }
  return sockets;
}

/** The share of each tenth of the time between the first and the last. */
function tenths(times) {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const counts = Array(10).fill(0);
  for (const time of times) counts[Math.min(9, Math.floor((10 * (time - first)) / (last - first + 1)))] += 1;
  return counts;
}

test(`SIGTERM with ${COUNT} clients that chat, closed over ${SECONDS} s`, async () => {
  const data = temporaryDirectory('drain');
  const env = { ROOMCAST_DRAIN_DURATION: String(SECONDS), ROOMCAST_ROOMS_AUTO_CREATE: 'yes', ROOMCAST_LOG: 'warn' };
  const first = await startOperated({ dataDir: data.path, env });
  const light = await connectAll(Array.from({ length: COUNT - STOCK }, (_, number) => new Light(first.port, auth(number))));
  const lanes = light.map(async (client, number) => assert.equal((await client.ask('join_room', { room_id: roomOf(number) })).ok, true));
  await Promise.all(lanes);
  const stock = await stockClients(first.url);
  assert.equal((await scrape(first.internal)).get('roomcast_connections'), COUNT);
  const second = await startOperated({ dataDir: data.path, port: first.port, env, args: ['--wait-for-lock', '120'], waits: true });
  await until('the second waits', async () => (await tried(`${second.internal}/health/ready`)).body.reasons?.[0] === 'starting');

  const chatter = new Chatter(light);
  const chatting = chatter.run();
  await sleep(1000);
  const before = chatter.acknowledged.length;
  const begun = Date.now();
  const exit = first.kill('SIGTERM').then((status) => ({ status, took: Date.now() - begun }));
  await until('it is not ready', async () => (await tried(`${first.internal}/health/ready`)).status !== 200);
  assert.equal((await tried(`${first.internal}/health/live`)).status, 200, 'alive while it drains');
  const { status, took } = await exit;
  await until('the second is ready', async () => (await tried(`${second.internal}/health/ready`)).status === 200);
  const away = Date.now() - begun - took;
  await until('all light clients are closed', () => light.every((client) => client.closed));
  chatter.over = true;
  await chatting;

  assert.equal(status, 0, first.log);
  const times = light.map(({ closed }) => closed.at - begun);
  const spread = tenths(times);
  const span = Math.max(...times) - Math.min(...times);
  const planned = Math.min(SECONDS * 1000, COUNT * 5);
  assert.ok(span > planned * 0.7 && span < planned * 1.5 + 2000, `closed over ${span} ms of ${planned}`);
  assert.ok(Math.max(...spread) < light.length * 0.3, `not evenly: ${spread}`);
  // In random order: who came first does not go first.
  const half = Math.floor(light.length / 2);
  const mean = (some) => some.reduce((sum, time) => sum + time, 0) / some.length;
  assert.ok(Math.abs(mean(times.slice(0, half)) - mean(times.slice(half))) < span * 0.2, 'in the order of their coming');
  assert.ok(light.every(({ closed }) => closed.politely), 'each with a close frame');
  assert.ok(chatter.acknowledged.length > before, 'it went on while it drained');

  await until('all stock clients are back', () => stock.every((socket) => socket.connected), 30_000);
  for (const { reasons } of stock) for (const reason of reasons) assert.match(reason, /^transport (close|error)$/);
  const stored = new Map();
  for (const room of new Set(chatter.acknowledged.map(({ room: id }) => id))) stored.set(room, await history(second, { id: encodeURIComponent(room) }));
  for (const { room, content, id, seq } of chatter.acknowledged) {
    const kept = stored.get(room)[seq - 1];
    assert.deepEqual([kept?.id, kept?.message_text], [id, content], `acknowledged, and lost: ${room} ${seq}`);
  }
  const heard = new Promise((done) => stock[1].once('receive_group_message', done));
  await Promise.all(stock.map((socket) => ask(socket, 'join_room', { room_id: 'stock' })));
  assert.equal((await ask(stock[0], 'send_group_message', { room_id: 'stock', content: 'we are back' })).ok, true);
  assert.equal((await heard).content, 'we are back');
  console.log(`${COUNT} clients: closed over ${span} ms (tenths: ${spread.join(' ')}); ${chatter.acknowledged.length} acknowledged (${chatter.acknowledged.length - before} after SIGTERM), `
    + `${chatter.unanswered} unanswered, none lost; exit ${status} after ${took} ms, the second ready ${away} ms later`);
  for (const socket of stock) socket.close();
  assert.equal(await second.stop(), 0);
  data.remove();
});

test('a second signal ends it at once', async () => {
  const server = await startRoomcast();
  // A polling client that is never there to hear its goodbye.
  await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
  const begun = Date.now();
  server.child.kill('SIGTERM');
  await until('it drains', async () => (await tried(`${server.url}/health/ready`)).status === 503);
  assert.equal(await server.kill('SIGTERM'), 130);
  assert.ok(Date.now() - begun < 1500, `${Date.now() - begun} ms`);
});

test('a few clients are closed at once', async () => {
  const server = await startRoomcast({ env: { ROOMCAST_DRAIN_DURATION: '60' } });
  const light = await connectAll(Array.from({ length: 5 }, () => new Light(server.port)));
  const begun = Date.now();
  assert.equal(await server.kill(), 0);
  assert.ok(Date.now() - begun < 3000, `${Date.now() - begun} ms`);
  await until('they are closed', () => light.every(({ closed }) => closed?.politely));
});
