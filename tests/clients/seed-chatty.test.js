// The client examples of the seed run verbatim against a running roomcast and receive what its `curl` line posts.
// They name port 8000: when that is taken, the connection is redirected outside of their text (lib/redirect).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { answerCdn, launch } from './lib/browser.js';
import { portIsFree, startRoomcast, temporaryDirectory, until } from './lib/process.js';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const HERE = dirname(fileURLToPath(import.meta.url));
const SEED = join(HERE, 'fixtures/seeds/000_183a4ab3e590fdf1');
const PYTHON = process.env.PYTHON ?? resolve(HERE, '../.cache/venv/bin/python');
const REDIRECT = join(HERE, 'lib/redirect');

let server;
let scratch;
let ids;
let redirected;
let environment;

before(async () => {
  scratch = temporaryDirectory('seed');
  redirected = !(await portIsFree(8000));
  server = await startRoomcast(redirected ? {} : { port: 8000, listen: false });
  console.log(redirected ? `port 8000 is taken: redirected to ${server.port}` : 'roomcast on its own default address');
  writeFileSync(join(scratch.path, '.curlrc'), redirected ? `connect-to = "localhost:8000:127.0.0.1:${server.port}"\n` : '');
  environment = { ...process.env, CURL_HOME: scratch.path, ROOMCAST_PORT: String(server.port), PYTHONIOENCODING: 'utf-8' };
  if (redirected) environment.PYTHONPATH = REDIRECT;
  const made = await bash('create.sh');
  assert.deepEqual([made[0].name, made[0].handle, made[1].name], ['Alice', 'alice', 'general']);
  ids = { user: made[0].id, room: made[1].id };
});
after(async () => {
  await server?.stop();
  scratch?.remove();
});

/** A file of the seed with the placeholders for ids filled in, and not a byte else. */
function filled(name) {
  const text = readFileSync(join(SEED, name), 'latin1');
  if (!ids) return text;
  return text
    .replaceAll(/chatroom-uuid-from-step-1|your-chatroom-uuid(-here)?/g, ids.room)
    .replaceAll(/user-uuid-from-step-1|your-user-uuid(-here)?/g, ids.user);
}

function write(name, folder = scratch.path) {
  const path = join(folder, name);
  writeFileSync(path, filled(name), 'latin1');
  return path;
}

/** Runs the seed's curl lines; answers the objects they print. */
async function bash(name) {
  const { stdout } = await run('bash', [write(name)], { env: environment });
  return JSON.parse(`[${stdout.replaceAll(/\}\s*\{/g, '},{')}]`);
}

/** Runs an example until it has joined, posts, waits until it printed `shows`, and ends it. */
async function example(command, args, shows) {
  const child = spawn(command, args, { env: environment, cwd: scratch.path });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { printed += text; });
  try {
    await until(() => `the example joins; it printed:\n${printed}`, () => printed.includes(`Joined chatroom: ${ids.room}`));
    const [posted] = await bash('post.sh');
    assert.equal(posted.message_text, 'Hello everyone!');
    for (const line of [`New message in chatroom ${ids.room}`, `User: ${ids.user}`, 'Message: Hello everyone!', `Time: ${posted.created_date}`, ...shows]) {
      await until(() => `"${line}" is printed; this was:\n${printed}`, () => printed.includes(line));
    }
    assert.ok(!/Error/.test(printed), printed);
  } finally {
    child.kill('SIGKILL');
  }
}

test('the Python example', () => example(PYTHON, ['-u', write('client.py')], ['Connected to server!']));

for (const name of ['socket.io-client', 'socket.io-client-4-5-4']) {
  test(`the JavaScript example with ${name}`, async () => {
    const folder = join(scratch.path, name);
    mkdirSync(join(folder, 'node_modules'), { recursive: true });
    symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(folder, 'node_modules/socket.io-client'));
    const before = [join(HERE, 'lib/document.mjs'), ...(redirected ? [join(REDIRECT, 'preload.mjs')] : [])];
    const imports = before.flatMap((path) => ['--import', pathToFileURL(path).href]);
    await example(process.execPath, [...imports, write('client.mjs', folder)], [`#messages shows <strong>${ids.user}:</strong> Hello everyone!`]);
  });
}

/** Opens the page, posts by curl and by its button, and looks for both in it. */
async function chats(browser, address) {
  const context = await browser.newContext();
  await answerCdn(context);
  const page = await context.newPage();
  const said = [];
  page.on('console', (line) => said.push(line.text()));
  page.on('pageerror', (error) => said.push(`page error: ${error}`));
  await page.goto(address);
  await until(() => `the page connects; console: ${said}`, () => said.includes('Connected!'));
  const shown = page.locator('#messages div');
  await until('the page hears the curl line', async () => {
    await bash('post.sh');
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
  const browser = await launch(redirected ? [`--host-resolver-rules=MAP localhost:8000 127.0.0.1:${server.port}`] : []);
  const site = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(filled('page.html'), 'latin1'));
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  try {
    await chats(browser, pathToFileURL(write('page.html')).href);
    await chats(browser, `http://127.0.0.1:${site.address().port}/`);
  } finally {
    await browser.close();
    site.close();
  }
});
