// The page on bad lines and in long rooms: nothing missing, nothing twice, and nothing that grows without end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenshot } from './lib/browser.js';
import { startCutter } from './lib/cutter.js';
import { serve } from './lib/page.js';
import { until } from './lib/process.js';
import { call, createRoom, createUser, history, post } from './lib/rest.js';

const LONG = 10_000;
/** What the page may keep of them: its own bound is 300. */
const MOST_DRAWN = 320;

const house = serve();

test('while the connection is cut again and again, every message arrives once and in order', async () => {
  const cutter = await startCutter(house.server.port);
  const alice = await house.open('Alice', undefined, cutter);
  const bob = await createUser(house.server, 'Bob');
  await alice.newRoom('tunnels');
  const [room] = (await call(house.server, 'GET', '/chatrooms/')).body.items.filter(({ name }) => name === 'tunnels');
  for (let round = 1; round <= 6; round += 1) {
    // Half of the cuts come between a message and its answer.
    cutter.isDeaf = round % 2 === 0;
    await alice.say(`from the train ${round}`);
    await post(house.server, room, bob, `from the station ${round}`);
    if (cutter.isDeaf) await until('it was stored', async () => (await history(house.server, room)).length >= 2 * round - 1);
    cutter.cut();
    cutter.isDeaf = false;
    await post(house.server, room, bob, `while it was cut ${round}`);
  }
  await alice.shows('while it was cut 6', 60_000);
  await until('all of hers are sent', async () => (await alice.page.locator('#pending > *').count()) === 0, 60_000);
  const stored = await history(house.server, room);
  assert.equal(stored.length, 18, 'six of hers and twelve of his');
  await alice.reads(stored.map((message) => message.message_text));
  assert.deepEqual(alice.complaints, []);
  await alice.close();
  cutter.stop();
});

test('without a connection one writes on, and what others changed meanwhile is shown when it is back', async () => {
  const cutter = await startCutter(house.server.port);
  const alice = await house.open('Alice', undefined, cutter);
  const bob = await createUser(house.server, 'Bob');
  const room = await createRoom(house.server, 'platform nine');
  const [first, second] = [await post(house.server, room, bob, 'as it was'), await post(house.server, room, bob, 'to be gone')];
  await alice.enter(room.name);
  await alice.shows('to be gone');
  await alice.page.clock.install();
  cutter.darken();
  await alice.page.getByText(/connection is lost/).waitFor();
  await alice.say('written in the dark');
  await alice.page.locator('.message.pending').waitFor();
  await screenshot(alice.page, 'page-offline');
  await call(house.server, 'PATCH', `/messages/${first.id}?user_id=${bob.id}`, { message_text: 'as it is' });
  await call(house.server, 'DELETE', `/messages/${second.id}?user_id=${bob.id}`);
  await post(house.server, room, bob, 'news');
  // While the page's clock stands still it does not try by itself: what brings it back is the button.
  await alice.page.clock.pauseAt(await alice.page.evaluate(() => Date.now()) + 20_000);
  await alice.page.locator('#connection[data-state="waiting"]').waitFor();
  cutter.lighten();
  await alice.page.getByRole('button', { name: 'Try now' }).click();
  await alice.connected();
  await alice.page.clock.resume();
  await alice.reads(['as it is', 'This message was deleted.', 'news', 'written in the dark']);
  await until('it is sent', async () => (await alice.page.locator('#pending > *').count()) === 0);
  assert.equal(await alice.page.locator('#offline').isVisible(), false);
  await alice.close();
  cutter.stop();
});

test('what was not sent when the page was reloaded is sent then, once', async () => {
  const cutter = await startCutter(house.server.port);
  const alice = await house.open('Alice', undefined, cutter);
  await alice.newRoom('reloaded');
  cutter.isDeaf = true;
  await alice.say('did it arrive?');
  await alice.page.locator('.message.pending').waitFor();
  cutter.isDeaf = false;
  await alice.page.reload();
  await alice.connected();
  await until('it is sent', async () => (await alice.page.locator('#messages .text').allTextContents()).includes('did it arrive?'));
  assert.deepEqual(await alice.texts(), ['did it arrive?']);
  await alice.close();
  cutter.stop();
});

test('a room of ten thousand messages stays small, loads as one scrolls, and does not jump', async () => {
  const bob = await createUser(house.server, 'Bob');
  const room = await createRoom(house.server, 'ten thousand');
  const writers = Array.from({ length: 100 }, async (_, writer) => {
    for (let number = 0; number < LONG / 100; number += 1) await post(house.server, room, bob, `line ${writer}.${number} ${'word '.repeat(number % 40)}`);
  });
  await Promise.all(writers);
  const alice = await house.open('Alice');
  await alice.enter(room.name);
  await until('the newest are shown', async () => (await lastSeq(alice)) === LONG);

  const moves = await climb(alice, LONG - 1200);
  assert.ok(moves.loads >= 4, `${moves.loads} pages were loaded`);
  assert.ok(moves.most <= MOST_DRAWN, `${moves.most} messages were drawn`);
  assert.ok(moves.jump <= 2, `what one reads moved by ${moves.jump} pixels`);
  await screenshot(alice.page, 'page-long-room');

  await post(house.server, room, bob, 'news at the end');
  const newest = alice.page.getByRole('button', { name: '1 new message' });
  await newest.waitFor();
  assert.ok((await lastSeq(alice)) < LONG, 'it does not push out what is read');
  await newest.click();
  await alice.shows('news at the end');
  assert.equal(await lastSeq(alice), LONG + 1);
  assert.ok((await drawn(alice)) <= MOST_DRAWN);
  await house.leave(alice);
});

test('scrolling back down comes to the newest message without a gap', async () => {
  const bob = await createUser(house.server, 'Bob');
  const room = await createRoom(house.server, 'there and back');
  for (let number = 1; number <= 500; number += 1) await post(house.server, room, bob, `step ${number}`);
  const alice = await house.open('Alice');
  await alice.enter(room.name);
  await until('the newest are shown', async () => (await lastSeq(alice)) === 500);
  await climb(alice, 1);
  await alice.page.getByText('This is where it begins.').waitFor();
  await screenshot(alice.page, 'page-beginning');
  await until('the end is reached', () => alice.page.evaluate(() => {
    const scroll = document.getElementById('scroll');
    scroll.scrollTop += 600;
    return Number([...document.querySelectorAll('#messages [data-seq]')].at(-1).dataset.seq) === 500;
  }), 120_000);
  const seqs = await alice.page.locator('#messages [data-seq]').evaluateAll((all) => all.map((one) => Number(one.dataset.seq)));
  assert.deepEqual(seqs, seqs.map((_, at) => seqs[0] + at), 'each once, in order');
  await alice.close();
});

const drawn = (tab) => tab.page.locator('#messages [data-seq]').count();
const lastSeq = async (tab) => Number(await tab.page.locator('#messages [data-seq]').last().getAttribute('data-seq', { timeout: 1000 }).catch(() => 0));

/**
 * Scrolls up until message `goal` is drawn. Says how many pages that loaded, how many messages were drawn at most, and
 * how far a message that was in view moved when a page was put in above it.
 */
function climb(tab, goal) {
  return tab.page.evaluate(async (goal) => {
    const scroll = document.getElementById('scroll');
    const list = document.getElementById('messages');
    const found = { loads: 0, most: 0, jump: 0 };
    const frame = () => new Promise(requestAnimationFrame);
    const first = () => Number(list.querySelector('[data-seq]').dataset.seq);
    const visible = () => [...list.querySelectorAll('[data-seq]')].find((one) => one.getBoundingClientRect().bottom > scroll.getBoundingClientRect().top + 40);
    const end = performance.now() + 120_000;
    while (first() > goal) {
      if (performance.now() > end) throw new Error(`at ${first()}, ${JSON.stringify(found)}`);
      const before = first();
      scroll.scrollTop = Math.max(0, scroll.scrollTop - 500);
      const anchor = visible();
      let { bottom } = anchor.getBoundingClientRect();
      for (let wait = 0; wait < 60 && first() === before && scroll.scrollTop < 400; wait += 1) {
        bottom = anchor.getBoundingClientRect().bottom;
        await frame();
      }
      if (first() === before) continue;
      found.loads += 1;
      found.jump = Math.max(found.jump, Math.abs(anchor.getBoundingClientRect().bottom - bottom));
      found.most = Math.max(found.most, list.querySelectorAll('[data-seq]').length);
    }
    return found;
  }, goal);
}
