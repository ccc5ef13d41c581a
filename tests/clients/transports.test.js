// A stock client echoes 1,000 text and binary messages over every transport, also while a proxy delays or drops the upgrade.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sleep, startExample, until } from './lib/process.js';
import { STAGES, startProxy } from './lib/proxy.js';
import { SEED } from './lib/random.js';
import { CLIENTS, ask, connected, countSent, open, transport } from './lib/stock.js';
import { Sequence, body, same } from './lib/stream.js';

const TOTAL = 1000;
/** The upgrade packet, which the client sends when it has switched: what keeps it back cannot wait for more on polling. */
const LAST = STAGES.length - 1;
/** So many are counted on polling before the upgrade is let through, and so many are kept for after it. */
const ENOUGH = 100;
/** At most so many are on their way at once. */
const WINDOW = 120;

let server;
before(async () => {
  console.log(`SEED=${SEED}`);
  server = await startExample('conformance');
});
after(() => server?.stop());

/** Sends and gets back `TOTAL` messages; `at(index, seen)` runs before each is sent. */
async function echo(socket, at = () => {}) {
  const seen = new Sequence();
  const sent = countSent(socket);
  socket.on('message-back', (index, content) => seen.take(index, transport(socket), () => same(content, body(index))));
  await connected(socket);
  for (let index = 0; index < TOTAL; index += 1) {
    await at(index, seen);
    await until('the window moves on', () => seen.reached(index - WINDOW));
    socket.emit('message', index, body(index));
    if (index % 8 === 0) await sleep(1);
  }
  await until(() => `all come back, ${seen.next} did`, () => seen.reached(TOTAL), 30_000);
  await sleep(50);
  assert.ok(seen.reached(TOTAL) && seen.next === TOTAL, 'nothing comes twice');
  assert.equal(sent.polling + sent.websocket, TOTAL, 'all were counted when they left');
  return { seen, sent };
}

async function acks(socket) {
  const text = await ask(socket, 'message-with-ack', 'text', { n: 1 });
  assert.equal(text, 'text');
  same(await ask(socket, 'message-with-ack', body(9)), body(9));
}

for (const client of CLIENTS) {
  const { version } = client;
  for (const only of ['polling', 'websocket']) {
    test(`socket.io-client ${version} over ${only} only`, async () => {
      const socket = open(client, server.url, [only]);
      const { seen, sent } = await echo(socket);
      assert.deepEqual([seen.by[only], sent[only]], [TOTAL, TOTAL]);
      await acks(socket);
      socket.close();
    });
  }

  STAGES.forEach((name, stage) => {
    test(`socket.io-client ${version} upgrades while ${name} is delayed`, async () => {
      const proxy = await startProxy(server.port, { hold: stage }, `${version} hold ${stage}`);
      const socket = open(client, proxy.url, ['polling', 'websocket']);
      // On a slow machine the client has switched before enough is counted. What it says waits behind its upgrade packet then,
      // and so does the heartbeat.
      socket.io.engine.on('upgrade', proxy.release);
      const { seen, sent } = await echo(socket, async (index, so) => {
        if (so.by.polling >= ENOUGH) proxy.release();
        if (proxy.isReleased && transport(socket) === 'polling') await sleep(2);
        if (index === TOTAL - ENOUGH) await until('it upgrades', () => transport(socket) === 'websocket');
      });
      const { polling, websocket } = seen.by;
      console.log(`${version}, ${name} delayed: received ${polling} + ${websocket}, sent ${sent.polling} + ${sent.websocket}`);
      for (const count of [websocket, sent.websocket]) assert.ok(count >= 50, `only ${count}`);
      for (const count of [polling, sent.polling]) assert.ok(count >= (stage === LAST ? 1 : 50), `only ${count}`);
      await acks(socket);
      socket.close();
      await proxy.stop();
    });
  });

  for (const [kind, stages] of [['drop', [0, 1, 2, 3]], ['stall', [0, 2, 3]]]) {
    for (const stage of stages) {
      test(`socket.io-client ${version} stays with polling: ${kind} of ${STAGES[stage]}`, async () => {
        const proxy = await startProxy(server.port, { [kind]: stage }, `${version} ${kind} ${stage}`);
        const socket = open(client, proxy.url, ['polling', 'websocket']);
        const { seen, sent } = await echo(socket);
        assert.equal(proxy.upgrades, 1, 'an upgrade was tried');
        assert.deepEqual([seen.by.polling, sent.polling], [TOTAL, TOTAL]);
        await acks(socket);
        socket.close();
        await proxy.stop();
      });
    }
  }
}
