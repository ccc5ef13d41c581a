// The page where there is no room beside the messages: the people come over them, and are all there is while they do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.js';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { call, createRoom, createUser, post } from './lib/rest.js';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const house = serve();

/** Somebody with a phone in a room that is longer than its screen. */
async function inRoom(name, options = PHONE) {
  const [ben, room] = [await createUser(house.server, 'Ben Okafor'), await createRoom(house.server, name)];
  assert.equal((await call(house.server, 'POST', `/chatrooms/${room.id}/members`, { user_id: ben.id })).status, 201);
  for (let number = 1; number <= 30; number += 1) await post(house.server, room, ben, `line ${number}`);
  const tab = await house.open('Ada Lund', options);
  await tab.enter(name);
  await tab.shows('line 30');
  const toggle = tab.page.getByRole('button', { name: 'People', exact: true });
  const people = tab.page.getByRole('dialog', { name: 'People' });
  const open = async () => {
    await toggle.click();
    await people.waitFor();
  };
  const isClosed = async () => {
    await people.waitFor({ state: 'detached' });
    assert.equal(await tab.page.evaluate(() => document.activeElement.id), 'toggle-details', 'the focus is where it came from');
    assert.equal(await tab.page.evaluate(() => document.querySelectorAll('[inert]').length), 0);
  };
  return { tab, open, people, isClosed };
}

test('the people over the messages keep the focus, and Escape, a tap beside them or the button takes them away', async () => {
  const { tab, open, people, isClosed } = await inRoom('drawer');
  const { page } = tab;
  await open();
  await people.getByText('Ben Okafor').waitFor();
  await screenshot(page, 'phone-people');
  await assertAccessible(tab, 'the people over the messages');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'close-details');
  const stops = new Set();
  for (const key of [...Array(8).fill('Tab'), ...Array(8).fill('Shift+Tab')]) {
    await page.keyboard.press(key);
    stops.add(await page.evaluate(() => (document.activeElement.closest('#details') ?? document.activeElement).id || document.activeElement.tagName));
  }
  stops.delete('BODY');
  assert.deepEqual([...stops], ['details'], 'nothing behind them is reached');
  await page.keyboard.press('Escape');
  await isClosed();

  await open();
  const before = await page.evaluate(() => document.getElementById('scroll').scrollTop);
  assert.ok(before > 100, 'there is something to scroll');
  await page.mouse.move(30, 400);
  await page.mouse.wheel(0, -300);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await page.evaluate(() => document.getElementById('scroll').scrollTop), before, 'what is behind stays where it is');
  await page.touchscreen.tap(30, 400);
  await isClosed();
  await page.mouse.wheel(0, -300);
  await page.waitForFunction((top) => document.getElementById('scroll').scrollTop < top, before);

  await open();
  await page.getByRole('button', { name: 'Close the list of people' }).click();
  await isClosed();
  await house.leave(tab);
});

test('whatever leads away from the room also takes the people away', async () => {
  const { tab, open, people } = await inRoom('ways out');
  const { page } = tab;
  const isFree = async (what) => {
    await people.waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.querySelectorAll('[inert]').length), 0, what);
  };
  await open();
  await page.goBack();
  await isFree('back');
  await page.goForward();
  await open();
  await people.getByRole('button', { name: /^Ben Okafor/ }).click();
  await page.getByRole('heading', { name: 'Ben Okafor', exact: true }).waitFor();
  await isFree('somebody to write to');
  await page.goBack();
  await page.getByRole('heading', { name: 'ways out', exact: true }).waitFor();
  await open();
  await page.getByRole('button', { name: 'Leave room' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await isFree('leaving');
  await tab.room('ways out').waitFor();
  await house.leave(tab);
});

test('whom somebody takes out of a room is not left before a shade', async () => {
  const { server } = house;
  const tab = await house.open('Ada Lund', PHONE);
  const { page } = tab;
  await tab.newRoom('the cellar', 'Only people I add');
  const id = await tab.id();
  const { body: own } = await call(server, 'GET', `/me/rooms?user_id=${id}`);
  const room = own.items.find(({ name }) => name === 'the cellar');
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByRole('dialog', { name: 'People' }).waitFor();
  assert.equal((await call(server, 'DELETE', `/chatrooms/${room.id}/members/${id}`)).status, 204);
  // It looks from time to time, and when it is looked at.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.waitForFunction(() => document.body.dataset.room === 'none');
  assert.equal(await page.evaluate(() => document.querySelectorAll('[inert]').length), 0, 'the rest can be reached');
  assert.equal(await page.locator('#shade').isVisible(), false);
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'New room' }).waitFor();
  await house.leave(tab);
});

test('people that stood beside the messages do not come over them when the window gets narrow', async () => {
  const { tab, people } = await inRoom('window', { viewport: { width: 1280, height: 800 } });
  const { page } = tab;
  const beside = page.getByRole('complementary', { name: 'People' });
  await beside.waitFor();
  await page.setViewportSize({ width: 1000, height: 800 });
  await beside.waitFor({ state: 'hidden' });
  assert.equal(await people.count(), 0);
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await people.waitFor();
  await page.setViewportSize({ width: 1280, height: 800 });
  await beside.waitFor();
  assert.equal(await page.evaluate(() => document.querySelectorAll('[inert]').length), 0);
  await house.leave(tab);
});

test('the page has one heading of the first order, whatever is shown', async () => {
  const firsts = (page) => page.getByRole('heading', { level: 1 }).allTextContents();
  for (const options of [PHONE, { viewport: { width: 1280, height: 800 } }]) {
    const tab = await house.open('Ada Lund', options);
    assert.deepEqual(await firsts(tab.page), ['Roomcast']);
    await tab.newRoom(`heads ${options.viewport.width}`);
    assert.deepEqual(await firsts(tab.page), ['Roomcast']);
    assert.deepEqual(await tab.page.getByRole('heading', { level: 2, name: /^heads/ }).count(), 1);
    await house.leave(tab);
  }
});
