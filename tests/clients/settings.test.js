// Settings: a file, what SIGHUP changes in a running server and what it does not, and whose X-Forwarded-For is believed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { ROOMCAST, freePort, startRoomcast, temporaryDirectory, until } from './lib/process.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';
import { token } from './lib/token.js';

const TLS = fileURLToPath(new URL('./fixtures/tls', import.meta.url));
const JSON_LOG = ['--log-format', 'json'];

/** A server with a file of settings, and what changes it. */
async function configured(text, options = {}) {
  const folder = temporaryDirectory('settings');
  const file = join(folder.path, 'roomcast.toml');
  writeFileSync(file, text);
  const args = ['--config', file, ...JSON_LOG, ...(options.args ?? [])];
  const server = await startRoomcast({ limits: true, ...options, args });
  let seen = server.log.length;
  server.change = async (changed) => {
    writeFileSync(file, changed);
    server.child.kill('SIGHUP');
    // What stands behind the last line break is not all there yet.
    const lines = () => server.log.slice(seen).split('\n').slice(0, -1);
    await until('the log says what became of it', () => lines().some((line) => /read again|not taken/.test(line)));
    const said = lines().filter((line) => /settings/.test(line)).map((line) => JSON.parse(line));
    seen = server.log.length;
    return said;
  };
  server.end = async () => {
    assert.equal(await server.stop(), 0);
    folder.remove();
  };
  return server;
}

const config = (...args) => spawnSync(ROOMCAST, ['config', ...args], { encoding: 'utf8' });

test('config check names every mistake with file, line and key, and its exit status says so', () => {
  const folder = temporaryDirectory('settings');
  const file = join(folder.path, 'roomcast.toml');
  writeFileSync(file, '[socketio]\nping_intervall = "10s"\n[limits]\nmessages = "many"\n');
  const wrong = config('check', '--config', file);
  assert.equal(wrong.status, 1);
  assert.deepEqual(wrong.stderr.trim().split('\n'), [
    `${file}:2: unknown setting socketio.ping_intervall; did you mean socketio.ping_interval?`,
    `${file}:4: limits.messages: \`many\` is not a number`,
    '  see docs/errors.md#setting-unknown',
    '  see docs/errors.md#setting-value',
  ]);
  writeFileSync(file, execFileSync(ROOMCAST, ['config', 'default']));
  const right = config('check', '--config', file);
  assert.deepEqual([right.status, right.stdout], [0, 'ok\n']);
  writeFileSync(file, '[auth]\njwks = "/nowhere/jwks.json"\n[tls]\ncert = "/nowhere/cert.pem"\nkey = "/nowhere/key.pem"\n');
  const files = config('check', '--config', file);
  assert.match(files.stderr, /cannot read a key set from \/nowhere\/jwks.json.*\n.*cannot read a certificate from \/nowhere\/cert.pem/);
  assert.equal(config('frobnicate').status, 2);
  folder.remove();
});

test('config show says what holds, who says so, and no secret', () => {
  const folder = temporaryDirectory('settings');
  const file = join(folder.path, 'roomcast.toml');
  writeFileSync(file, '[auth]\njwt_secret = "hush hush"\n[chat]\npage = 7\nhistory = 8\n');
  const env = { ...process.env, ROOMCAST_CHAT_HISTORY: '9' };
  const args = ['config', 'show', '--config', file, '--log', 'debug'];
  const shown = JSON.parse(execFileSync(ROOMCAST, [...args, '--json'], { env, encoding: 'utf8' }));
  assert.deepEqual(shown['chat.page'], { value: 7, source: 'file', from: `${file}:4` });
  assert.deepEqual(shown['chat.history'], { value: 9, source: 'env', from: 'ROOMCAST_CHAT_HISTORY' });
  assert.deepEqual(shown['log.filter'], { value: 'debug', source: 'flag', from: '--log' });
  assert.deepEqual(shown['chat.grace'], { value: '5s', source: 'default' });
  assert.equal(shown['auth.jwt_secret'].value, '(set)');
  const text = execFileSync(ROOMCAST, args, { env, encoding: 'utf8' });
  assert.match(text, /^auth\.jwt_secret = "\(set\)" {2}# file /m);
  assert.ok(!text.includes('hush'));
  folder.remove();
});

test('a file can have several listeners, each with its profile', async () => {
  const [first, second] = [await freePort(), await freePort()];
  const text = [[first, 'chatty'], [second, 'shows']]
    .map(([port, profile]) => `[[listen]]\naddress = "127.0.0.1:${port}"\nprofile = "${profile}"\n`).join('');
  const server = await configured(`${text}[auth]\njwt_secret = "s"\n`, { port: first, listen: false });
  await until('it is ready', async () => (await fetch(`${server.url}/health/ready`)).ok);
  const names = await Promise.all([first, second].map(async (port) => (await (await fetch(`http://127.0.0.1:${port}/health`)).json()).service));
  assert.deepEqual(names, ['Chatty', 'ShareMyShows']);
  await server.end();
});

test('SIGHUP changes origins, keys and limits for who comes later, and tells what waits for a restart', async () => {
  const settings = (secret, origin, messages, port) => `[server]\nport = ${port}\n[auth]\njwt_secret = "${secret}"\n[cors]
origins = ["https://${origin}.example"]\n[limits]\nmessages = ${messages}\n`;
  const server = await configured(settings('a secret that is old', 'old', 3, 1), { args: ['--auth', 'required'] });
  const auth = (secret) => ({ auth: { token: token({ sub: 'ada', username: 'Ada' }, secret) } });
  const enter = (secret) => connected(open(CLIENTS[0], server.url, ['websocket'], auth(secret)));
  const origin = async (name) => {
    const headers = { origin: `https://${name}.example` };
    const poll = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers });
    const rest = await fetch(`${server.url}/chatrooms/`, { headers });
    return [poll, rest].map((answer) => answer.headers.get('access-control-allow-origin') !== null);
  };
  const old = await enter('a secret that is old');
  assert.deepEqual([await origin('old'), await origin('new')], [[true, true], [false, false]]);
  const room = 'lobby';
  assert.equal((await ask(old, 'join_room', { room_id: room })).ok, true);
  const send = async () => (await ask(old, 'send_group_message', { room_id: room, content: 'x' })).error?.code ?? 'sent';

  const [waiting, taken] = await server.change(settings('a secret that is new', 'new', 5, 2));
  assert.match(taken.changed, /auth\.jwt_secret: another one; cors\.origins: https:\/\/old.example -> https:\/\/new.example; limits\.messages: 3 -> 5/);
  assert.equal(waiting.waiting, 'server.port: 1 -> 2');
  assert.ok(!server.log.includes('a secret that is'), 'no secret is logged');
  assert.deepEqual([await origin('old'), await origin('new')], [[false, false], [true, true]]);
  assert.ok(old.connected, 'who is there stays');
  const sent = [];
  for (let number = 0; number < 6; number += 1) sent.push(await send());
  assert.deepEqual(sent, ['sent', 'sent', 'sent', 'sent', 'sent', 'rate_limited']);
  await assert.rejects(enter('a secret that is old'), /Invalid or expired session token/);
  const fresh = await enter('a secret that is new');

  const [refused] = await server.change('[auth]\njwt_secret = "another"\n[limits]\nmesages = 1\n');
  assert.equal(refused.level, 'ERROR');
  assert.match(refused.mistake, /roomcast\.toml:4: unknown setting limits\.mesages; did you mean limits\.messages\?/);
  (await enter('a secret that is new')).close();
  for (const socket of [old, fresh]) socket.close();
  await server.end();
});

test('the longest times that settings take are deadlines that a server and its clients can wait for', async () => {
  const shown = Object.entries(JSON.parse(config('show', '--json').stdout));
  const times = shown.filter(([key, { value }]) => key !== 'drain.duration' && /^\d+(ms|s|m|h|days?)\b/.test(value)).map(([key]) => key);
  assert.ok(times.length > 12, times.join());
  const longest = (key) => (/ping_|leeway/.test(key) ? '1day' : '10years');
  const server = await startRoomcast({ args: times.flatMap((key) => ['--set', `${key}=${longest(key)}`]) });
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const socket = open(CLIENTS[0], server.url, transports);
    await connected(socket);
    assert.equal((await ask(socket, 'echo', 'still here')).ok, true);
    socket.close();
  }
  assert.equal(await server.stop(), 0);
  assert.doesNotMatch(server.log, /panicked/);
});

test('SIGHUP changes what is logged', async () => {
  const server = await configured('[log]\nfilter = "warn,server::reload=info"\n');
  const refused = () => fetch(`${server.url}/nowhere`);
  await refused();
  await server.change('[log]\nfilter = "info"\n');
  assert.ok(!server.log.includes('request refused'));
  await refused();
  await until('it is logged', () => server.log.includes('request refused'));
  await server.end();
});

test('SIGHUP takes a renewed certificate, and keeps the one there is when the new one is wrong', async () => {
  const folder = temporaryDirectory('certificate');
  const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder.path, name));
  const copy = (name, to) => copyFileSync(join(TLS, name), to);
  copy('cert.pem', cert);
  copy('key.pem', key);
  const text = `[tls]\ncert = "${cert}"\nkey = "${key}"\n`;
  const server = await configured(text);
  const serial = () => new Promise((answer, fail) => {
    const socket = connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () => {
      answer(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    }).on('error', fail);
  });
  const before = await serial();
  copy('other-key.pem', key);
  const [refused] = await server.change(text);
  assert.match(refused.mistake, /certificate and key do not go together/);
  assert.equal(await serial(), before);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const [taken] = await server.change(text);
  assert.match(taken.changed, /^tls\.cert: the file holds another one; tls\.key: the file holds another one$/);
  assert.notEqual(await serial(), before);
  const { validTo, fingerprint256 } = new X509Certificate(readFileSync(cert));
  const read = server.log.split('\n').filter((line) => line.includes('certificate read again')).map((line) => JSON.parse(line));
  assert.deepEqual([read.length, read[0].sha256, Date.parse(read[0].until)], [1, fingerprint256, Date.parse(validTo)]);
  const [same] = await server.change(text);
  assert.equal(same.changed, 'nothing', 'neither the settings nor the files');
  assert.ok(readFileSync(cert, 'utf8').includes('BEGIN CERTIFICATE'));
  await server.end();
  folder.remove();
});

/** Opens a session; what the server said. */
const handshake = (server, headers) => new Promise((answer, fail) => {
  const path = '/socket.io/?EIO=4&transport=polling';
  request({ host: '127.0.0.1', port: server.port, path, headers }, (response) => {
    response.resume().on('end', () => answer(response.statusCode));
  }).on('error', fail).end();
});

const ONE_EACH = '[limits]\nsessions_per_address = 1\n';

test('behind a trusted proxy each address has its own limit, whatever a client makes up in front of it', async () => {
  const server = await configured(`${ONE_EACH}trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]\n`);
  const from = (...forwarded) => handshake(server, { 'x-forwarded-for': forwarded });
  assert.equal(await from('198.51.100.1'), 200);
  assert.equal(await from('198.51.100.1'), 429);
  assert.equal(await from('198.51.100.2'), 200);
  for (const hostile of [['1.2.3.4, 198.51.100.1'], ['1.2.3.5', '198.51.100.1'], ['127.0.0.1,198.51.100.1'], ['198.51.100.1, 10.7.7.7'], ['198.51.100.1:443']]) {
    assert.equal(await from(...hostile), 429, `${hostile}`);
  }
  await until('the log has the address', () => server.log.includes('"remote":"198.51.100.1:'));
  // Nonsense is the proxy's own word, so all of it is one address.
  const nonsense = ['unknown', '<script>', '1.2.3.4.5', ','.repeat(3000), '999.999.999.999', '[::1'];
  const answers = [];
  for (const header of nonsense) answers.push(await from(header));
  assert.deepEqual(answers, [200, 429, 429, 429, 429, 429]);
  const [taken] = await server.change(ONE_EACH);
  assert.equal(taken.changed, 'limits.trusted_proxies: 127.0.0.1/32, 10.0.0.0/8 -> (none)');
  assert.equal(await from('203.0.113.77'), 429, 'nobody is trusted any more, and 127.0.0.1 has its session');
  await server.end();
});

test('without trusted proxies nobody gets another address by saying so', async () => {
  const server = await configured(ONE_EACH);
  assert.equal(await handshake(server, { 'x-forwarded-for': '198.51.100.1' }), 200);
  assert.equal(await handshake(server, { 'x-forwarded-for': '198.51.100.2', 'x-real-ip': '198.51.100.2' }), 429);
  assert.ok(!server.log.includes('198.51.100'), 'nor into the log');
  await server.end();
});

test('tokens can be verified with a public key', async () => {
  const folder = temporaryDirectory('keys');
  const [secret, open_] = ['private.pem', 'public.pem'].map((name) => join(folder.path, name));
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', secret]);
  execFileSync('openssl', ['pkey', '-in', secret, '-pubout', '-out', open_]);
  const { createPrivateKey, sign } = await import('node:crypto');
  const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
  const signed = (claims) => {
    const text = `${part({ alg: 'EdDSA' })}.${part(claims)}`;
    return `${text}.${sign(null, Buffer.from(text), createPrivateKey(readFileSync(secret))).toString('base64url')}`;
  };
  const server = await configured(`[auth]\npolicy = "required"\njwt_public_keys = ["${open_}"]\naudiences = ["chat"]\nuser_claim = "uid"\n`);
  const enter = (claims) => connected(open(CLIENTS[0], server.url, ['websocket'], { auth: { token: signed(claims) } }));
  const socket = await enter({ uid: 'ada', aud: 'chat' });
  await assert.rejects(enter({ uid: 'ada', aud: 'mail' }), /Invalid or expired session token/);
  await assert.rejects(enter({ sub: 'ada', aud: 'chat' }), /Invalid or expired session token/);
  socket.close();
  await server.end();
  folder.remove();
});
