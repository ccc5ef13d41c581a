// The page as a house to live in: light and dark, by keyboard alone, for screen readers, on a phone, and when things go wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.js';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { startRoomcast, until } from './lib/process.js';
import { createRoom, createUser, post } from './lib/rest.js';
import { Tab } from './lib/tab.js';
import { REQUIRED, token } from './lib/token.js';

const PHONE = { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const TALK = [
  ['Nora', 'Morning! The pump on the north bed is running again.'],
  ['Nora', 'I replaced the filter, it was full of leaves.'],
  ['Elif', 'Great. Can somebody look at the tomatoes today? They need to be tied up, and the ones at the back want more light than they get there.'],
  ['Jonas', 'I am there at four.'],
  ['Elif', 'Thank you!'],
];

const house = serve();

/** A room with a life: several people, some rooms, a conversation, something unread. */
async function scene(name, options = {}) {
  const people = {};
  for (const who of ['Nora', 'Elif', 'Jonas']) people[who] = await createUser(house.server, who);
  const room = await createRoom(house.server, `greenhouse ${name}`);
  for (const [who, text] of TALK) await post(house.server, room, people[who], text);
  const tab = await house.open('Mika Sand', options);
  await tab.enter(room.name);
  await tab.shows('Thank you!');
  const id = await tab.id();
  await tab.say('I bring the string. And scissors.');
  await tab.shows('I bring the string. And scissors.');
  for (const who of ['Nora', 'Jonas']) await join(room, people[who]);
  const direct = await fetch(`${house.server.url}/chatrooms/`, body({ kind: 'direct', to_user_id: id, user_id: people.Elif.id }));
  await post(house.server, await direct.json(), people.Elif, 'Do you have a minute?');
  const side = await createRoom(house.server, `seeds and a very long name for a room ${name}`);
  await tab.room('Elif').locator('.badge').waitFor({ state: 'attached' });
  return { tab, people, room, side };
}

const body = (json) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) });
const join = (room, user) => fetch(`${house.server.url}/chatrooms/${room.id}/members`, body({ user_id: user.id }));

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in the ${colorScheme} page, its dialogs and its phone`, async () => {
    const { tab } = await scene(colorScheme, { colorScheme });
    const { page } = tab;
    await page.mouse.move(600, 10);
    await screenshot(page, `page-${colorScheme}`);
    await assertAccessible(tab, 'the room');
    const dialogs = {
      room: () => page.getByRole('button', { name: 'New room' }).click(),
      people: () => page.getByRole('button', { name: 'New direct message' }).click(),
      keys: () => page.getByRole('button', { name: 'Keyboard shortcuts' }).click(),
      name: () => page.getByRole('button', { name: 'Change name' }).click(),
    };
    for (const [name, open] of Object.entries(dialogs)) {
      await open();
      if (name === 'people') await page.getByRole('dialog').getByText('Nora').first().waitFor();
      await screenshot(page, `page-${colorScheme}-${name}`);
      await assertAccessible(tab, `the dialog ${name}`);
      await page.keyboard.press('Escape');
    }
    await house.leave(tab);

    const phone = await scene(`phone ${colorScheme}`, { ...PHONE, colorScheme });
    await screenshot(phone.tab.page, `page-phone-${colorScheme}-room`);
    await assertAccessible(phone.tab, 'the room on a phone');
    await phone.tab.page.getByRole('button', { name: 'People' }).click();
    await screenshot(phone.tab.page, `page-phone-${colorScheme}-people`);
    await assertAccessible(phone.tab, 'the people on a phone');
    await phone.tab.page.getByRole('button', { name: 'Close the list of people' }).click();
    await phone.tab.page.getByRole('button', { name: /back/i }).click();
    await screenshot(phone.tab.page, `page-phone-${colorScheme}-rooms`);
    await assertAccessible(phone.tab, 'the rooms on a phone');
    const wide = await phone.tab.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(wide, 0, 'nothing has to be scrolled sideways');
    await phone.tab.close();
  });
}

test('light or dark is as the system has it, until one chooses, and that is remembered', async () => {
  const tab = await house.open('Alice', { colorScheme: 'dark' });
  const isDark = () => tab.page.evaluate(() => {
    const [red] = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
    return Number(red) < 128;
  });
  assert.equal(await isDark(), true);
  await tab.page.emulateMedia({ colorScheme: 'light' });
  assert.equal(await isDark(), false);
  const button = tab.page.getByRole('button', { name: /^Theme/ });
  await button.click();
  await button.click();
  assert.equal(await button.getAttribute('aria-label'), 'Theme: dark. Change to system');
  assert.equal(await isDark(), true);
  await tab.page.reload();
  assert.equal(await isDark(), true);
  await button.click();
  assert.equal(await isDark(), false);
  await tab.close();
});

test('everything can be reached and done by keyboard, and one sees where one is', async () => {
  const { tab, room, side } = await scene('keys');
  const { page } = tab;
  const { keyboard } = page;
  await keyboard.press('Control+k');
  await keyboard.type('for a room keys');
  await until('one room fits', async () => (await page.locator('#room-lists .room-link:visible').count()) === 1);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: side.name, exact: true }).waitFor();
  await keyboard.press('Alt+Shift+ArrowDown');
  await page.getByRole('heading', { name: 'Elif', exact: true }).waitFor();
  await tab.shows('Do you have a minute?');
  await keyboard.press('Control+k');
  await keyboard.type(room.name);
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: room.name, exact: true }).waitFor();
  await tab.shows('Thank you!');

  assert.equal(await page.evaluate(() => document.activeElement.id), 'text', 'one can write at once');
  await keyboard.press('Shift+Tab');
  const focused = () => page.evaluate(() => document.activeElement.closest('.message')?.querySelector('.text').textContent);
  assert.equal(await focused(), 'I bring the string. And scissors.');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'article', 'the message comes before its buttons');
  await screenshot(page, 'page-focus');
  await keyboard.press('ArrowUp');
  assert.equal(await focused(), 'Thank you!');
  await keyboard.press('Home');
  assert.equal(await focused(), TALK[0][1]);
  await keyboard.press('End');
  await keyboard.press('e');
  assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), 'I bring the string. And scissors.');
  await keyboard.press('Escape');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Delete');
  await page.getByRole('dialog', { name: 'Delete this message?' }).waitFor();
  await keyboard.press('Escape');
  await keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await keyboard.press('Escape');

  const reached = await walk(page);
  for (const name of ['New room', 'New direct message', 'Change name', 'Theme', 'Keyboard shortcuts', 'People', 'Leave room']) {
    assert.ok(reached.some((one) => one.name.startsWith(name)), `${name} is reached, of ${reached.map((one) => one.name)}`);
  }
  assert.deepEqual(reached.filter((one) => !one.isSeen).map((one) => one.name), [], 'what has the focus is marked');
  await house.leave(tab);
});

/** Once around with the tabulator: what has a focus, and whether one sees it. */
async function walk(page) {
  const reached = [];
  for (let stop = 0; stop < 40; stop += 1) {
    await page.keyboard.press('Tab');
    const one = await page.evaluate(() => {
      const { activeElement: at } = document;
      const box = at.getBoundingClientRect();
      // The field to write in shows it around itself and its button.
      const marked = getComputedStyle(at.closest('.composer') ?? at);
      return {
        name: at.getAttribute('aria-label') ?? at.textContent.trim(),
        isSeen: at === document.body || (marked.outlineStyle !== 'none' && box.width > 0 && box.bottom > 0 && box.top < innerHeight),
      };
    });
    reached.push(one);
  }
  return reached;
}

test('loading, failing and being empty are said, and failing can be tried again', async () => {
  const room = await createRoom(house.server, 'slow room');
  await post(house.server, room, await createUser(house.server, 'Bob'), 'worth waiting for');
  const tab = await house.open('Alice');
  const { page } = tab;
  await page.getByText('Pick a room to read and write').waitFor();
  await screenshot(page, 'page-welcome');
  let answer;
  const asked = new Promise((resolve) => { answer = resolve; });
  await page.route(/\/messages\?/, async (route) => { await asked; await route.abort(); }, { times: 1 });
  await tab.room('slow room').click();
  await page.getByText('Loading messages').waitFor({ state: 'attached' });
  await screenshot(page, 'page-loading');
  answer();
  await page.getByText('This room could not be loaded').waitFor();
  await screenshot(page, 'page-failed');
  await page.getByRole('button', { name: 'Try again' }).click();
  await tab.shows('worth waiting for');
  await tab.newRoom('nothing yet');
  await page.getByText('Say the first word.').waitFor();
  await screenshot(page, 'page-empty');
  await tab.say(`${'long'.repeat(400)}\nand\n\nlines`);
  await page.locator('#messages .text').waitFor();
  await screenshot(page, 'page-long-word');
  assert.equal(await page.evaluate(() => document.getElementById('scroll').scrollWidth - document.getElementById('scroll').clientWidth), 0);
  await house.leave(tab);
});

test('where a token is required the page asks for one, and keeps it out of the address', async () => {
  const guarded = await startRoomcast({ args: REQUIRED });
  const context = await house.browser.newContext();
  const tab = new Tab(await context.newPage());
  await tab.page.goto(`${guarded.url}/`);
  const field = tab.page.getByRole('textbox', { name: 'Token' });
  await field.fill('nonsense');
  await tab.page.getByRole('button', { name: 'Sign in' }).click();
  await tab.page.getByText(/The token was refused/).waitFor();
  await screenshot(tab.page, 'page-token');
  await assertAccessible(tab, 'the question for a token');
  await field.fill(token({ sub: 'u1', username: 'toni', name: 'Toni Vale' }));
  await tab.page.getByRole('button', { name: 'Sign in' }).click();
  await tab.connected();
  await tab.newRoom('vault');
  await tab.say('signed and sealed');
  await tab.shows('signed and sealed');
  const second = new Tab(await (await house.browser.newContext()).newPage());
  await second.page.goto(`${guarded.url}/#token=${token({ sub: 'u2', username: 'uma' })}`);
  await second.connected();
  assert.equal(new URL(second.page.url()).hash, '', 'the token is taken out of the address');
  await second.enter('vault');
  await second.shows('signed and sealed');
  await second.page.getByRole('button', { name: 'Sign out' }).click();
  await second.page.getByRole('textbox', { name: 'Token' }).waitFor();
  for (const one of [tab, second]) {
    one.assertClean(guarded);
    await one.close();
  }
  await guarded.stop();
});

test('the policy of the page lets nothing in that is not its own', async () => {
  const { headers } = await fetch(`${house.server.url}/`);
  const policy = headers.get('content-security-policy');
  assert.match(policy, /^default-src 'none'; script-src 'self'; /);
  assert.doesNotMatch(policy, /unsafe|\*|data:|https?:/);
  assert.match(policy, /require-trusted-types-for 'script'/);
  const tab = await house.open('Eve');
  const tried = await tab.page.evaluate(async () => {
    const script = document.createElement('script');
    const results = [];
    for (const attempt of [
      () => { script.text = 'window.hacked = 1'; document.body.append(script); },
      () => { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hacked = 2">'); },
      () => { window.setTimeout('window.hacked = 3'); },
    ]) {
      try { attempt(); results.push('done'); } catch { results.push('refused'); }
    }
    results.push(await fetch('http://127.0.0.1:1/').catch(() => 'refused'));
    return results;
  });
  assert.equal(await tab.page.evaluate('window.hacked'), undefined, String(tried));
  assert.ok(tried.filter((one) => one === 'refused').length >= 3, String(tried));
  await tab.close();
});
