// What the page says when the server does not do as it is asked: too fast, too long, full, a token that is no good.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible } from './lib/axe.js';
import { screenshot } from './lib/browser.js';
import { serve } from './lib/page.js';
import { startRoomcast, until } from './lib/process.js';
import { call, history } from './lib/rest.js';
import { Tab } from './lib/tab.js';
import { REQUIRED, token } from './lib/token.js';

// Five messages at once, then one a second; and short ones.
const house = serve({
  limits: true,
  env: { ROOMCAST_LIMITS_MESSAGES: '5', ROOMCAST_LIMITS_MESSAGE_WINDOW: '5s', ROOMCAST_CHAT_MAX_TEXT: '200' },
});

const roomOf = async (name) => (await call(house.server, 'GET', '/chatrooms/')).body.items.find((room) => room.name === name);
const sent = (tab) => tab.page.locator('#pending > *').waitFor({ state: 'detached' });

test('who writes too fast is told so, and everything is sent in the end, once and in order', async () => {
  const alice = await house.open('Alice');
  await alice.newRoom('hurry');
  const texts = Array.from({ length: 8 }, (_, number) => `quick ${number}`);
  for (const text of texts) await alice.say(text);
  const pace = alice.page.locator('#pace');
  await pace.filter({ hasText: /^The server asks to slow down\. What waits here is sent by itself, the next message in/ }).waitFor();
  assert.equal(await pace.getAttribute('role'), 'status', 'a screen reader hears it');
  assert.match(await alice.page.locator('#pending .meta').first().textContent(), /^waiting$/);
  await screenshot(alice.page, 'refused-too-fast');
  await assertAccessible(alice, 'messages that wait');
  await alice.page.locator('#pending > *').first().waitFor({ state: 'detached' });
  await until('all are sent', async () => (await alice.page.locator('#pending > *').count()) === 0);
  assert.equal(await pace.textContent(), '');
  await alice.reads(texts);
  const stored = await history(house.server, await roomOf('hurry'));
  assert.deepEqual(stored.map((message) => message.message_text), texts);
  await house.leave(alice);
});

async function rename(tab, name) {
  await tab.page.getByRole('button', { name: 'Change name' }).click();
  await tab.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await tab.page.getByRole('button', { name: 'Continue' }).click();
  await tab.page.locator('#my-name').filter({ hasText: name }).waitFor();
}

test('what waits goes along with whoever changes their name', async () => {
  const alice = await house.open('Kim');
  const { clock } = alice.page;
  await alice.newRoom('rename');
  const before = await alice.id();
  // While the page's clock stands still what the server refused is not tried again: none is on its way.
  await clock.install();
  await alice.page.reload();
  await alice.connected();
  await alice.page.getByRole('heading', { name: 'rename', exact: true }).waitFor();
  await clock.pauseAt(await alice.page.evaluate(() => Date.now()) + 20_000);
  const texts = Array.from({ length: 7 }, (_, number) => `quick ${number}`);
  for (const text of texts) await alice.say(text);
  await alice.page.locator('#pace').filter({ hasText: 'slow down' }).waitFor({ state: 'attached' });
  await rename(alice, 'Kim Dahl');
  const after = await alice.id();
  await alice.connected();
  await clock.resume();
  await until('all are sent', async () => (await alice.page.locator('#pending > *').count()) === 0);
  await alice.reads(texts);
  const stored = await history(house.server, await roomOf('rename'));
  assert.deepEqual(stored.map((message) => message.user_id), texts.map((_, at) => (at < 5 ? before : after)));
  await house.leave(alice);
});

test('what may be stored under the old name is not stored again under the new one', async () => {
  const alice = await house.open('Lea');
  await alice.newRoom('twice');
  // From `mute` on a connection the page hears no answers.
  let [newest, mute, swallowed] = [null, null, 0];
  await alice.page.routeWebSocket(/socket\.io/, (socket) => {
    const server = newest = socket.connectToServer();
    server.onMessage((frame) => {
      if (server === mute && frame.startsWith('43')) swallowed += 1;
      else socket.send(frame);
    });
  });
  await alice.page.reload();
  await alice.connected();
  await alice.page.getByRole('heading', { name: 'twice', exact: true }).waitFor();
  await alice.page.locator('#empty').waitFor();
  mute = newest;
  await alice.say('did it arrive?');
  await alice.say('this waits behind it');
  const stored = async () => (await history(house.server, await roomOf('twice'))).map((message) => message.message_text);
  await until('one is stored and not answered', async () => swallowed > 0 && (await stored()).length === 1);
  await rename(alice, 'Lea Dahl');
  await until('the other one is sent', async () => (await stored()).includes('this waits behind it'));
  assert.deepEqual(await stored(), ['did it arrive?', 'this waits behind it']);
  const unclear = alice.page.locator('#pending .failed').filter({ hasText: 'did it arrive?' });
  await unclear.getByText('This may have been sent already, under your old name.', { exact: true }).waitFor();
  await screenshot(alice.page, 'refused-renamed');
  await alice.reads(['did it arrive?', 'this waits behind it', 'did it arrive?']);
  await unclear.getByRole('button', { name: 'Discard' }).click();
  await alice.reads(['did it arrive?', 'this waits behind it']);
  await house.leave(alice);
});

test('a message or a change that is too long for the server comes back to be shortened', async () => {
  const alice = await house.open('Alice');
  const field = alice.page.getByRole('textbox', { name: 'Message' });
  await alice.newRoom('essays');
  const long = 'long '.repeat(60).trim();
  await alice.say(long);
  await alice.page.getByText('Not sent. It is too long for this server, which takes at most 200 bytes.').waitFor();
  await screenshot(alice.page, 'refused-too-long');
  await alice.page.getByRole('button', { name: 'Shorten it' }).click();
  assert.equal(await field.inputValue(), long);
  await sent(alice);
  await alice.say('short');
  await alice.reads(['short']);

  await sent(alice);
  await field.press('ArrowUp');
  await alice.say(long);
  await alice.page.getByText('It is too long for this server, which takes at most 200 bytes.').waitFor();
  await until('it is in the field again', async () => (await field.inputValue()) === long);
  await alice.page.getByText('Editing a message').waitFor();
  await alice.say('brief');
  await alice.reads(['brief']);

  await field.fill('x'.repeat(16 * 1024 + 10));
  await alice.page.getByText('This is too long to send, by about 10 characters.').waitFor();
  assert.equal(await alice.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
  await house.leave(alice);
});

/** Somebody who wrote `texts` in a new room, and changes the last of them to `LONG`, which `refuse` has refused. */
const LONG = 'long '.repeat(60).trim();
async function refusedLate(name, texts) {
  const tab = await house.open('Alice');
  const field = tab.page.getByRole('textbox', { name: 'Message' });
  await tab.newRoom(name);
  for (const text of texts) await tab.say(text);
  await tab.reads(texts);
  await until('all are sent', async () => (await tab.page.locator('#pending > *').count()) === 0);
  let go;
  const gone = new Promise((resolve) => { go = resolve; });
  await tab.page.route(/\/messages\//, (route) => gone.then(() => route.continue()), { times: 1 });
  await field.press('ArrowUp');
  await tab.say(LONG);
  const refuse = async () => {
    go();
    await tab.page.getByText('It is too long for this server, which takes at most 200 bytes.').waitFor();
  };
  const holds = (text) => until(`the field holds "${text}"`, async () => (await field.inputValue()) === text);
  return { tab, field, refuse, holds };
}

test('the words of a refused change wait in their room for who has gone to another one', async () => {
  const { tab, field, refuse, holds } = await refusedLate('left behind', ['short']);
  await field.fill('half a sentence');
  await tab.newRoom('gone ahead');
  await field.fill('written here');
  await refuse();
  await holds('written here');
  await tab.room('left behind').click();
  await holds(`${LONG}\n\nhalf a sentence`);
  await tab.room('gone ahead').click();
  await holds('written here');
  await house.leave(tab);
});

test('the words of a refused change wait until the change that one makes meanwhile is made', async () => {
  const { tab, field, refuse, holds } = await refusedLate('two changes', ['first', 'second']);
  const change = async (text) => {
    await tab.message(text).hover();
    await tab.message(text).getByRole('button', { name: 'Edit message' }).click();
  };
  await change('first');
  await field.fill('first, changed');
  await refuse();
  await holds('first, changed');
  await field.press('Enter');
  await holds(LONG);
  await tab.page.getByText('Editing a message').waitFor();
  await tab.say('second, changed');
  await tab.reads(['first, changed', 'second, changed']);
  await holds('');
  await house.leave(tab);
});

test('a server that is full is called full, and not lost', async () => {
  const full = await startRoomcast({ env: { ROOMCAST_LIMITS_SESSIONS: '1' }, limits: true });
  const alice = await house.open('Alice', {}, full);
  const late = new Tab(await (await house.browser.newContext()).newPage());
  await late.page.goto(`${full.url}/`);
  await late.page.getByText('The server is full at the moment. This page keeps trying.').waitFor();
  await screenshot(late.page, 'refused-full');
  await alice.close();
  await late.page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
  assert.equal(await late.page.locator('#offline').isVisible(), false);
  assert.deepEqual(late.complaints, []);
  await late.close();
  await full.stop();
});

test('a server without polling that is full is not said to refuse the way in which it was asked', async () => {
  const full = await startRoomcast({ env: { ROOMCAST_LIMITS_SESSIONS: '1', ROOMCAST_SOCKETIO_TRANSPORTS: 'websocket' }, limits: true });
  const alice = await house.open('Alice', {}, full);
  const late = new Tab(await (await house.browser.newContext()).newPage());
  const questions = [];
  late.page.on('response', (response) => { if (response.url().includes('transport=polling')) questions.push(response.status()); });
  await late.page.goto(`${full.url}/`);
  // When it asks again it has long said what came of the first time.
  await until('it has asked twice', () => questions.length >= 2);
  assert.deepEqual(questions.slice(0, 2), [400, 400]);
  assert.equal(await late.page.locator('#offline-text').textContent(), 'The server does not answer. This page keeps trying.');
  await alice.close();
  await late.page.getByRole('textbox', { name: 'Name', exact: true }).waitFor();
  await late.close();
  await full.stop();
});

test('a server that does not answer is not a connection that is lost', async () => {
  const gone = await startRoomcast();
  const context = await house.browser.newContext();
  const tab = new Tab(await context.newPage());
  await tab.page.route('**/socket.io/**', (route) => route.abort());
  await tab.page.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await tab.page.goto(`${gone.url}/`);
  await tab.page.getByText('The server does not answer. This page keeps trying.').waitFor();
  await tab.close();
  await gone.stop();
});

test('a token that is refused is refused with its reason', async () => {
  const guarded = await startRoomcast({ args: REQUIRED });
  const tab = new Tab(await (await house.browser.newContext()).newPage());
  await tab.page.goto(`${guarded.url}/`);
  await tab.page.getByText('This server wants to know who you are.').waitFor();
  const past = Math.floor(Date.now() / 1000) - 3600;
  for (const [given, words] of [
    ['nonsense', 'it is not a whole token'],
    [token({ sub: 'u1', exp: past }), 'it has expired'],
    [token({ sub: 'u1', nbf: past + 7200 }), 'it is not valid yet'],
    [token({ sub: 'u1' }, 'another secret, of somebody else altogether'), 'it is not signed with a key of this server'],
  ]) {
    await tab.page.getByRole('textbox', { name: 'Token' }).fill(given);
    await tab.page.getByRole('button', { name: 'Sign in' }).click();
    await tab.page.getByText(`The token was refused: ${words}.`).waitFor();
  }
  await screenshot(tab.page, 'refused-token');
  await assertAccessible(tab, 'a token that was refused');
  await tab.close();
  await guarded.stop();
});

test('a token that expires while one writes is asked for again, and what was written waits for the new one', async () => {
  const guarded = await startRoomcast({ args: REQUIRED });
  const tab = new Tab(await (await house.browser.newContext()).newPage());
  const claims = { sub: 'u1', username: 'uma' };
  await tab.page.goto(`${guarded.url}/#token=${token({ ...claims, exp: Math.floor(Date.now() / 1000) + 5 })}`);
  await tab.connected();
  await tab.newRoom('vault');
  await tab.page.getByRole('textbox', { name: 'Message' }).fill('half a sentence');
  await tab.page.getByText('The token was refused: it has expired.').waitFor();
  await screenshot(tab.page, 'refused-expired');
  await tab.page.getByRole('textbox', { name: 'Token' }).fill(token(claims));
  await tab.page.getByRole('button', { name: 'Sign in' }).click();
  await tab.connected();
  await tab.page.getByRole('textbox', { name: 'Message' }).press('Enter');
  await tab.reads(['half a sentence']);
  await sent(tab);
  assert.equal(await tab.page.locator('#offline').isVisible(), false);
  assert.deepEqual(tab.complaints, []);
  await tab.close();
  await guarded.stop();
});
