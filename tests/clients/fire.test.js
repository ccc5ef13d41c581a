// Upgrade under fire: every client upgrades in mid-stream, through a proxy that delays and drops at random, and nothing is lost, doubled or reordered.
// `FIRE_CLIENTS` is how many clients, `FIRE_SEEDS` how many seeds, from `SEED` on; each seed is printed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startExample, until } from './lib/process.js';
import { startProxy } from './lib/proxy.js';
import { SEED } from './lib/random.js';
import { CLIENTS, ask, connected, open, transport } from './lib/stock.js';
import { Sequence, body, same } from './lib/stream.js';

const COUNT = Number(process.env.FIRE_CLIENTS ?? 20);
const SEEDS = Number(process.env.FIRE_SEEDS ?? 2);
/** What each client says to a room of its own, with an ack, and hears from there. */
const TOTAL = 500;
/** What all hear beside it. */
const NEWS = 100;
/** At most so many of a client's messages are not acknowledged yet. */
const WINDOW = 25;
/** This share of the upgrades is dropped in the middle; those clients stay with polling. */
const DROPPED = 0.25;
/** The upgrades begin when every client has heard so much over polling. */
const ENOUGH = 50;
const DEADLINE_MS = 120_000;

/** One stock client with its two streams. */
class Walker {
  constructor(number, url) {
    this.room = `own ${number}`;
    this.socket = open(CLIENTS[number % CLIENTS.length], url, ['polling', 'websocket']);
    this.own = new Sequence();
    this.news = new Sequence();
    this.acks = new Sequence();
    this.socket.on('disconnect', (reason) => { this.lost = new Error(`${this.room} lost: ${reason}`); });
    this.socket.on('said', (room, index, content) => {
      const stream = room === this.room ? this.own : this.news;
      stream.take(index, transport(this.socket), () => same(content, body(index)));
    });
  }

  async enter() {
    await connected(this.socket, DEADLINE_MS);
    for (const room of [this.room, 'news']) assert.equal(await ask(this.socket, 'join', room), room);
  }

  /** Says one message; its ack sends the one a window further on. */
  say(index) {
    if (index >= TOTAL) return;
    this.socket.emit('say', this.room, index, body(index), (heard) => {
      this.acks.take(index, transport(this.socket), () => {
        assert.equal(heard, 1);
        assert.ok(this.own.next > index, 'the message is in front of its ack');
      });
      this.say(index + WINDOW);
    });
  }

  isDone() {
    return this.acks.reached(TOTAL) && this.own.reached(TOTAL) && this.news.reached(NEWS);
  }
}

/** Whether something is true of every client; throws as soon as one of them is lost. */
function all(walkers, isTrue) {
  for (const { lost } of walkers) if (lost) throw lost;
  return walkers.every(isTrue);
}

/** Says the news while the others walk, no faster than the slowest hears. */
async function speak(walkers, url) {
  const speaker = open(CLIENTS[0], url, ['websocket']);
  await connected(speaker);
  for (let index = 0; index < NEWS; index += 1) {
    await until('the walk goes on', () => all(walkers, ({ own }) => own.next >= (index * TOTAL) / NEWS), DEADLINE_MS);
    assert.equal(await ask(speaker, 'say', 'news', index, body(index)), walkers.length, 'all are in the room');
  }
  speaker.close();
}

/** Sends all on their way, opens the upgrade when they are in mid-stream, and waits until all has come. */
async function walk(walkers, proxy, url) {
  for (const walker of walkers) for (let index = 0; index < WINDOW; index += 1) walker.say(index);
  const news = speak(walkers, url);
  news.catch(() => {}); // awaited below
  await until('enough comes over polling', () => all(walkers, ({ own }) => own.reached(ENOUGH)), DEADLINE_MS);
  proxy.release();
  const behind = () => walkers.filter((walker) => !walker.isDone()).map((walker) => `${walker.room}: ${walker.acks.next} acks, ${walker.own.next} own, ${walker.news.next} news`);
  await until(() => behind().join('\n'), () => all(walkers, (walker) => walker.isDone()), DEADLINE_MS);
  await news;
}

for (let seed = SEED; seed < SEED + SEEDS; seed += 1) {
  test(`${COUNT} clients upgrade under fire, SEED=${seed}`, async () => {
    console.log(`SEED=${seed}`);
    const begun = Date.now();
    const server = await startExample('rooms');
    const proxy = await startProxy(server.port, { fire: DROPPED }, `fire ${seed}`);
    const walkers = Array.from({ length: COUNT }, (_, number) => new Walker(number, proxy.url));
    try {
      await Promise.all(walkers.map((walker) => walker.enter()));
      await walk(walkers, proxy, server.url);
      const sum = (by) => walkers.reduce((all, { own, news, acks }) => all + own.by[by] + news.by[by] + acks.by[by], 0);
      const climbed = () => walkers.filter((walker) => transport(walker.socket) === 'websocket').length;
      // The last upgrades may end after the last message.
      await until(() => `${climbed()} of ${COUNT - proxy.dropped} have upgraded`, () => climbed() === COUNT - proxy.dropped, DEADLINE_MS);
      const upgraded = climbed();
      console.log(`${COUNT} clients, ${upgraded} upgraded, ${proxy.dropped} dropped; received ${sum('polling')} over polling + ${sum('websocket')} over WebSocket in ${Date.now() - begun} ms`);
      assert.equal(proxy.upgrades, COUNT, 'every client tried');
      assert.equal(upgraded, COUNT - proxy.dropped, 'who was not dropped has upgraded');
      assert.ok(sum('polling') > COUNT * ENOUGH && sum('websocket') > upgraded * ENOUGH, 'in mid-stream');
      for (const { own, news, acks } of walkers) assert.deepEqual([own.next, news.next, acks.next], [TOTAL, NEWS, TOTAL], 'nothing comes twice');
    } finally {
      for (const { socket } of walkers) socket.off().close();
      await proxy.stop();
      await server.stop();
    }
  });
}
