// The page with several people: unread counts, presence, typing, conversations of two, read marks, edits, private rooms.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { until } from './lib/process.js';
import { createRoom, createUser, post } from './lib/rest.js';

const house = serve();

/** Two people in one room, whose name is returned. */
async function pair(name, first = 'Alice Moreau', second = 'Ben Okafor') {
  const [alice, ben] = [await house.open(first), await house.open(second)];
  await alice.newRoom(name);
  await ben.enter(name);
  return [alice, ben];
}

test('what is unread is counted, marked where it begins, and read by looking at it', async () => {
  const [alice, ben] = await pair('kitchen');
  await ben.newRoom('cellar');
  for (const number of [1, 2, 3]) await alice.say(`course ${number}`);
  await until('three are unread', async () => (await ben.room('kitchen').locator('.badge').textContent()).startsWith('3'));
  await until('the title says so', async () => (await ben.page.title()) === '(3) cellar · Roomcast');
  await screenshot(ben.page, 'page-unread');
  await ben.room('kitchen').click();
  await ben.shows('course 3');
  const after = await ben.page.locator('.new-line + .message .text').textContent();
  assert.equal(after, 'course 1', 'the line stands in front of the first unread message');
  await until('nothing is unread', async () => (await ben.page.title()) === 'kitchen · Roomcast');
  await ben.page.reload();
  await ben.shows('course 3');
  assert.equal(await ben.room('kitchen').locator('.badge:visible').count(), 0, 'the server knows what was read');
  await house.leave(alice, ben);
});

test('who is there, who types and who has read is shown as it happens', async () => {
  const [alice, ben] = await pair('attic');
  await ben.page.getByRole('textbox', { name: 'Message' }).pressSequentially('I am wri');
  await alice.page.getByText('Ben Okafor is typing').waitFor();
  await alice.page.locator('#online-list').getByText('Ben Okafor').waitFor();
  await screenshot(alice.page, 'page-typing');
  await ben.say('I am writing.');
  await alice.shows('I am writing.');
  await until('the typing ends', async () => (await alice.page.locator('#typing.active').count()) === 0);
  await alice.say('And I read it.');
  await alice.message('And I read it.').getByText('Seen by Ben Okafor').waitFor({ state: 'attached' });
  await screenshot(alice.page, 'page-read-marks');
  const announced = alice.page.locator('#announcer');
  await until('a screen reader hears others, and each message once', async () => (await announced.textContent()) === 'Ben Okafor: I am writing.');
  await house.leave(ben);
  await alice.page.locator('#offline-list').getByText('Ben Okafor').waitFor();
  await alice.page.locator('#room-note').filter({ hasText: '2 members · 1 online' }).waitFor();
  await house.leave(alice);
});

test('two people talk alone', async () => {
  const [alice, ben] = await pair('lobby', 'Ada Lund', 'Cem Yılmaz');
  await ben.page.getByRole('textbox', { name: 'Message' }).pressSequentially('h');
  await alice.page.getByRole('button', { name: /^Cem Yılmaz/ }).click();
  await alice.page.getByRole('heading', { name: 'Cem Yılmaz', exact: true }).waitFor();
  await alice.say('Just between us');
  const conversation = ben.page.locator('#direct-list').getByText('Ada Lund');
  await conversation.waitFor();
  await until('it is unread', async () => (await ben.room('Ada Lund').locator('.badge').textContent()).startsWith('1'));
  await conversation.click();
  await ben.shows('Just between us');
  await ben.page.getByRole('textbox', { name: 'Message' }).pressSequentially('o');
  await alice.page.getByText('Cem Yılmaz is typing').waitFor();
  await ben.say('of course');
  await alice.shows('of course');
  await alice.message('Just between us').or(alice.message('of course')).getByText('Seen by Cem Yılmaz').first().waitFor({ state: 'attached' });
  await screenshot(alice.page, 'page-direct');
  const carol = await house.open('Carol');
  assert.equal(await carol.page.locator('#direct-list li').count(), 0, 'nobody else sees it');
  await carol.page.getByRole('button', { name: 'New direct message' }).click();
  await carol.page.getByRole('textbox', { name: 'Name of the person' }).fill('ada');
  await screenshot(carol.page, 'page-people-dialog');
  await carol.page.keyboard.press('Enter');
  await carol.page.getByRole('heading', { name: 'Ada Lund', exact: true }).waitFor();
  await house.leave(alice, ben, carol);
});

test("one's own messages can be changed and deleted, those of others cannot", async () => {
  const [alice, ben] = await pair('workshop');
  await alice.say('a frist draft');
  await alice.say('a second thought');
  await ben.shows('a second thought');
  assert.equal(await ben.page.getByRole('button', { name: 'Edit message', includeHidden: true }).count(), 0);

  await alice.message('a frist draft').hover();
  await alice.message('a frist draft').getByRole('button', { name: 'Edit message' }).click();
  const field = alice.page.getByRole('textbox', { name: 'Message' });
  assert.equal(await field.inputValue(), 'a frist draft');
  await screenshot(alice.page, 'page-editing');
  // The answer comes late, and is as old as the message: what the socket said meanwhile stands.
  await alice.page.route(/\/messages\//, async (route) => {
    const answer = await route.fetch();
    await alice.message('a first draft').getByText('edited').waitFor();
    const before = await answer.json();
    await route.fulfill({ response: answer, json: { ...before, message_text: 'a frist draft', last_updated_date: before.created_date } });
  }, { times: 1 });
  const answered = alice.page.waitForResponse(/\/messages\//);
  await alice.say('a first draft');
  for (const tab of [alice, ben]) await tab.message('a first draft').getByText('edited').waitFor();
  await (await answered).finished();

  await field.press('ArrowUp');
  assert.equal(await field.inputValue(), 'a second thought', 'the arrow takes the last one');
  await field.press('Escape');
  assert.equal(await field.inputValue(), '');

  await alice.message('a second thought').hover();
  await alice.message('a second thought').getByRole('button', { name: 'Delete message' }).click();
  await screenshot(alice.page, 'page-confirm');
  await alice.page.getByRole('button', { name: 'Delete', exact: true }).click();
  for (const tab of [alice, ben]) await tab.reads(['a first draft', 'This message was deleted.']);
  await alice.page.reload();
  await alice.message('a first draft').getByText('edited').waitFor();
  await alice.reads(['a first draft', 'This message was deleted.']);
  await screenshot(alice.page, 'page-changed');
  await house.leave(alice, ben);
});

test('another name is another person, whose older messages stay their own', async () => {
  const [alice, ben] = await pair('stage', 'Kim', 'Lee');
  await alice.say('as Kim');
  await ben.shows('as Kim');
  await alice.page.getByRole('button', { name: 'Change name' }).click();
  await alice.page.getByRole('textbox', { name: 'Name', exact: true }).fill('Kim Dahl');
  await alice.page.getByRole('button', { name: 'Continue' }).click();
  await alice.page.locator('#my-name').filter({ hasText: 'Kim Dahl' }).waitFor();
  await alice.connected();
  await alice.say('as Kim Dahl');
  await ben.message('as Kim Dahl').getByText('Kim Dahl', { exact: true }).waitFor();
  await ben.message('as Kim').getByText('Kim', { exact: true }).waitFor();
  await alice.reads(['as Kim', 'as Kim Dahl']);
  assert.equal(await alice.page.locator('#messages .mine').count(), 2);
  await house.leave(alice, ben);
});

test('a private room is seen by those who were added', async () => {
  const [alice, ben] = await pair('square', 'Ida Berg', 'Tom Reed');
  await alice.newRoom('the plan', 'Only people I add');
  await ben.page.reload();
  await ben.room('square').waitFor();
  assert.equal(await ben.room('the plan').count(), 0);
  await alice.page.getByRole('button', { name: 'Add people' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: /^Tom Reed/ }).click();
  await alice.page.locator('.details').getByText('Tom Reed').waitFor();
  await ben.page.reload();
  await ben.enter('the plan');
  await alice.say('welcome');
  await ben.shows('welcome');
  await ben.page.getByRole('button', { name: 'Leave room' }).click();
  await ben.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await until('it is gone', async () => (await ben.room('the plan').count()) === 0);
  await house.leave(alice, ben);
});

test('a message that is refused stays, says why, and can be sent again', async () => {
  const alice = await house.open('Alice');
  const owner = await createUser(house.server, 'Owner');
  const room = await createRoom(house.server, 'guarded');
  await alice.enter('guarded');
  await alice.page.locator('#empty').waitFor();
  const [id, member] = [await alice.id(), `${house.server.url}/chatrooms/${room.id}/members`];
  const removed = await fetch(`${member}/${id}`, { method: 'DELETE' });
  assert.equal(removed.status, 204);
  await alice.say('let me in');
  await alice.page.getByText(/^Not sent\./).waitFor();
  await screenshot(alice.page, 'page-not-sent');
  await post(house.server, room, owner, 'others go on');
  await fetch(member, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user_id: id }) });
  await alice.page.getByRole('button', { name: 'Try again' }).click();
  await until('it is sent', async () => (await alice.page.locator('#pending > *').count()) === 0);
  await alice.shows('let me in');
  await house.leave(alice);
});
