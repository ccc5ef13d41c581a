// The client examples of the seed of `shows` run verbatim against `roomcast serve --profile shows`: in Node.js, in Python, and in Chromium.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bundle, cdn, site } from './lib/bundle.js';
import { freePort, startRoomcast, until } from './lib/process.js';
import { call } from './lib/rest.js';
import { Seed } from './lib/seed.js';
import { assertShape, documented } from './lib/shape.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';
import { SECRET, token } from './lib/token.js';

const YOU = token({ sub: 10, username: 'you' });
const LOVER = token({ sub: 5, username: 'musiclover87' });
const bearer = { authorization: `Bearer ${LOVER}` };
const TLS = fileURLToPath(new URL('./fixtures/tls', import.meta.url));

let seed;
before(async () => {
  seed = await Seed.start('002_7b0c314fe1692c54', 'shows', 5000);
  seed.placeholders = [[/YOUR_JWT/g, YOU]];
  for (const id of ['1', '123', '7', '8']) {
    const made = await call(seed.server, 'POST', '/chatrooms/', { name: `show ${id}`, id }, bearer);
    assert.equal(made.status, 201, JSON.stringify(made.body));
  }
});
after(() => seed?.stop());

/** Somebody with a stock client who is at a show, and what they hear. */
async function lover(show) {
  const socket = open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket'], { query: { token: LOVER } });
  const heard = [];
  socket.onAny((event, data) => heard.push([event, data]));
  await connected(socket);
  if (show) assert.equal((await ask(socket, 'join_show', { show_id: show })).ok, true);
  return { socket, heard, of: (name) => heard.filter(([event]) => event === name).map(([, data]) => data) };
}

/** A page with a script, for somebody whose login left the cookie. */
async function visit(script, { cookie = YOU } = {}) {
  const context = await seed.open();
  if (cookie) await context.addCookies([{ name: 'access_token_cookie', value: cookie, domain: 'localhost', path: '/' }]);
  const page = await context.newPage();
  page.said = [];
  page.on('console', (line) => page.said.push(line.text()));
  page.on('pageerror', (error) => page.said.push(`page error: ${error}`));
  const built = await site(script);
  await page.goto(built.url);
  page.leave = async () => {
    assert.deepEqual(page.said.filter((line) => /error/i.test(line)), []);
    await context.close();
    built.close();
  };
  return page;
}

const HOOK = `import { createElement as h, useState } from 'react'; import { createRoot } from 'react-dom/client';`;
const MOUNT = `const root = createRoot(document.getElementById('root')); window.unmount = () => root.unmount();`;

test('the component of the basic setup, with a page drawn where the seed leaves it out', async () => {
  const other = await lover(7);
  const entry = `${HOOK} import { ShowChat } from './ShowChat.jsx';
    window.draw = ({ messages, activeUsers, newMessage, setNewMessage, typingUsers, sendMessage, handleTyping }) => h('div', null,
      h('ul', null, messages.map((message) => h('li', { key: message.id }, message.username + ': ' + message.message))),
      h('p', { id: 'active' }, activeUsers.map((user) => user.username).join()),
      h('p', { id: 'typing' }, [...typingUsers].join()),
      h('input', { value: newMessage, onChange: (event) => setNewMessage(event.target.value), onFocus: () => handleTyping(true) }),
      h('button', { onClick: sendMessage }, 'Send'));
    ${MOUNT} root.render(h(ShowChat, { showId: 7 }));`;
  const draw = 'return window.draw({ messages, activeUsers, newMessage, setNewMessage, typingUsers, sendMessage, handleTyping });';
  const around = { 'ShowChat.jsx': { behind: 'export { ShowChat };', replace: [['// Render UI...', draw]] } };
  assert.equal((await ask(other.socket, 'send_message', { show_id: 7, message: 'before' })).ok, true);
  const page = await visit(await bundle(seed, entry, { around }));
  const shows = (selector, text) => until(() => `${selector} shows ${text}; console: ${page.said}`,
    async () => (await page.locator(selector).allTextContents()).includes(text));
  await shows('li', 'musiclover87: before');
  await shows('#active', 'musiclover87,you');
  await until('the other hears of it', () => other.of('user_joined').length === 1);
  other.socket.emit('typing', { show_id: 7, is_typing: true });
  await shows('#typing', 'musiclover87');
  await page.focus('input');
  await until('the other hears typing', () => other.of('user_typing').some(({ username, is_typing }) => username === 'you' && is_typing));
  await page.fill('input', 'from the page');
  await page.click('button');
  await shows('li', 'you: from the page');
  await page.evaluate(() => window.unmount());
  await until('unmounting leaves', () => other.of('user_left').length === 1);
  assert.equal(other.of('user_left')[0].message, 'you left the chat');
  await page.leave();
  other.socket.close();
});

test('the hook, and the component that uses it', async () => {
  const other = await lover(8);
  const entry = `${HOOK} import { ShowChatComponent } from './ShowChatComponent.jsx';
    ${MOUNT} root.render(h(ShowChatComponent, { showId: 8 }));`;
  const around = { 'ShowChatComponent.jsx': { before: "import { useState } from 'react';", behind: 'export { ShowChatComponent };' } };
  const page = await visit(await bundle(seed, entry, { around, define: { 'process.env.REACT_APP_API_URL': 'undefined' } }));
  const shows = async (selector, text) => {
    let shown;
    await until(() => `${selector} shows ${text}, not ${shown}; console: ${page.said}`, async () => {
      shown = (await page.locator(selector).allTextContents()).join('|');
      return shown.includes(text);
    });
  };
  await shows('.status', '● Connected');
  await shows('.active-users', 'Active Users (2)');
  await until('the other hears of it', () => other.of('user_joined').length === 1);
  other.socket.emit('typing', { show_id: 8, is_typing: true });
  await shows('.typing-indicator', 'musiclover87 is typing...');
  await page.fill('input', '  trimmed  ');
  await until('the other hears typing', () => other.of('user_typing').some(({ is_typing }) => is_typing));
  await page.click('button');
  await shows('.messages', 'you:trimmed');
  await until('the other hears it, and that typing has ended', () => other.of('new_message').length === 1 && other.of('user_typing').length === 2);
  assert.equal((await ask(other.socket, 'send_message', { show_id: 8, message: 'and back' })).ok, true);
  await shows('.messages', 'musiclover87:and back');
  await until('typing has ended', async () => (await page.locator('.typing-indicator').count()) === 0);
  await page.evaluate(() => window.unmount());
  await until('unmounting leaves', () => other.of('user_left').length === 1);
  await page.leave();
  other.socket.close();
});

test('the connection with a cookie, and the lines for the console of a browser', async () => {
  const other = await lover(1);
  const page = await visit(cdn());
  await page.addScriptTag({ content: `{ ${seed.text('cookie.js')}; window.byCookie = socket; }` });
  await until('it is connected', () => page.evaluate(() => window.byCookie.connected));
  await page.evaluate(() => window.byCookie.disconnect());
  // As a person pastes them: one after the other, each when the one before has had its effect.
  const [connect, join, send, leave, disconnect] = seed.text('console.js').split(/\n\n/);
  const paste = (content) => page.addScriptTag({ content });
  await paste(connect);
  await until('it is connected', () => page.evaluate('socket.connected'));
  await paste(join);
  await until('the join is heard', () => other.of('user_joined').length === 1);
  await paste(send);
  await until('the message is heard', () => other.of('new_message').length === 1);
  const [{ id, created_at, seq, ...message }] = other.of('new_message');
  assert.deepEqual(message, { show_id: 1, user_id: 10, username: 'you', message: 'Test message' });
  await paste(leave);
  await until('the leaving is heard', () => other.of('user_left').length === 1);
  await paste(disconnect);
  await until('it is disconnected', () => page.evaluate('!socket.connected'));
  await page.leave();
  other.socket.close();
});

test('the connection with the token in the query, and what a connection without one is told', async () => {
  const connect = async (name, stored) => {
    const page = await visit(cdn(), { cookie: null });
    await page.evaluate((token) => localStorage.setItem('access_token', token), stored);
    await page.addScriptTag({ content: `${seed.text(name)}; socket.on('connect_error', (error) => { window.refusal = error.message; });` });
    await until('an answer', () => page.evaluate('socket.connected || window.refusal'));
    const answer = await page.evaluate("window.refusal ?? 'connected'");
    await page.leave();
    return answer;
  };
  assert.equal(await connect('query.js', YOU), 'connected');
  assert.equal(await connect('cookie.js', YOU), 'Unauthorized');
  assert.equal(await connect('query.js', 'stale'), 'Unauthorized');
});

test('the Python example', async () => {
  const other = await lover(1);
  const example = seed.python('client.py');
  await example.prints("Connected: {'message': 'Connected to ShareMyShows', 'username': 'you'", 'New message: {', "'message': 'Hello!'");
  assert.equal(other.of('new_message').at(-1).message, 'Hello!');
  assert.ok(!/Error|Traceback/.test(example.printed), example.printed);
  example.stop();
  await until('the presence is updated', () => other.of('user_left').length === 1);
  other.socket.close();
});

test('every event has its documented answer', async () => {
  const other = await lover(123);
  const you = open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket'], { query: { token: YOU } });
  const heard = {};
  you.onAny((event, data) => { heard[event] = data; });
  await connected(you);
  const does = (name) => seed.lines(`events/${name}.js`, { socket: you });
  const shape = (actual, name) => assertShape(actual, documented(seed.text(`payloads/${name}.json`)));
  const first = async (name) => {
    await until(() => `${name} is heard: ${JSON.stringify(other.heard)}`, () => other.of(name).length > 0);
    return other.of(name)[0];
  };
  await ask(other.socket, 'send_message', { show_id: 123, message: 'This opening act is amazing!' });
  await until('connected is heard', () => heard.connected);
  shape(heard.connected, 'connected');
  does('join_show');
  shape(await first('user_joined'), 'user_joined');
  await until('history and people', () => heard.message_history && heard.active_users);
  shape(heard.message_history, 'message_history');
  shape(heard.active_users, 'active_users');
  other.heard.length = 0;
  does('send_message');
  shape(await first('new_message'), 'new_message');
  assert.equal(other.of('new_message')[0].message, 'This opening act is incredible!');
  does('typing');
  await until('both are heard', () => other.of('user_typing').length === 2);
  shape(other.of('user_typing')[0], 'user_typing');
  assert.deepEqual(other.of('user_typing').map(({ is_typing }) => is_typing), [true, false]);
  delete heard.active_users;
  does('get_active_users');
  await until('the list', () => heard.active_users);
  shape(heard.active_users, 'active_users-asked');
  assert.equal(heard.active_users.count, 2);
  does('leave_show');
  shape(await first('user_left'), 'user_left');
  for (const [event, payload, message] of [
    ['join_show', { show_id: 404 }, 'Show not found'],
    ['send_message', { show_id: 123, message: 'not joined' }, 'Not in show chat room'],
    ['send_message', { show_id: 123 }, 'Missing show_id or message'],
  ]) {
    delete heard.error;
    you.emit(event, payload);
    await until('an error', () => heard.error);
    shape(heard.error, 'error');
    assert.equal(heard.error.message, message);
  }
  const { body } = await call(seed.server, 'GET', '/chatrooms/123/checkins', undefined, bearer);
  const mine = body.items.find(({ user_id }) => user_id === '10');
  assert.ok(mine.checked_out_at, 'leaving updates the check-in');
  you.close();
  other.socket.close();
});

test('the connection in production, over TLS', async () => {
  const port = await freePort();
  const server = await startRoomcast({ port, args: ['--profile', 'shows', '--jwt-secret', SECRET, '--tls-cert', `${TLS}/cert.pem`, '--tls-key', `${TLS}/key.pem`] });
  const url = `https://localhost:${port}`;
  const context = await seed.open({ ignoreHTTPSErrors: true });
  await context.addCookies([{ name: 'access_token_cookie', value: YOU, url, secure: true }]);
  const page = await context.newPage();
  // A page of the same site: browsers keep a cookie of https from pages without it.
  await page.route(`${url}/app`, (route) => route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html>' }));
  await page.goto(`${url}/app`);
  await page.addScriptTag({ content: cdn() });
  await page.addScriptTag({ content: seed.text('production.js').replace('process.env.REACT_APP_WS_URL', JSON.stringify(`wss://localhost:${port}`)) });
  await until('it is connected', () => page.evaluate('socket.connected'));
  const answer = await page.evaluate("new Promise((done) => { socket.emit('get_active_users', { show_id: 1 }, done); })");
  assert.equal(answer.error.message, 'Show not found');
  await context.close();
  await server.stop();
});
