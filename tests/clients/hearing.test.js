// Two sockets of one user and three of another: docs/hearing.md says who hears what of every event of every vocabulary, and this does it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { PROFILES, startHouse } from './lib/house.js';
import { Person } from './lib/person.js';
import { until } from './lib/process.js';
import { call } from './lib/rest.js';
import { CLIENTS } from './lib/stock.js';
import { token } from './lib/token.js';

const DOCUMENT = readFileSync(new URL('../../docs/hearing.md', import.meta.url), 'utf8');
const SOCKETS = ['a1', 'a2', 'b1', 'b2', 'b3'];
const [stock] = CLIENTS;

/** Typing ends by itself after 8 s: what is to end it must not be mistaken for that. */
const SOON = 7_000;

/** The rows of each vocabulary: what happens, and the events that each socket hears. */
const TABLES = Object.fromEntries(DOCUMENT.split(/^## /m).slice(1).map((section) => {
  const rows = section.split('\n').filter((line) => line.startsWith('|')).slice(2);
  return [section.split('\n')[0], rows.map((row) => {
    const [happens, ...cells] = row.slice(1, -1).split('|').map((cell) => cell.trim());
    assert.equal(cells.length, SOCKETS.length, row);
    return { happens, hears: Object.fromEntries(SOCKETS.map((name, at) => [name, cells[at] ? cells[at].split(', ') : []])) };
  })];
}));

/** How each vocabulary joins. */
const JOINS = { chatty: ['join', 'chatroom_id'], messenger: ['join_room', 'room_id'], shows: ['join_show', 'show_id'], chats: ['chat:join', 'chatId'] };

/** Who comes by which listener: all by the same, or people with several applications. */
const CASTS = {
  ...Object.fromEntries(PROFILES.map((profile) => [profile, Object.fromEntries(SOCKETS.map((name) => [name, profile]))])),
  several: { a1: 'shows', a2: 'chats', b1: 'messenger', b2: 'shows', b3: 'platform' },
};

let server;
before(async () => { server = await startHouse(); });
after(() => server?.stop());

class Scene {
  constructor(title) {
    this.listeners = CASTS[title];
    this.room = `room of ${title}`;
    this.people = Object.fromEntries([...SOCKETS, 'c', 'watcher'].map((name) => [name, new Person(name)]));
    // Users of their own in each table: nothing is left over from another.
    this.users = { A: `a-${title}`, B: `b-${title}`, C: `c-${title}`, W: `w-${title}` };
    this.real = { ...this.users, r: this.room };
  }

  headers(user) {
    return { authorization: `Bearer ${token({ sub: this.users[user], username: user })}` };
  }

  /** A REST request of somebody. */
  async rest(user, method, path, json) {
    const { status, body } = await call({ url: server.at.messenger }, method, path, json, this.headers(user));
    assert.ok(status < 300, `${method} ${path}: ${JSON.stringify(body)}`);
    return body;
  }

  async begin() {
    await this.rest('A', 'GET', '/users/');
    await this.rest('B', 'POST', '/chatrooms/', { name: 'room', id: this.room });
    // Its maker is a member; in the tables nobody is one before the first row.
    await this.rest('B', 'DELETE', `/chatrooms/${encodeURIComponent(this.room)}/members/${this.users.B}`);
    await this.connect('watcher');
    for (const name of SOCKETS) await this.connect(name);
    for (const name of ['b1', 'b2']) {
      const [event, field] = JOINS[this.listeners[name]] ?? [];
      const answer = event ? await this.people[name].ask(event, { [field]: this.room, user_id: this.users.B }) : { ok: true };
      assert.equal(answer.ok, true, JSON.stringify(answer));
    }
    for (const name of SOCKETS) await this.people[name].hears();
  }

  connect(name) {
    const user = name[0].toUpperCase();
    const listener = this.listeners[name] ?? { c: this.listeners.a1, watcher: 'platform' }[name];
    const auth = listener === 'chatty' ? {} : { token: token({ sub: this.users[user], username: user }) };
    return this.people[name].connect(stock, server.at[listener], { auth });
  }

  /** How many sockets the server has. */
  async connections() {
    return (await this.people.watcher.ask('info')).websocket.activeConnections;
  }

  /** A connection ends, and the server has noticed. */
  async end(name, way) {
    const before = await this.connections();
    await this.people[name][way]();
    await until(`${name} is gone`, async () => (await this.connections()) < before);
  }

  /** Does what the first column of a row says. */
  async happen(happens) {
    const [who, verb, rest = ''] = /^(\w+) (is \w+|\S+) ?(.*)$/.exec(happens).slice(1);
    if (happens === '8 s pass') return;
    if (who === 'A' || who === 'B') {
      await this.write(who, verb);
    } else if (verb === 'closes' || verb === 'crashes') {
      await this.end(who, verb === 'closes' ? 'close' : 'crash');
    } else if (verb === 'connects') {
      await this.connect(who.toLowerCase());
    } else {
      const payload = rest && JSON.parse(rest, (_, value) => this.real[value] ?? value);
      // Without an ack, so that a mistake is an `error` event.
      this.people[who].socket.emit(verb, ...(rest ? [payload] : []));
    }
  }

  /** What somebody does over REST. */
  async write(who, verb) {
    const [message, members] = [`/messages/${this.real.M}`, `/chatrooms/${encodeURIComponent(this.room)}/members`];
    const requests = {
      posts: ['POST', '/messages/', { message_text: 'over REST', chatroom_id: this.room }],
      edits: ['PATCH', message, { message_text: 'better' }],
      deletes: ['DELETE', message],
      'is added': ['POST', members, { user_id: this.users[who] }],
      'is removed': ['DELETE', `${members}/${this.users[who]}`],
    };
    const body = await this.rest(who, ...requests[verb]);
    if (verb === 'posts') this.real.M = body.id;
  }

  async play({ happens, hears }) {
    await this.happen(happens);
    const people = SOCKETS.map((name) => [name, this.people[name]]);
    await until(() => `${happens}: ${JSON.stringify(people.map(([name, { heard }]) => [name, heard]))}`,
      () => people.every(([name, { heard }]) => heard.length >= hears[name].length), happens === '8 s pass' ? 10_000 : SOON);
    // Everybody asks once before anybody looks: what came of it has arrived everywhere by then.
    for (const [, person] of people) if (person.socket.connected) await person.ask('an event that nobody knows');
    const heard = {};
    for (const [name, person] of people) heard[name] = (await person.hears()).map(([event]) => event);
    assert.deepEqual(heard, hears, happens);
  }

  close() {
    for (const person of Object.values(this.people)) person.close();
  }
}

test('there is a table for each cast', () => assert.deepEqual(Object.keys(TABLES), Object.keys(CASTS)));

for (const title of Object.keys(CASTS)) {
  test(`who hears what in ${title}`, async () => {
    const scene = new Scene(title);
    try {
      await scene.begin();
      for (const row of TABLES[title]) await scene.play(row);
    } finally {
      scene.close();
    }
  });
}
