// Once around the page, in light and in dark: every feature is used, and axe looks at each state it brings about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.js';
import { screenshot } from './lib/browser.js';
import { startCutter } from './lib/cutter.js';
import { serve } from './lib/page.js';
import { until } from './lib/process.js';
import { createRoom, createUser, post } from './lib/rest.js';

const house = serve();

/** A tab in light or dark, which it must really be. */
async function open(colorScheme, name, at) {
  const tab = await house.open(name, { colorScheme }, at);
  const red = await tab.page.evaluate(() => Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]));
  assert.equal(red < 128, colorScheme === 'dark', `${red} of red`);
  return tab;
}

/** A picture for a person, and axe. */
async function look(tab, colorScheme, what) {
  await screenshot(tab.page, `tour-${colorScheme}-${what.replaceAll(' ', '-')}`);
  await assertAccessible(tab, `${what}, ${colorScheme}`);
}

const field = (tab) => tab.page.getByRole('textbox', { name: 'Message' });
const badge = (tab, room) => tab.room(room).locator('.badge');

for (const colorScheme of ['light', 'dark']) {
  test(`${colorScheme}: rooms, members with presence, typing and read marks`, async () => {
    const alice = await open(colorScheme, 'Alice Moreau');
    await look(alice, colorScheme, 'welcome');
    await alice.newRoom(`terrace ${colorScheme}`);
    await look(alice, colorScheme, 'an empty room');
    const ben = await open(colorScheme, 'Ben Okafor');
    await ben.enter(`terrace ${colorScheme}`);
    await ben.page.locator('#online-list').getByText('Alice Moreau').waitFor();
    await field(ben).pressSequentially('Is any');
    await alice.page.getByText('Ben Okafor is typing').waitFor();
    await alice.page.locator('#online-list').getByText('Ben Okafor').waitFor();
    await look(alice, colorScheme, 'somebody types');
    await ben.say('Is anybody here?');
    await alice.shows('Is anybody here?');
    await alice.say('I am.');
    await alice.message('I am.').getByText('Seen by Ben Okafor').waitFor({ state: 'attached' });
    await look(alice, colorScheme, 'read marks');
    await house.leave(ben);
    await alice.page.locator('#offline-list').getByText('Ben Okafor').waitFor();
    await look(alice, colorScheme, 'somebody left');
    await house.leave(alice);
  });

  test(`${colorScheme}: what is unread, direct messages, edits and deletions`, async () => {
    const [alice, ben] = [await open(colorScheme, `Ada ${colorScheme}`), await open(colorScheme, `Cem ${colorScheme}`)];
    await alice.newRoom(`porch ${colorScheme}`);
    await ben.enter(`porch ${colorScheme}`);
    await field(ben).pressSequentially('h');
    await alice.page.locator('.details').getByRole('button', { name: `Cem ${colorScheme}` }).click();
    await alice.page.getByRole('heading', { name: `Cem ${colorScheme}`, exact: true }).waitFor();
    await alice.say('Between us');
    await until('it is unread', async () => (await badge(ben, `Ada ${colorScheme}`).textContent()).startsWith('1'));
    await ben.say('Hello');
    await until('that is unread too', async () => (await badge(alice, `porch ${colorScheme}`).textContent()).startsWith('1'));
    await look(alice, colorScheme, 'a conversation');
    await alice.room(`porch ${colorScheme}`).click();
    await alice.page.locator('.new-line').waitFor();
    await look(alice, colorScheme, 'where the unread begins');
    await alice.say('a frist draft');
    await alice.say('too much');
    await ben.shows('too much');
    await alice.message('a frist draft').getByRole('button', { name: 'Edit message' }).click();
    await look(alice, colorScheme, 'editing');
    await alice.say('a first draft');
    await alice.message('too much').getByRole('button', { name: 'Delete message' }).click();
    await look(alice, colorScheme, 'a question');
    await alice.page.getByRole('button', { name: 'Delete', exact: true }).click();
    for (const tab of [alice, ben]) await tab.reads(['Hello', 'a first draft', 'This message was deleted.']);
    for (const tab of [alice, ben]) await tab.message('a first draft').getByText('edited').waitFor();
    await look(alice, colorScheme, 'edited and deleted');
    await house.leave(alice, ben);
  });

  test(`${colorScheme}: history that loads on scroll`, async () => {
    const [bob, room] = [await createUser(house.server, 'Bob'), await createRoom(house.server, `long ${colorScheme}`)];
    for (let number = 1; number <= 200; number += 1) await post(house.server, room, bob, `step ${number}`);
    const alice = await open(colorScheme, 'Alice');
    await alice.enter(room.name);
    await alice.shows('step 200');
    const drawn = () => alice.page.locator('#messages [data-seq]').count();
    assert.ok((await drawn()) < 200, 'not all at once');
    await alice.page.locator('#scroll').hover();
    let count = 0;
    await until(() => `all are loaded: ${count} of 200`, async () => {
      await alice.page.mouse.wheel(0, -600);
      count = await drawn();
      return count === 200;
    }, 120_000);
    await until('the beginning is in view', async () => {
      await alice.page.mouse.wheel(0, -2000);
      return alice.page.evaluate(() => document.getElementById('scroll').scrollTop === 0);
    });
    await alice.page.getByText('This is where it begins.').waitFor();
    await post(house.server, room, bob, 'one more');
    await alice.page.getByRole('button', { name: '1 new message' }).waitFor();
    await look(alice, colorScheme, 'the beginning');
    await alice.page.getByRole('button', { name: '1 new message' }).click();
    await alice.page.getByText('one more', { exact: true }).waitFor();
    await alice.page.locator('#to-end').waitFor({ state: 'hidden' });
    await house.leave(alice);
  });

  test(`${colorScheme}: a connection that is lost and comes back, and what is refused`, async () => {
    const cutter = await startCutter(house.server.port);
    const room = await createRoom(house.server, `tunnel ${colorScheme}`);
    const alice = await open(colorScheme, 'Alice', cutter);
    await alice.enter(room.name);
    cutter.darken();
    await alice.page.getByText(/connection is lost/).waitFor();
    await alice.say('from the dark');
    await alice.page.locator('.message.pending').waitFor();
    await look(alice, colorScheme, 'no connection');
    cutter.lighten();
    await alice.connected();
    await alice.reads(['from the dark']);
    await alice.page.locator('#offline').waitFor({ state: 'hidden' });
    await alice.page.locator('#pending > *').waitFor({ state: 'detached' });
    const removed = await fetch(`${house.server.url}/chatrooms/${room.id}/members/${await alice.id()}`, { method: 'DELETE' });
    assert.equal(removed.status, 204);
    await alice.say('let me in');
    await alice.page.getByText(/^Not sent\./).waitFor();
    await look(alice, colorScheme, 'not sent');
    await alice.page.route(/\/messages\?/, (route) => route.abort(), { times: 1 });
    await alice.page.getByRole('button', { name: 'Discard' }).click();
    await alice.page.locator('#pending > *').waitFor({ state: 'detached' });
    await alice.room(room.name).click();
    await alice.page.getByText('This room could not be loaded').waitFor();
    await look(alice, colorScheme, 'not loaded');
    await alice.close();
    cutter.stop();
  });

  test(`${colorScheme}: by keyboard alone`, async () => {
    const bob = await createUser(house.server, 'Bob');
    const rooms = [await createRoom(house.server, `first ${colorScheme}`), await createRoom(house.server, `second ${colorScheme}`)];
    for (const room of rooms) await post(house.server, room, bob, `in ${room.name}`);
    const alice = await open(colorScheme, 'Alice');
    const keys = alice.page.keyboard;
    for (const room of rooms) {
      await keys.press('Control+k');
      await keys.type(room.name);
      await until('one room fits', async () => (await alice.page.locator('#room-lists .room-link:visible').count()) === 1);
      await keys.press('Enter');
      await alice.reads([`in ${room.name}`]);
    }
    await keys.press('Alt+ArrowUp');
    await alice.page.getByRole('heading', { name: rooms[0].name, exact: true }).waitFor();
    // In one moment, before the list shows what fits.
    await keys.press('Control+k');
    await alice.page.evaluate((name) => {
      const find = document.activeElement;
      find.value = name;
      find.dispatchEvent(new Event('input', { bubbles: true }));
      find.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }, rooms[1].name.slice(0, 3));
    await alice.page.getByRole('heading', { name: rooms[1].name, exact: true }).waitFor();
    await keys.press('Alt+ArrowUp');
    await alice.page.getByRole('heading', { name: rooms[0].name, exact: true }).waitFor();
    await alice.reads([`in ${rooms[0].name}`]);
    await keys.type('Written by hand');
    await keys.press('Enter');
    await alice.shows('Written by hand');
    await alice.page.locator('#pending > *').waitFor({ state: 'detached' });
    await keys.press('Shift+Tab');
    await look(alice, colorScheme, 'a message with the focus');
    await keys.press('?');
    await alice.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await look(alice, colorScheme, 'the shortcuts');
    await keys.press('Escape');
    await keys.press('e');
    await until('it is edited', async () => (await field(alice).inputValue()) === 'Written by hand');
    await keys.press('Escape');
    await house.leave(alice);
  });
}
