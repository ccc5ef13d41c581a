// The client examples of the seed of `platform` run verbatim against `roomcast serve --profile platform`.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { transformSync } from 'esbuild';
import { bundle, site } from './lib/bundle.js';
import { until } from './lib/process.js';
import { call } from './lib/rest.js';
import { Seed } from './lib/seed.js';
import { assertShape, commented, documented } from './lib/shape.js';
import { CLIENTS, connected, open } from './lib/stock.js';

let seed;
let token;
before(async () => {
  seed = await Seed.start('004_ad4a11b49fd4637b', 'platform', 3000);
  const acquired = JSON.parse(await seed.bash('acquire.sh'));
  assertShape(acquired, documented(seed.text('payloads/acquired.json')));
  const days = (new Date(acquired.expiresAt) - Date.now()) / 86_400_000;
  assert.ok(days > 29.9 && days <= 30, `${days} days`);
  ({ token } = acquired);
  seed.placeholders = [[/your-session-token-here|SESSION_TOKEN_HERE/g, token]];
});
after(() => seed?.stop());

test('the basic connection', async () => {
  const example = seed.node('connection.mjs');
  await example.prints('Connected: ');
  assert.match(example.printed, /Connected: \S{10,}/);
  example.stop();
});

test('the connection of the authentication flow, and what is refused', async () => {
  const { io } = CLIENTS[0];
  const connect = (more = {}) => seed.lines('auth.js', { io: (url, options) => io(url, { ...options, forceNew: true, reconnection: false, ...more }) }, 'socket');
  const socket = await connected(connect());
  socket.close();
  const refusal = async (more) => (await new Promise((done) => connect(more).on('connect_error', done))).message;
  assert.equal(await refusal({ auth: {} }), 'Authentication token required');
  assert.equal(await refusal({ auth: { token: 'x'.repeat(43) } }), 'Invalid or expired session token');
  const query = connect({ auth: {}, query: { token } });
  await connected(query);
  query.close();
});

test('every command has its documented answer, and a true one', async () => {
  const socket = open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket'], { auth: { token }, autoConnect: false });
  const said = [];
  const scope = { socket, console: { log: (data) => said.push(data) } };
  const next = async (name) => {
    const count = said.length;
    if (name) seed.lines(`events/${name}.js`, scope);
    else await connected(socket);
    await until(`an answer to ${name}`, () => said.length > count);
    return said[count];
  };
  const names = ['connected', 'pong', 'status_response', 'info_response', 'echo_response', 'message_received'];
  for (const name of names) seed.lines(`listeners/${name}.js`, scope);
  const shown = Object.fromEntries(names.map((name) => [name, commented(seed.text(`listeners/${name}.js`))]));

  socket.connect();
  const greeting = await next();
  assertShape(greeting, shown.connected);
  assert.deepEqual([greeting.message, greeting.socketId, greeting.isLoggedIn], [shown.connected.message, socket.id, false]);
  assertShape(await next('ping'), shown.pong);

  const status = await next('status');
  assertShape(status, shown.status_response);
  assert.deepEqual([status.server.name, status.server.status], ['YektaYar API Server', 'running']);
  assert.deepEqual(status.connection, { socketId: socket.id, sessionToken: `***${token.slice(-6)}`, userId: null, isLoggedIn: false, rooms: [socket.id] });

  const info = await next('info');
  assertShape(info, shown.info_response);
  for (const field of ['name', 'description', 'features']) assert.deepEqual(info.server[field], shown.info_response.server[field]);
  assert.deepEqual([info.websocket.transport, info.websocket.protocol], ['websocket', 4]);
  assert.deepEqual(info.session, { authenticated: false, userId: 'anonymous', sessionToken: `***${token.slice(-6)}` });

  const echo = await next('echo');
  assertShape(echo, shown.echo_response);
  assert.deepEqual([echo.received, echo.socketId], ['Hello, server!', socket.id]);
  await until('the object too', () => said.some((data) => data.received?.data));
  assert.deepEqual(said.find((data) => data.received?.data).received, { message: 'Hello!', data: [1, 2, 3] });

  const message = await next('message');
  assertShape(message, shown.message_received);
  assert.deepEqual({ ...message, timestamp: 0 }, { ...shown.message_received, timestamp: 0 });
  socket.close();
});

test('curl and Node.js by hand', async () => {
  seed.write('node.cjs');
  const example = seed.node('node.cjs');
  example.stop();
  const folder = `${seed.scratch.path}/node-socket.io-client-node.cjs`;
  const preload = seed.redirected ? `--import ${new URL('./lib/redirect/node.mjs', import.meta.url).href}` : '';
  const printed = await seed.bash('token.sh', `export TOKEN\ncd '${folder}' && '${process.execPath}' ${preload} node.cjs`);
  assert.match(printed, /Token: [\w-]{43}\nConnected!\nPong: \{ timestamp: '[\d-]+T[\d:]+\.\d{3}Z' \}/);
});

test('the complete example in TypeScript', async () => {
  const { code } = transformSync(seed.text('complete.ts'), { loader: 'ts' });
  const example = seed.node('complete.ts', { text: code });
  await example.prints('Connected:', 'Pong received: { timestamp:', 'Status: {', 'Info: {', "received: 'Hello!'", "data: { text: 'Test' }");
  assert.ok(!/rror:/.test(example.printed), example.printed);
  example.stop();
});

test('the store for Vue, in a browser', async () => {
  const built = await site(await bundle(seed, "import { useSocket } from './stores/socket.ts'; window.store = useSocket();"));
  const page = await (await seed.open()).newPage();
  const said = [];
  page.on('console', (line) => said.push(line.text()));
  await page.goto(built.url);
  const says = (text) => until(() => `"${text}" is said, this was: ${said}`, () => said.some((line) => line.startsWith(text)));
  const store = (lines, argument) => page.evaluate(`((store, argument) => ${lines})(window.store, ${JSON.stringify(argument)})`);
  await store('store.connect(argument)', '');
  await says('Cannot connect: no session token');
  await store('store.connect(argument)', token);
  await says('Socket connected:');
  assert.equal(await store('store.isConnected.value'), true);
  const pong = "new Promise((done) => { store.socket.value.on('pong', done); store.socket.value.emit('ping'); })";
  assertShape(await store(pong), { timestamp: '2024-11-13T07:14:32.047Z' });
  await store('store.disconnect()');
  assert.deepEqual(await store('[store.socket.value, store.isConnected.value]'), [null, false]);
  await store('store.connect(argument)', 'no token of ours');
  await says('Socket connection error: Error: Invalid or expired session token');
  await store('store.disconnect()');
  built.close();
});

test('a session that is given back ends its sockets, and is refused from then on', async () => {
  const { body: session } = await call(seed.server, 'POST', '/api/session/acquire', { metadata: {} });
  const mine = { auth: { token: session.token } };
  const socket = await connected(open(CLIENTS[0], seed.server.url, ['websocket'], mine));
  const heard = (event) => new Promise((done) => socket.on(event, done));
  const ended = Promise.all([heard('error'), heard('disconnect')]);
  const { status } = await call(seed.server, 'DELETE', '/api/session', undefined, { authorization: `Bearer ${session.token}` });
  assert.equal(status, 204);
  const [error, reason] = await ended;
  assert.deepEqual([error.message, error.code, reason], ['Unauthorized', 'unauthorized', 'io server disconnect']);
  const again = open(CLIENTS[0], seed.server.url, ['websocket'], mine);
  const [refusal] = await once(again, 'connect_error');
  assert.equal(refusal.data.reason, 'unknown_session');
  again.close();
});
