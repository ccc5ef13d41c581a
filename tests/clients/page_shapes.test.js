// Names and texts of every shape: long, without a space, from the right to the left, of several scripts; and many rooms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { until } from './lib/process.js';
import { call, createRoom, createUser, post } from './lib/rest.js';

const house = serve();
const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  desk: { viewport: { width: 1280, height: 800 } },
};
const PEOPLE = ['Maximiliana Alexandrina von Hohenzollern-Sigmaringen zu Musterstadt', 'X'.repeat(64), '👩‍👩‍👧 Family', 'محمد عبد الله'];
const TEXTS = [
  `https://example.org/${'path'.repeat(60)}?q=${'1'.repeat(120)}`, 'W'.repeat(700), '👩‍👩‍👧🇩🇪', '    indented\n\n\nand apart',
  'one line\nשורה שנייה\nthe third, which is the longest of them',
];

/** How far anything in the page, but for what is cut off on purpose, stands out of its sides. */
const overflow = (tab) => tab.page.evaluate(() => {
  const scrolling = [document.documentElement, ...document.querySelectorAll('#scroll, #room-lists, .details-body, dialog[open]')];
  return Math.max(...scrolling.map((one) => one.scrollWidth - one.clientWidth));
});

for (const [size, options] of Object.entries(SIZES)) {
  test(`${size}: nothing is wider than its place, whatever people are called and write`, async () => {
    const room = await createRoom(house.server, `${'N'.repeat(70)} ${size}`);
    for (const name of PEOPLE) {
      const { body: person } = await call(house.server, 'POST', '/users/', { name, handle: `${size}-${PEOPLE.indexOf(name)}` });
      await call(house.server, 'POST', `/chatrooms/${room.id}/members`, { user_id: person.id });
      for (const text of TEXTS) await post(house.server, room, person, text);
    }
    const tab = await house.open(`Mika ${'Sand'.repeat(12)}`, options);
    assert.equal(await overflow(tab), 0, 'the rooms');
    await tab.enter(room.name);
    await tab.page.locator('#messages .message').nth(PEOPLE.length * TEXTS.length - 1).waitFor();
    await screenshot(tab.page, `shapes-${size}`);
    assert.equal(await overflow(tab), 0, 'the messages');
    if (size === 'phone') await tab.page.getByRole('button', { name: 'People', exact: true }).click();
    await tab.page.locator('#offline-list li').nth(PEOPLE.length - 1).waitFor();
    assert.equal(await overflow(tab), 0, 'the people');
    assert.ok((await tab.page.locator('#offline-list .avatar').allTextContents()).includes('👩‍👩‍👧F'), 'a sign of several characters is kept whole');
    await tab.page.getByRole('button', { name: 'Leave room' }).click();
    assert.equal(await overflow(tab), 0, 'the question');
    await tab.page.keyboard.press('Escape');
    assert.equal(await tab.page.locator('#text').getAttribute('placeholder'), `Message #${'N'.repeat(22)}…`);
    await house.leave(tab);
  });
}

test('each line of a message begins at the side of its script', async () => {
  const [ben, room] = [await createUser(house.server, 'Ben'), await createRoom(house.server, 'scripts')];
  await post(house.server, room, ben, TEXTS.at(-1));
  const tab = await house.open('Alice');
  await tab.enter('scripts');
  await tab.shows(TEXTS.at(-1));
  const sides = await tab.page.locator('#messages .bubble').evaluate((bubble) => {
    const { left, right } = bubble.getBoundingClientRect();
    const text = bubble.querySelector('.text').firstChild;
    let begin = 0;
    return text.data.split('\n').map((line) => {
      const range = document.createRange();
      range.setStart(text, begin);
      range.setEnd(text, begin + line.length);
      begin += line.length + 1;
      const box = range.getBoundingClientRect();
      return box.left - left < right - box.right ? 'left' : 'right';
    });
  });
  assert.deepEqual(sides, ['left', 'right', 'left']);
  const field = tab.page.getByRole('textbox', { name: 'Message' });
  await field.fill('שלום');
  assert.equal(await field.evaluate((one) => getComputedStyle(one).direction), 'rtl');
  await house.leave(tab);
});

test('of five hundred rooms the first hundred are listed, the others are counted, and each is found by its name', async () => {
  for (let from = 0; from < 500; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, at) => createRoom(house.server, `hall ${String(from + at).padStart(3, '0')}`)));
  }
  const tab = await house.open('Alice');
  await tab.page.getByText(/^And 4\d\d more\. Find them by name\.$/).waitFor();
  assert.equal(await tab.page.locator('#others-list li').count(), 100);
  await tab.page.getByRole('searchbox').fill('hall 499');
  await until('one fits', async () => (await tab.page.locator('#room-lists .room-link').count()) === 1);
  assert.equal(await tab.page.locator('#more-others').isVisible(), false);
  await tab.page.keyboard.press('Enter');
  await tab.page.getByRole('heading', { name: 'hall 499', exact: true }).waitFor();
  await house.leave(tab);
});
