// `roomcast token`: what it signs a server takes, and what it refuses a server refuses.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startRoomcast, temporaryDirectory } from '../clients/lib/process.js';
import { call } from '../clients/lib/rest.js';
import { CLIENTS, connected, open } from '../clients/lib/stock.js';
import { REQUIRED, SECRET, token } from '../clients/lib/token.js';
import { tool } from './lib/tool.js';

const env = { ROOMCAST_JWT_SECRET: SECRET };
const scratch = temporaryDirectory('token');
let server;
before(async () => { server = await startRoomcast({ args: REQUIRED }); });
after(async () => {
  await server?.stop();
  scratch.remove();
});

const claims = (signed) => JSON.parse(Buffer.from(signed.split('.')[1], 'base64url'));
const bearer = (signed) => call(server, 'GET', '/me/rooms', undefined, { authorization: `Bearer ${signed}` });

test('a server takes what was signed, for the user that was named', async () => {
  const { status, out } = await tool(['token', 'new', '--user', '7', '--name', 'Ada', '--claim', 'role=admin', '--claim', 'level=3'], { env });
  const signed = out.trim();
  const { iat, exp, ...rest } = claims(signed);
  assert.deepEqual([status, exp - iat, rest], [0, 3600, { sub: '7', name: 'Ada', role: 'admin', level: 3 }]);
  assert.equal((await bearer(signed)).status, 200);
  const socket = open(CLIENTS[0], server.url, ['websocket'], { auth: { token: signed } });
  const greeting = new Promise((done) => socket.on('connected', done));
  await connected(socket);
  const { user_id, username } = await greeting;
  assert.deepEqual([String(user_id), username], ['7', 'Ada']);
  socket.close();
});

test('the secret can be in a file, with a line break behind it, and the algorithm be chosen', async () => {
  const file = join(scratch.path, 'secret');
  writeFileSync(file, `${SECRET}\n`);
  for (const algorithm of ['HS256', 'HS384', 'HS512']) {
    const { out } = await tool(['token', 'new', '--user', 'ada', '--secret-file', file, '--algorithm', algorithm]);
    assert.equal((await bearer(out.trim())).status, 200, algorithm);
  }
  const { out } = await tool(['token', 'new', '--user', 'ada'], { env: { ROOMCAST_JWT_SECRET_FILE: file } });
  assert.equal((await bearer(out.trim())).status, 200);
});

test('as JSON it comes with its claims and its end', async () => {
  const { json } = await tool(['token', 'new', '--user', 'ada', '--expires', '30d', '--json'], { env });
  assert.deepEqual(json.claims, claims(json.token));
  assert.equal(new Date(json.expires_at) / 1000, json.claims.exp);
  const never = await tool(['token', 'new', '--user', 'ada', '--expires', 'never', '--json'], { env });
  assert.deepEqual([never.json.expires_at, never.json.claims.exp], [null, undefined]);
});

test('check says whose a good token is and when it ends', async () => {
  const exp = Math.floor(Date.now() / 1000) + 5400;
  const signed = token({ sub: 'ada', name: 'Ada', exp });
  const { status, json } = await tool(['token', 'check', signed, '--json'], { env });
  assert.equal(status, 0);
  assert.deepEqual({ ...json, expires_at: new Date(json.expires_at) / 1000 }, { valid: true, user: 'ada', name: 'Ada', username: 'Ada', expires_at: exp });
  const piped = await tool(['token', 'check', '-'], { env, input: `${signed}\n` });
  assert.equal(piped.status, 0);
  assert.match(piped.out, /^valid\n {2}user {6}ada\n[^]* in 1 h (29|30) min\n/);
});

test('check refuses for the reason for which the server refuses', async () => {
  const now = Math.floor(Date.now() / 1000);
  for (const [wrong, reason] of [
    [token({ sub: 'ada', exp: now - 1 }), 'expired'],
    [token({ sub: 'ada', nbf: now + 600 }), 'not_yet_valid'],
    [token({ sub: 'ada' }, 'another secret that is also long enough for it'), 'signature'],
    [token({}), 'malformed'],
    ['garbage', 'malformed'],
    ['x'.repeat(43), 'unknown_session'],
  ]) {
    const { status, json } = await tool(['token', 'check', wrong, '--json'], { env });
    assert.deepEqual([status, json.valid, json.reason], [1, false, reason]);
    const socket = open(CLIENTS[0], server.url, ['websocket'], { auth: { token: wrong } });
    const error = await new Promise((done) => socket.on('connect_error', done));
    assert.deepEqual([error.data.reason, error.message], [reason, json.message]);
    socket.close();
  }
});

test('without a secret, with an empty one, and with a short one it says so', async () => {
  const none = await tool(['token', 'new', '--user', 'ada']);
  assert.deepEqual([none.status, none.out], [1, '']);
  assert.match(none.err, /there is no secret: give --secret-file/);
  const file = join(scratch.path, 'empty');
  writeFileSync(file, '\n');
  const empty = await tool(['token', 'check', 'x', '--secret-file', file]);
  assert.equal(empty.status, 1);
  assert.match(empty.err, /the JWT secret is empty/);
  const short = await tool(['token', 'new', '--user', 'ada'], { env: { ROOMCAST_JWT_SECRET: 'short' } });
  assert.equal(short.status, 0);
  assert.match(short.err, /shorter than 32 bytes/);
  const missing = await tool(['token', 'check', 'x', '--secret-file', join(scratch.path, 'nowhere')]);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /nowhere: No such file/);
});

test('flags that are wrong are exit status 2', async () => {
  for (const args of [['new'], ['new', '--user', 'a', '--expires', 'soon'], ['new', '--user', 'a', '--claim', 'role'], ['new', '--user', 'a', '--algorithm', 'none'], ['check']]) {
    assert.equal((await tool(['token', ...args], { env })).status, 2, args.join(' '));
  }
});

test('a token for nobody is wrong usage', async () => {
  for (const args of [['--user', ''], ['--user', 'guest-1'], ['--user', 'ada', '--claim', 'sub='], ['--user', 'ada', '--claim', 'sub=null']]) {
    const { status, out, err } = await tool(['token', 'new', ...args], { env });
    assert.deepEqual([status, out], [2, ''], args.join(' '));
    assert.match(err, /the user id, which is the claim `sub`, is a whole number or a text of 1 to 250 bytes/);
  }
});
