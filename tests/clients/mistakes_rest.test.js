// Every REST call × every kind of mistake: each is a problem with its status and code, and wrong fields are named.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRoomcast } from './lib/process.js';
import { call } from './lib/rest.js';
import { REQUIRED, token } from './lib/token.js';
import { REQUESTS, mistakes } from './mistakes/requests.js';

const GOOD = { text: 'hello', name: 'a name', room: 'home', user: 2, self: 1, flag: false, anything: { a: 1 } };

let server;
let numbers = 0;
const ids = {};

const bearer = (id, username, secret) => ({ authorization: `Bearer ${token({ sub: id, username }, secret)}` });
const anna = bearer(1, 'Anna');
const ben = bearer(2, 'Ben');
const forged = bearer(1, 'Anna', 'another secret');

async function made(path, body, headers) {
  const answer = await call(server, 'POST', path, body, headers);
  assert.equal(answer.status, 201, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

before(async () => {
  server = await startRoomcast({ args: REQUIRED });
  for (const [id, kind] of [['home', 'public'], ['hall', 'public'], ['vault', 'private']]) await made('/chatrooms/', { id, name: id, kind }, ben);
  assert.equal((await call(server, 'GET', '/me/rooms', undefined, anna)).status, 200);
  assert.equal((await call(server, 'POST', '/chatrooms/home/members', { user_id: 1 }, ben)).status, 201);
  const say = (room, headers) => made('/messages/', { chatroom_id: room, message_text: 'said' }, headers);
  Object.assign(ids, { message: await say('home', anna), foreign: await say('home', ben), elsewhere: await say('hall', ben), hidden: await say('vault', ben) });
});
after(() => server?.stop());

const named = (value) => (typeof value === 'string' ? value.replace(/^\{(\w+)\}$/, (_, id) => ids[id]) : value);

function bodyOf({ body }, { change, raw }) {
  if (raw !== undefined || !body) return raw;
  const good = Object.entries(body).map(([field, { is, optional, unique, good: value }]) => {
    if (optional) return [field, value];
    numbers += 1;
    return [field, unique ? `name-${numbers}` : GOOD[is]];
  });
  const fields = { ...Object.fromEntries(good), ...change };
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, named(value)]));
}

function send(request, sent) {
  const [method, template] = request.call.split(' ');
  const there = { room: 'home', user: 1, message: ids.message, ...sent.path };
  const path = template.replace(/\{(\w+)\}/g, (_, key) => named(there[key]));
  const headers = { ...(sent.token === null ? {} : sent.token ? forged : anna), ...(sent.type && { 'content-type': sent.type }) };
  return call(server, method, `${path}${sent.query ? `?${sent.query}` : ''}`, bodyOf(request, sent), headers);
}

function assertProblem({ status, type, body }, [wanted, code], sent, where) {
  assert.deepEqual([status, body.code], [wanted, code], `${where}: ${JSON.stringify(body)}`);
  assert.match(type, /^application\/problem\+json/, where);
  assert.deepEqual([body.status, body.type], [wanted, 'about:blank'], where);
  for (const key of ['title', 'detail']) assert.ok(body[key]?.length > 0, `${where}: ${key}`);
  if (sent.field && wanted === 422) assert.ok(body.errors.some(({ field }) => field === sent.field), `${where}: ${JSON.stringify(body.errors)}`);
}

const counts = new Map();
let taken = 0;

for (const request of REQUESTS) {
  test(`${request.call}: every mistake is a problem`, async () => {
    for (const [kind, sent, error] of mistakes(request)) {
      const group = kind.split(':')[0];
      counts.set(group, (counts.get(group) ?? 0) + 1);
      const answer = await send(request, sent);
      const where = `${request.call}, ${kind}`;
      if (error) assertProblem(answer, error, sent, where);
      else {
        assert.equal(answer.status, request.good, `${where}: ${JSON.stringify(answer.body)}`);
        taken += 1;
      }
    }
    if (request.once) return;
    const answer = await send(request, {});
    assert.equal(answer.status, request.good, `${request.call} as it should be: ${JSON.stringify(answer.body)}`);
    taken += 1;
    // It ends Anna's own membership.
    if (request.call.startsWith('DELETE /chatrooms')) await call(server, 'POST', '/chatrooms/home/members', { user_id: 1 }, ben);
  });
}

test('the table', () => {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${REQUESTS.length} calls × ${counts.size} kinds = ${all} requests: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}; ${taken} taken`);
  assert.deepEqual([...counts.keys()].sort(), [
    'binary', 'empty text', 'extra fields', 'huge number', 'missing field', 'not a member', "someone else's id", 'text over the limit', 'unknown id', 'wrong type',
  ]);
});

test('1,000 requests in a second: each is answered, and sending is limited', async () => {
  const own = await startRoomcast({ args: REQUIRED, limits: true });
  const many = async (method, path, body, headers) => {
    const answers = new Map();
    const begun = performance.now();
    let left = 1000;
    await Promise.all(Array.from({ length: 32 }, async () => {
      while (left > 0) {
        left -= 1;
        const { status, body: problem } = await call(own, method, path, body, headers);
        if (status === 429) assert.ok(problem.retry_after_ms > 0);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    }));
    console.log(`${method} ${path}: ${[...answers].map(([status, count]) => `${count} × ${status}`).join(', ')} in ${Math.round(performance.now() - begun)} ms`);
    return answers;
  };
  assert.equal((await call(own, 'POST', '/chatrooms/', { id: 'home', name: 'home' }, anna)).status, 201);
  const sent = await many('POST', '/messages/', { chatroom_id: 'home', message_text: 'again' }, anna);
  assert.ok(sent.get(201) >= 20 && sent.get(201) < 100 && sent.get(201) + sent.get(429) === 1000, JSON.stringify([...sent]));
  const sessions = await many('POST', '/api/session/acquire', {}, {});
  assert.ok(sessions.get(200) >= 60 && sessions.get(200) + sessions.get(429) === 1000, JSON.stringify([...sessions]));
  for (const path of ['/users/', '/me/rooms', '/chatrooms/home/messages']) assert.deepEqual([...await many('GET', path, undefined, anna)], [[200, 1000]]);
  await own.stop();
});
