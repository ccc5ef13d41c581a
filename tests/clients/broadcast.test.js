// 1,000 text and binary messages are broadcast to a room of every client version and transport while one of them upgrades:
// all hear the same, in one order, nothing lost and nothing twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, startExample, until } from './lib/process.js';
import { startProxy } from './lib/proxy.js';
import { SEED } from './lib/random.js';
import { CLIENTS, MODES, ask, connected, countSent, open, transport } from './lib/stock.js';
import { body, same } from './lib/stream.js';

const TOTAL = 1000;
const ENOUGH = 100;
const WINDOW = 200;

let server;
before(async () => {
  console.log(`SEED=${SEED}`);
  server = await startExample('rooms');
});
after(() => server?.stop());

/** A member of the room, who keeps `[speaker, index, transport]` of what is said and checks each body. */
async function member(client, url, transports, room) {
  const socket = open(client, url, transports);
  const heard = [];
  const sent = countSent(socket);
  socket.on('said', (where, speaker, index, content) => {
    assert.equal(where, room);
    same(content, body(index));
    heard.push([speaker, index, transport(socket)]);
  });
  await connected(socket);
  assert.equal(await ask(socket, 'join', room), room);
  return { socket, heard, sent, said: 0 };
}

/** Speaks `TOTAL` messages; the slowest of the room sets the pace. */
async function speak(speaker, name, room, members, at = () => {}) {
  const slowest = () => Math.min(...members.map(({ heard }) => heard.length));
  const said = () => members.reduce((sum, member) => sum + member.said, 0);
  for (let index = 0; index < TOTAL; index += 1) {
    await at(index);
    await until('the slowest follows', () => slowest() >= said() - WINDOW);
    speaker.said += 1;
    speaker.socket.emit('say', room, name, index, body(index));
    if (index % 8 === 0) await sleep(1);
  }
}

/** What one speaker said is complete and in order; what all heard is the same sequence. */
function assertHeard(members, speakers) {
  const said = (heard) => heard.map(([speaker, index]) => `${speaker} ${index}`);
  const first = said(members[0].heard);
  for (const name of speakers) {
    const own = first.filter((line) => line.startsWith(`${name} `));
    assert.deepEqual(own, Array.from({ length: TOTAL }, (_, index) => `${name} ${index}`));
  }
  for (const { heard } of members) assert.deepEqual(said(heard), first, 'all hear one order');
}

const all = (count, members) => until(() => `all hear all: ${members.map(({ heard }) => heard.length)}`,
  () => members.every(({ heard }) => heard.length >= count), 30_000);

for (const client of CLIENTS) {
  test(`socket.io-client ${client.version} speaks and hears in a room while it upgrades`, async () => {
    const room = `room of ${client.version}`;
    const proxy = await startProxy(server.port, { hold: 3 }, room);
    const upgrading = await member(client, proxy.url, ['polling', 'websocket'], room);
    const others = [];
    for (const other of CLIENTS) for (const mode of Object.values(MODES)) others.push(await member(other, server.url, mode, room));
    const members = [upgrading, ...others];

    const by = { polling: 0, websocket: 0 };
    await speak(upgrading, 'it', room, members, async (index) => {
      if (upgrading.heard.length >= ENOUGH) proxy.release();
      if (proxy.isReleased && transport(upgrading.socket) === 'polling') await sleep(2);
      if (index === TOTAL - ENOUGH) await until('it upgrades', () => transport(upgrading.socket) === 'websocket');
    });
    await all(TOTAL, members);
    await sleep(50);
    assertHeard(members, ['it']);
    for (const [, , carrier] of upgrading.heard) by[carrier] += 1;
    console.log(`${client.version}: heard ${by.polling} + ${by.websocket}, said ${upgrading.sent.polling} + ${upgrading.sent.websocket}`);
    for (const count of [...Object.values(by), ...Object.values(upgrading.sent)]) assert.ok(count >= 50, `only ${count}`);
    for (const { socket } of members) socket.close();
    await proxy.stop();
  });
}

test('several speakers at once: each in order, and one order for all', async () => {
  const members = [];
  for (const client of CLIENTS) for (const mode of Object.values(MODES)) members.push(await member(client, server.url, mode, 'crowd'));
  const names = members.map((_, number) => `speaker ${number}`);
  await Promise.all(members.map((speaker, number) => speak(speaker, names[number], 'crowd', members)));
  await all(TOTAL * members.length, members);
  await sleep(50);
  assertHeard(members, names);
  for (const { socket } of members) socket.close();
});
