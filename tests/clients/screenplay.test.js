// Five clients, one for each vocabulary, share a room through join, history, typing, messages, reading, leaving and the crash of one of
// them, in one process. What each hears in each step is compared with what was written by hand before: fixtures/screenplay.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startHouse } from './lib/house.js';
import { Person } from './lib/person.js';
import { until } from './lib/process.js';
import { call } from './lib/rest.js';
import { CLIENTS } from './lib/stock.js';
import { token } from './lib/token.js';

const SCREENPLAY = readFileSync(new URL('./fixtures/screenplay/screenplay.txt', import.meta.url), 'utf8');
const [stock] = CLIENTS;
const ROOM = 42;
const sam = token({ sub: 8, username: 'sam' });

let server;
let alice;
let session;
const cast = Object.fromEntries(['alice', 'mia', 'sam', 'cleo', 'pat'].map((name) => [name, new Person(name)]));
const rest = async (method, path, json, headers) => {
  const { status, body } = await call(server, method, path, json, headers);
  assert.ok(status < 300, `${method} ${path}: ${JSON.stringify(body)}`);
  return body;
};
const write = async (message_text) => rest('POST', '/messages/', { message_text, user_id: alice.id, chatroom_id: String(ROOM), is_reply: false });

before(async () => {
  server = await startHouse({ limits: true });
  alice = await rest('POST', '/users/', { name: 'Alice', handle: 'alice' });
  await rest('POST', '/chatrooms/', { name: 'Stage', id: String(ROOM) });
  const acquired = await fetch(`${server.at.platform}/api/session/acquire`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ metadata: {} }),
  });
  session = (await acquired.json()).token;
});
after(async () => {
  for (const person of Object.values(cast)) person.close();
  await server?.stop();
});

const does = (who, event, payload) => async () => {
  const answer = await cast[who].ask(event, payload);
  assert.equal(answer.ok, true, JSON.stringify(answer));
};
const connects = (who, profile, options) => () => cast[who].connect(stock, server.at[profile], options);
const samConnects = connects('sam', 'shows', { extraHeaders: { cookie: `access_token_cookie=${sam}` } });
const checkin = async () => (await rest('GET', `/chatrooms/${ROOM}/checkins`)).items.find(({ user_id }) => user_id === '8');

/** What is done in each step, in the order of the screenplay. */
const STEPS = [
  connects('alice', 'chatty'),
  connects('mia', 'messenger', { auth: { token: token({ sub: 5, username: 'mia' }) } }),
  samConnects,
  connects('cleo', 'chats', { extraHeaders: { authorization: `Bearer ${token({ sub: 13, username: 'cleo', name: 'Cleo' })}` } }),
  () => connects('pat', 'platform', { auth: { token: session } })(),
  () => does('alice', 'join', { user_id: alice.id, chatroom_id: String(ROOM) })(),
  does('mia', 'join_room', { room_id: ROOM }),
  () => write('Welcome'),
  does('sam', 'join_show', { show_id: ROOM }),
  does('cleo', 'chat:join', { chatId: String(ROOM) }),
  does('pat', 'status'),
  does('pat', 'chat:join', { chatId: String(ROOM) }),
  does('mia', 'typing_start', { room_id: ROOM }),
  does('mia', 'send_group_message', { room_id: ROOM, content: 'Hello group!' }),
  does('sam', 'typing', { show_id: ROOM, is_typing: true }),
  does('sam', 'typing', { show_id: ROOM, is_typing: false }),
  does('sam', 'send_message', { show_id: ROOM, message: 'This opening act is incredible!' }),
  does('cleo', 'typing:start', { chatId: String(ROOM) }),
  does('cleo', 'typing:stop', { chatId: String(ROOM) }),
  does('cleo', 'message:send', { chatId: String(ROOM), content: 'Hello!', messageType: 'text' }),
  () => does('cleo', 'message:read', { messageId: nameOf('<m3>'), chatId: String(ROOM) })(),
  does('sam', 'typing', { show_id: ROOM, is_typing: true }),
  async () => {
    assert.equal((await checkin()).checked_out_at, null);
    await cast.sam.crash();
    await until('his check-in is closed', async () => (await checkin()).checked_out_at);
  },
  () => until('somebody hears of it', () => cast.cleo.heard.length > 0),
  () => write('Sam?'),
  samConnects,
  does('sam', 'join_show', { show_id: ROOM }),
  () => rest('PATCH', `/messages/${nameOf('<m5>')}`, { message_text: 'Welcome back, Sam', user_id: alice.id }),
  async () => { await does('pat', 'info')(); await does('pat', 'status')(); },
  does('mia', 'leave_room', { room_id: ROOM }),
  does('cleo', 'chat:leave', { chatId: String(ROOM) }),
  () => does('alice', 'leave', { user_id: alice.id, chatroom_id: String(ROOM) })(),
  async () => { cast.pat.close(); await until('somebody hears of it', () => cast.sam.heard.length > 0); },
  does('sam', 'leave_show', { show_id: ROOM }),
];

const names = new Map();
const nameOf = (wanted) => [...names].find(([, name]) => name === wanted)[0];
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;

/** Gives what differs from run to run its name. `time` is how the screenplay writes a time in this place. */
function learn() {
  names.set(alice.id, '<alice>');
  names.set(session.slice(-6), '<token>');
  for (const { name, socket, heard } of Object.values(cast)) {
    const greeting = heard.find(([event]) => event === 'connected')?.[1];
    if (socket?.id) names.set(socket.id, `<sid ${name}>`);
    if (greeting && !greeting.isLoggedIn) names.set(greeting.user_id, `<guest ${name}>`).set(greeting.username, `<name ${name}>`);
    for (const [event, data] of heard) {
      if (data?.seq && /message/.test(event) && /^[0-9a-f-]{36}$/.test(data.id)) names.set(data.id, `<m${data.seq}>`);
      if (data?.server?.version) names.set(data.server.version, '<version>');
    }
  }
}

function still(value, shown) {
  if (Array.isArray(value)) return value.map((item, at) => still(item, shown?.[at]));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, still(item, shown?.[field])]));
  if (typeof value !== 'string') return value;
  if (TIME.test(value)) return shown === '<time>' ? shown : value.includes('.') ? '<ms>' : '<t>';
  return [...names].reduce((text, [real, name]) => (text.endsWith(real) || text.startsWith(real) ? text.replace(real, name) : text), value);
}

/** The screenplay: for each step its title and what is heard. */
const written = SCREENPLAY.split(/^STEP \d+\. /m).slice(1).map((step) => {
  const [title, ...lines] = step.trim().split('\n');
  const heard = lines.map((line) => {
    const [, who, order, event, payload, source] = /^(\w+) ([<~]) (\S+) (\{.*\})  -- (.+)$/.exec(line) ?? assert.fail(line);
    assert.match(source, /§\d|00[0-4] /, 'every line has a source');
    return { who, event, payload: JSON.parse(payload), anyOrder: order === '~' };
  });
  return { title, heard };
});

test('the screenplay has a step for everything that is done', () => assert.equal(written.length, STEPS.length));

for (const [at, { title, heard: lines }] of written.entries()) {
  test(`${at + 1}. ${title}`, async () => {
    await STEPS[at]();
    // Twice: what an ending of a connection causes has no answer that could be waited for.
    const transcripts = new Map();
    for (const person of Object.values(cast)) if (person.socket?.connected) await person.ask('an event that nobody knows');
    learn();
    for (const [name, person] of Object.entries(cast)) transcripts.set(name, await person.hears());
    for (const name of Object.keys(cast)) {
      const expected = lines.filter(({ who }) => who === name);
      const heard = transcripts.get(name).map(([event, payload]) => ({ event, payload }));
      if (expected.some(({ anyOrder }) => anyOrder)) {
        const inOrder = (item) => JSON.stringify([item.event, item.payload]);
        const first = expected.findIndex(({ anyOrder }) => anyOrder);
        for (const list of [expected, heard]) list.splice(first, list.length, ...list.slice(first).sort((one, other) => (inOrder(one) < inOrder(other) ? -1 : 1)));
      }
      const actual = heard.map(({ event, payload }, place) => [event, still(payload, expected[place]?.payload)]);
      assert.deepEqual(actual, expected.map(({ event, payload }) => [event, payload]), `what ${name} hears`);
    }
  });
}

test('what was done is stored as it was heard', async () => {
  const { items } = await rest('GET', `/chatrooms/${ROOM}/members`);
  const cleo = items.find(({ user_id }) => user_id === '13');
  assert.equal(cleo.read_seq, 3, 'up to what Sam wrote');
  assert.deepEqual(items.map(({ username }) => username).sort(), ['alice', 'cleo', 'mia', 'sam'], 'a guest is never a member');
  const checkins = await rest('GET', `/chatrooms/${ROOM}/checkins`);
  assert.ok(checkins.items.every(({ checked_out_at }) => checked_out_at), 'everybody has left');
  assert.equal(checkins.items.filter(({ user_id }) => user_id === '8').length, 2, 'Sam came twice');
});
