// `roomcast doctor` names the cause, in set-ups that are broken on purpose in one way each.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { freePort, startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { REQUIRED, token } from '../clients/lib/token.js';
import { tool } from './lib/tool.js';

const APP = 'https://app.example.org';
const CHECKS = ['reach', 'ready', 'path', 'polling', 'websocket', 'upgrade', 'cors', 'auth', 'version', 'clock'];
const ago = (seconds) => Math.floor(Date.now() / 1000) - seconds;

/** Asks for JSON and for text: both say the same. */
async function doctor(...args) {
  const { json, status } = await tool(['doctor', ...args, '--json']);
  const text = await tool(['doctor', ...args]);
  assert.equal(text.status, status);
  assert.ok(!text.out.includes('\u001b'), 'no colours in a pipe');
  assert.equal(json.ok, status === 0);
  assert.deepEqual(json.checks.map(({ name }) => name).sort(), [...CHECKS].sort());
  return { ...json, status, text: text.out, failed: json.checks.filter((check) => check.status === 'fail') };
}

/** One check failed, and its line has the cause and the fix. */
function assertCause({ failed, text, status }, name, cause, fix) {
  assert.deepEqual(failed.map((check) => check.name), [name], text);
  assert.match(failed[0].detail, cause);
  assert.match(failed[0].fix, fix);
  const line = text.split('\n').find((row) => row.startsWith('FAIL'));
  assert.match(line, cause);
  assert.match(line, fix);
  assert.equal(status, 1);
  console.log(line);
}

async function serving(args, use) {
  const server = await startRoomcast({ args });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

/** A proxy as nginx is without further words: it hands requests on and takes `Upgrade` and `Connection` away. `own` answers some itself. */
async function startDeafProxy(port, own = () => false) {
  const proxy = createServer((incoming, answer) => {
    if (own(incoming, answer)) return;
    const { upgrade, connection, ...headers } = incoming.headers;
    const onward = request({ port, host: '127.0.0.1', method: incoming.method, path: incoming.url, headers }, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { url: `http://127.0.0.1:${proxy.address().port}`, stop: () => { proxy.closeAllConnections(); proxy.close(); } };
}

test('nothing fails where nothing is broken', () => serving([...REQUIRED, '--cors-origin', APP], async ({ url }) => {
  const { status, failed, checks, text } = await doctor(url, '--origin', APP, '--token', token({ sub: 'ada' }));
  assert.deepEqual([status, failed], [0, []], text);
  assert.deepEqual(checks.filter((check) => check.status !== 'ok'), []);
}));

test('1. a wrong path', () => serving([], async ({ url }) => {
  const found = await doctor(url, '--path', '/chat/');
  assertCause(found, 'path', /nothing of Socket\.IO at \/chat\/ .*, but at \/socket\.io\/: the path is wrong/, /path: "\/socket\.io\/"/);
}));

test('2. CORS', () => serving(['--cors-origin', APP], async ({ url }) => {
  const found = await doctor(url, '--origin', 'https://other.example.org');
  assertCause(found, 'cors', /CORS: pages of https:\/\/other\.example\.org may not call/, /--cors-origin https:\/\/other\.example\.org/);
}));

test('3. a proxy without upgrade', () => serving([], async ({ port }) => {
  const proxy = await startDeafProxy(port);
  const found = await doctor(proxy.url);
  assertCause(found, 'websocket', /no upgrade to WebSocket .*takes the header `Upgrade` away/, /proxy_set_header Upgrade/);
  proxy.stop();
}));

test('4. an expired token', () => serving(REQUIRED, async ({ url }) => {
  const found = await doctor(url, '--token', token({ sub: 'ada', exp: ago(7200) }));
  assertCause(found, 'auth', /the token has expired 2 h ago/, /get a new one/);
}));

test('5. an old client version', () => serving([], async ({ url }) => {
  const found = await doctor(url, '--client-version', '2');
  assertCause(found, 'version', /old client version: .*EIO=3/, /socket\.io-client 3 or 4/);
}));

test('6. a closed port', async () => {
  const port = await freePort();
  const found = await doctor(`http://127.0.0.1:${port}`);
  assertCause(found, 'reach', new RegExp(`nothing listens on 127\\.0\\.0\\.1:${port}`), /start the server, or correct the port/);
});

test('7. a wrong secret', () => serving(REQUIRED, async ({ url }) => {
  const found = await doctor(url, '--token', token({ sub: 'ada' }, 'a secret of somebody else, which is long enough too'));
  assertCause(found, 'auth', /signed with another secret or key than the server verifies with/, /ROOMCAST_JWT_SECRET/);
}));

test('8. draining', async () => {
  const internal = `127.0.0.1:${await freePort()}`;
  await serving(['--internal-listen', internal], async ({ url }) => {
    await until('it has started', async () => (await fetch(`${url}/health/ready`)).ok);
    assert.equal((await fetch(`http://${internal}/drain`, { method: 'POST' })).status, 202);
    const found = await doctor(url);
    assertCause(found, 'ready', /the server is draining/, /end the drain or start the next instance/);
    assert.equal((await fetch(`http://${internal}/drain`, { method: 'DELETE' })).status, 200);
    assert.equal((await doctor(url)).status, 0);
  });
});

test('draining, behind a proxy that hides /health', async () => {
  const internal = `127.0.0.1:${await freePort()}`;
  await serving(['--internal-listen', internal], async ({ port, url }) => {
    await until('it has started', async () => (await fetch(`${url}/health/ready`)).ok);
    const proxy = await startDeafProxy(port, ({ url: path }, answer) => path.startsWith('/health') && answer.writeHead(404).end());
    assert.equal((await fetch(`http://${internal}/drain`, { method: 'POST' })).status, 202);
    assertCause(await doctor(proxy.url), 'path', /the server is draining/, /end the drain or start the next instance/);
    proxy.stop();
  });
});

test('a limit is told from a drain', () => serving([], async ({ url }) => {
  const full = await startRoomcast({ limits: true, env: { ROOMCAST_LIMITS_SESSIONS: '1' } });
  assert.equal((await fetch(`${full.url}/socket.io/?EIO=4&transport=polling`)).status, 200);
  assertCause(await doctor(full.url), 'path', /the server is at a limit: HTTP 503, Too many sessions/, /raise the limit/);
  await full.stop();
  assert.equal((await doctor(url)).status, 0);
}));

test('a proxy that wants a password, or forbids', () => serving([], async ({ port }) => {
  const locked = await startDeafProxy(port, (_, answer) => answer.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('<html>'));
  assertCause(await doctor(locked.url), 'path', /a proxy in front of the server wants a password .*\(HTTP 401, Basic\)/, /auth_basic off/);
  locked.stop();
  const closed = await startDeafProxy(port, (_, answer) => answer.writeHead(403).end('<html>'));
  assertCause(await doctor(closed.url), 'path', /a proxy or firewall in front of the server forbids \/socket\.io\/ \(HTTP 403\)/, /allow/);
  closed.stop();
}));

test('an origin is that of the browser, however it is written', () => serving(['--cors-origin', APP], async ({ url }) => {
  for (const origin of [`${APP}/`, APP.toUpperCase(), `${APP}:443`]) {
    const { status, text } = await doctor(url, '--origin', origin);
    assert.equal(status, 0, text);
    assert.match(text, /pages of https:\/\/app\.example\.org may call/);
  }
  const { status, err } = await tool(['doctor', url, '--origin', 'app.example.org']);
  assert.equal(status, 2);
  assert.match(err, /an origin such as https:\/\/app\.example\.com/);
}));

test('TLS: a certificate for another name', async () => {
  const folder = temporaryDirectory('doctor');
  const file = (name) => join(folder.path, name);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=other',
    '-addext', 'subjectAltName=DNS:other.example.org', '-keyout', file('key.pem'), '-out', file('cert.pem')], { stdio: 'ignore' });
  const server = createSecure({ key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const found = await doctor(`https://127.0.0.1:${server.address().port}`, '--ca', file('cert.pem'));
  server.close();
  assertCause(found, 'reach', /it is for other\.example\.org, and not for 127\.0\.0\.1/, /use a host name that the certificate has/);
  folder.remove();
});

test('a token that is required and not given is said, and is no failure', () => serving(REQUIRED, async ({ url }) => {
  const { status, checks } = await doctor(url);
  const auth = checks.find(({ name }) => name === 'auth');
  assert.deepEqual([status, auth.status], [0, 'skip']);
  assert.match(auth.detail, /give --token/);
}));

test('TLS: a certificate of an authority of one\'s own, trusted and not, and plain HTTP at its port', async () => {
  const file = (name) => fileURLToPath(new URL(`../clients/fixtures/tls/${name}`, import.meta.url));
  await serving(['--tls-cert', file('cert.pem'), '--tls-key', file('key.pem')], async ({ port }) => {
    const trusted = await doctor(`https://127.0.0.1:${port}`, '--ca', file('cert.pem'));
    assert.equal(trusted.status, 0, trusted.text);
    const strange = await doctor(`https://127.0.0.1:${port}`);
    assertCause(strange, 'reach', /the certificate is not accepted: it signs itself, .* and this machine does not trust it/, /--ca/);
    const plain = await doctor(`http://127.0.0.1:${port}`);
    assertCause(plain, 'path', /without an answer in HTTP/, /use https:\/\//);
  });
  await serving([], async ({ port }) => {
    const encrypted = await doctor(`https://127.0.0.1:${port}`);
    assertCause(encrypted, 'reach', /TLS/, /use http:\/\//);
  });
});

test('it examines npm\'s own server too', async () => {
  const { Server } = createRequire(new URL('../clients/package.json', import.meta.url))('socket.io');
  const http = createServer((_, answer) => answer.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const io = new Server(http, { path: '/api/socket.io/', cors: { origin: APP } });
  io.of('/members').use((_, next) => next(new Error('members only')));
  const url = `http://127.0.0.1:${http.address().port}`;
  const good = await doctor(url, '--path', '/api/socket.io/', '--origin', APP);
  assert.equal(good.status, 0, good.text);
  assertCause(await doctor(url), 'path', /but at \/api\/socket\.io\//, /path: "\/api\/socket\.io\/"/);
  const refused = await doctor(`${url}/members`, '--path', '/api/socket.io/');
  assertCause(refused, 'auth', /refuses the namespace: members only/, /look into its log/);
  const unknown = await doctor(`${url}/nowhere`, '--path', '/api/socket.io/');
  assertCause(unknown, 'auth', /the namespace does not exist/, /path in the URL/);
  const old = await doctor(url, '--path', '/api/socket.io/', '--client-version', '2');
  assertCause(old, 'version', /old client version/, /allowEIO3/);
  await io.close();
});

test('a flag that is wrong is exit status 2', async () => {
  for (const args of [['doctor'], ['doctor', 'ftp://a'], ['doctor', 'http://a', '--client-version', '9'], ['doctor', 'http://a', '--timeout', 'soon']]) {
    const { status, err } = await tool(args);
    assert.equal(status, 2, err);
  }
});
