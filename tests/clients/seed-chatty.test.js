// The client examples of the seed of `chatty` run verbatim against `roomcast serve --profile chatty` and receive what its `curl` line posts.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { answerCdn } from './lib/browser.js';
import { until } from './lib/process.js';
import { Seed } from './lib/seed.js';
import { assertShape, documented } from './lib/shape.js';
import { CLIENTS, connected, open } from './lib/stock.js';

const DOCUMENT = fileURLToPath(new URL('./lib/document.mjs', import.meta.url));

let seed;
let ids;

before(async () => {
  seed = await Seed.start('000_183a4ab3e590fdf1', 'chatty', 8000);
  const [user, room] = await curl('create.sh');
  assert.deepEqual([user.name, user.handle, room.name], ['Alice', 'alice', 'general']);
  ids = { user: user.id, room: room.id };
  seed.placeholders = [
    [/chatroom-uuid-from-step-1|your-chatroom-uuid(-here)?/g, ids.room],
    [/user-uuid-from-step-1|your-user-uuid(-here)?/g, ids.user],
  ];
});
after(() => seed?.stop());

/** Runs the seed's curl lines; answers the objects they print. */
async function curl(name) {
  return JSON.parse(`[${(await seed.bash(name)).replaceAll(/\}\s*\{/g, '},{')}]`);
}

/** Waits until an example has joined, posts, and waits until it printed that and `shows`. */
async function hears(example, ...shows) {
  try {
    await example.prints(`Joined chatroom: ${ids.room}`);
    const [posted] = await curl('post.sh');
    assert.equal(posted.message_text, 'Hello everyone!');
    await example.prints(`New message in chatroom ${ids.room}`, `User: ${ids.user}`, 'Message: Hello everyone!', `Time: ${posted.created_date}`, ...shows);
    assert.ok(!/Error/.test(example.printed), example.printed);
  } finally {
    example.stop();
  }
}

test('the Python example', () => hears(seed.python('client.py'), 'Connected to server!'));

for (const client of ['socket.io-client', 'socket.io-client-4-5-4']) {
  test(`the JavaScript example with ${client}`, () => {
    const example = seed.node('client.mjs', { client, preload: [DOCUMENT] });
    return hears(example, `#messages shows <strong>${ids.user}:</strong> Hello everyone!`);
  });
}

test('what is sent and heard has the documented fields', async () => {
  const payload = (name) => documented(seed.text(`payloads/${name}.json`).replaceAll('"uuid-here"', '"?"'));
  const socket = await connected(open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket']));
  const heard = {};
  socket.onAny((event, data) => { heard[event] = data; });
  const fill = (shape) => ({ ...shape, user_id: ids.user, chatroom_id: ids.room });
  socket.emit('join', fill(payload('join')));
  await until('joined', () => heard.joined);
  await curl('post.sh');
  await until('new_message', () => heard.new_message);
  socket.emit('leave', fill(payload('leave')));
  await until('left', () => heard.left);
  socket.emit('join', {});
  await until('error', () => heard.error);
  for (const event of ['joined', 'left', 'new_message', 'error']) assertShape(heard[event], payload(event));
  assert.equal(heard.error.message, payload('error').message);
  socket.close();
});

/** Opens the page, posts by curl and by its button, and looks for both in it. */
async function chats(address) {
  const context = await seed.open();
  await answerCdn(context);
  const page = await context.newPage();
  const said = [];
  page.on('console', (line) => said.push(line.text()));
  page.on('pageerror', (error) => said.push(`page error: ${error}`));
  await page.goto(address);
  await until(() => `the page connects; console: ${said}`, () => said.includes('Connected!'));
  const shown = page.locator('#messages div');
  await until('the page hears the curl line', async () => {
    await curl('post.sh');
    return (await shown.count()) > 0;
  });
  assert.equal(await shown.first().textContent(), `${ids.user}: Hello everyone!`);
  const mine = `from the page ${Math.random()} <b>not bold</b>`;
  await page.fill('#messageInput', mine);
  await page.click('button');
  await until(() => `the page shows its own message; console: ${said}`, async () => (await shown.allTextContents()).includes(`${ids.user}: ${mine}`));
  await until('the input is emptied', async () => (await page.inputValue('#messageInput')) === '');
  assert.deepEqual(said.filter((line) => /error/i.test(line)), []);
  await context.close();
}

test('the HTML page, opened as a file and from another origin', async () => {
  const site = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(seed.text('page.html'), 'latin1'));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  try {
    await chats(pathToFileURL(seed.write('page.html')).href);
    await chats(`http://127.0.0.1:${site.address().port}/`);
  } finally {
    site.close();
  }
});
