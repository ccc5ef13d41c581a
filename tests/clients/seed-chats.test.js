// The client examples of the seed of `chats` run verbatim against `roomcast serve --profile chats`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bundle, site } from './lib/bundle.js';
import { until } from './lib/process.js';
import { call } from './lib/rest.js';
import { Seed } from './lib/seed.js';
import { CLIENTS, connected, open } from './lib/stock.js';
import { token } from './lib/token.js';

const bearer = (token) => ({ authorization: `Bearer ${token}` });
const ANNA = token({ sub: '11', username: 'anna', name: 'Anna' });
const BEN = token({ sub: '12', username: 'ben' });
const CHAT = '6f9619ff-8b86-4011-b42d-00c04fc964ff';

let seed;
before(async () => {
  seed = await Seed.start('003_325cf2711fbb6d9a', 'chats', 5000);
  seed.placeholders = [[/(chatId: ')(?:chat-)?uuid/g, `$1${CHAT}`], [/your-jwt-token/g, ANNA]];
  const made = await call(seed.server, 'POST', '/chatrooms/', { name: 'chat', id: CHAT }, bearer(BEN));
  assert.equal(made.status, 201, JSON.stringify(made.body));
});
after(() => seed?.stop());

/** Somebody with a stock client, and what they hear. */
async function person(token) {
  const socket = open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket'], { auth: { token } });
  const heard = [];
  socket.onAny((event, data) => heard.push([event, data]));
  await connected(socket);
  return { socket, heard, of: (name) => heard.filter(([event]) => event === name).map(([, data]) => data) };
}

const LISTENERS = ['chat-joined', 'chat-left', 'message-new', 'message-read', 'typing-start', 'typing-stop', 'user-status', 'error'];

test('every event and every listener', async () => {
  const ben = await person(BEN);
  await until('ben is joined automatically', () => ben.of('chat:joined').length === 1);
  const anna = await person(ANNA);
  const said = [];
  const scope = {
    socket: anna.socket,
    console: { log: (...words) => said.push(words), error: (...words) => said.push(words) },
  };
  for (const name of LISTENERS) seed.lines(`listeners/${name}.js`, scope);
  const says = (...words) => until(() => `${JSON.stringify(words)} is said; this was: ${JSON.stringify(said)}`,
    () => said.some((line) => words.every((word, at) => line[at] === word)));
  const does = (name, more = {}) => seed.lines(`events/${name}.js`, { ...scope, ...more });

  does('chat-join');
  await says('Joined chat:', CHAT);
  await says('User', '12', 'is now', 'online');
  does('typing-start');
  await until('ben hears her type', () => ben.of('typing:start').length === 1);
  assert.deepEqual(ben.of('typing:start'), [{ chatId: CHAT, userId: '11', username: 'anna' }]);
  does('typing-stop');
  await until('ben hears her stop', () => ben.of('typing:stop').length === 1);
  assert.deepEqual(ben.of('typing:stop'), [{ chatId: CHAT, userId: '11' }]);
  does('message-send');
  await until('she hears herself', () => said.some(([what]) => what === 'New message:'));
  const [, message] = said.find(([what]) => what === 'New message:');
  assert.deepEqual(Object.keys(message).sort(), ['id', 'chat_id', 'sender_id', 'content', 'message_type', 'created_at', 'sender', 'seq'].sort());
  assert.deepEqual([message.chat_id, message.sender_id, message.content, message.message_type], [CHAT, '11', 'Hello!', 'text']);
  assert.deepEqual(message.sender, { id: '11', username: 'anna', name: 'Anna' });
  assert.deepEqual(ben.of('message:new'), [message]);

  ben.socket.emit('typing:start', { chatId: CHAT });
  await says('ben', 'is typing in chat', CHAT);
  ben.socket.emit('typing:stop', { chatId: CHAT });
  await says('User', '12', 'stopped typing');
  ben.socket.emit('message:read', { messageId: message.id, chatId: CHAT });
  await says('Message read:', message.id, 'by user:', '12');

  const placeholders = seed.placeholders;
  seed.placeholders = [...placeholders, [/messageId: 'uuid'/g, `messageId: '${message.id}'`]];
  does('message-read');
  await until('ben hears that she has read', () => ben.of('message:read').length === 1);
  assert.deepEqual([ben.of('message:read')[0].messageId, ben.of('message:read')[0].userId], [message.id, '11']);
  seed.placeholders = placeholders;

  does('chat-leave');
  await says('Left chat:', CHAT);
  anna.socket.emit('chat:join', { chatId: 'nowhere' });
  await says('Socket error:', 'Chat not found');
  anna.socket.emit('chat:join', { chatId: CHAT });
  await until('she is back', () => anna.of('chat:joined').length >= 2);
  ben.socket.close();
  await says('User', '12', 'is now', 'offline');
  anna.socket.close();
});

for (const name of ['auth', 'header']) {
  test(`the token via ${name}`, async () => {
    const { io } = CLIENTS[0];
    const socket = seed.lines(`${name}.js`, { io: (url, options) => io(url, { ...options, forceNew: true }) }, 'socket');
    await connected(socket);
    socket.close();
  });
}

test('the usage example of the front end, in a browser', async () => {
  const ben = await person(BEN);
  const page = await (await seed.open()).newPage();
  const said = [];
  page.on('console', (line) => said.push(line.text()));
  page.on('pageerror', (error) => said.push(`page error: ${error}`));
  const built = await site(await bundle(seed, "import './client.mjs';"));
  // A page of that origin first, so that its storage can be filled as a login would.
  await page.route('**/app.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }), { times: 1 });
  await page.goto(built.url);
  await page.evaluate((token) => localStorage.setItem('token', token), ANNA);
  await page.goto(built.url);
  await until(() => `ben hears the page: ${said}`, () => ben.of('message:new').some(({ content, sender }) => content === 'Hello, world!' && sender.id === '11'));
  await until(() => `the page hears its message: ${said}`, () => said.some((line) => line.startsWith('New message:')));
  assert.deepEqual(said.filter((line) => /error/i.test(line)), []);
  built.close();
  ben.socket.close();
});
