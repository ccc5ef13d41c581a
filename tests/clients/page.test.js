// Roomcast's own page at `/` in Chromium: two tabs chat, markup stays text, a phone, a server that restarts.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { startRoomcast, temporaryDirectory, until } from './lib/process.js';
import { createRoom, createUser, post } from './lib/rest.js';

const MARKUP = [
  '<img src=x onerror="window.hacked = 1">',
  '<script>window.hacked = 2</script>',
  '"><svg onload=window.hacked=3>',
  'javascript:window.hacked=4 <a href="javascript:window.hacked=5">here</a>',
  '&lt;b&gt; \u202e reversed \u0000 {{7*7}} ${7*7}',
];

const data = temporaryDirectory('page');
const house = serve({ dataDir: data.path });
after(() => data.remove());

test('two tabs chat in a room, and a reload shows the history', async () => {
  const alice = await house.open('Alice Moreau');
  await alice.newRoom('garden');
  const bob = await house.open('Bob');
  await bob.enter('garden');
  await alice.say('Hello Bob, the roses are out.');
  await bob.shows('Hello Bob, the roses are out.');
  await bob.say('Lovely! 🌹 Grüße, 漢字, שלום');
  await alice.shows('Lovely! 🌹 Grüße, 漢字, שלום');
  await bob.page.getByText('Alice Moreau').first().waitFor();
  await screenshot(alice.page, 'page-two-tabs-alice');
  await screenshot(bob.page, 'page-two-tabs-bob');
  for (let number = 1; number <= 20; number += 1) await alice.say(`line ${number}`);
  await bob.shows('line 20');
  const said = ['Hello Bob, the roses are out.', 'Lovely! 🌹 Grüße, 漢字, שלום', ...Array.from({ length: 20 }, (_, number) => `line ${number + 1}`)];
  for (const tab of [alice, bob]) await tab.reads(said);
  await bob.page.reload();
  await bob.reads(said);
  await house.leave(alice, bob);
});

test('markup in messages, names and rooms stays text', async () => {
  const mallory = await createUser(house.server, '<b onmouseover=window.hacked=6>Mallory</b><img src=x onerror=window.hacked=7>');
  const room = await createRoom(house.server, '<img src=x onerror=window.hacked=8>');
  const alice = await house.open('<i>Alice</i>');
  await alice.enter(room.name);
  for (const text of MARKUP) await post(house.server, room, mallory, text);
  await alice.shows(MARKUP.at(-1));
  await alice.say(MARKUP[0].replace('1', '9'));
  await alice.shows(MARKUP[0].replace('1', '9'));
  await alice.page.getByText(mallory.name).first().waitFor();
  await alice.page.reload();
  await alice.shows(MARKUP[1]);
  assert.equal(await alice.page.evaluate('window.hacked'), undefined);
  assert.equal(await alice.page.locator('#messages :is(img, script, b, i, a)').count(), 0);
  await screenshot(alice.page, 'page-markup');
  await house.leave(alice);
});

test('the page works on a phone', async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
  const alice = await house.open('Alice', phone);
  await screenshot(alice.page, 'page-phone-rooms');
  await alice.newRoom('a room with a really quite long name that does not fit');
  await alice.say(`a long word: ${'x'.repeat(200)}`);
  await alice.say('and a short line');
  await alice.shows('and a short line');
  await screenshot(alice.page, 'page-phone-room');
  const wide = await alice.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(wide, 0, 'nothing has to be scrolled sideways');
  await alice.page.getByRole('button', { name: /back/i }).click();
  await alice.page.getByRole('button', { name: 'New room' }).waitFor();
  await house.leave(alice);
});

test('the page comes back by itself when the server restarts, and misses nothing', async () => {
  const alice = await house.open('Alice');
  await alice.newRoom('restart');
  await alice.say('before');
  await alice.shows('before');
  const room = { id: await alice.page.locator('[aria-current]').first().getAttribute('data-room') };
  const field = alice.page.getByRole('textbox', { name: 'Message' });
  await field.fill('half a sentence');
  const { port } = house.server;
  await house.server.stop();
  await until('the page says so', async () => (await alice.page.getByRole('status').first().textContent()) !== 'Connected');
  house.server = await startRoomcast({ dataDir: data.path, port });
  const bob = await createUser(house.server, 'Bob');
  await post(house.server, room, bob, 'while it was away');
  await alice.connected();
  await alice.shows('while it was away');
  assert.equal(await field.inputValue(), 'half a sentence', 'what was not sent yet is still there');
  await alice.say('and after');
  await alice.shows('and after');
  await alice.reads(['before', 'while it was away', 'and after']);
  assert.deepEqual(alice.complaints, []);
  await alice.page.context().close();
});
