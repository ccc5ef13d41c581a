// One room, all vocabularies, by stock clients: five writers (the four vocabularies that have room messages, and REST) and four readers;
// then joining, leaving, writing and being online across them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startHouse } from './lib/house.js';
import { Person } from './lib/person.js';
import { until } from './lib/process.js';
import { call } from './lib/rest.js';
import { CLIENTS } from './lib/stock.js';
import { token } from './lib/token.js';

const ROOM = '77';
const [stock] = CLIENTS;

/** How each vocabulary joins and leaves, and how a message and its fields are called there. */
const VOCABULARIES = {
  chatty: {
    join: 'join', leave: 'leave', place: 'chatroom_id', text: 'message_text', by: 'user_id',
    posted: 'new_message', edited: 'message_updated', deleted: 'message_deleted',
  },
  messenger: {
    join: 'join_room', leave: 'leave_room', place: 'room_id', text: 'content', by: 'from_user_id',
    posted: 'receive_group_message', edited: 'message_updated', deleted: 'message_deleted',
  },
  shows: {
    join: 'join_show', leave: 'leave_show', place: 'show_id', text: 'message', by: 'user_id',
    posted: 'new_message', edited: 'message_updated', deleted: 'message_deleted',
  },
  chats: {
    join: 'chat:join', leave: 'chat:leave', place: 'chatId', text: 'content', by: 'sender_id',
    posted: 'message:new', edited: 'message:updated', deleted: 'message:deleted',
  },
};
const NAMES = Object.keys(VOCABULARIES);

/** Who is in the room, in the order of their coming, as `active_users` shows it. */
const present = [];
const shown = ({ id, username, socket }) => ({ user_id: Number(id) || id, username, sid: socket.id });

/** What the readers of each vocabulary hear of somebody who joins, leaves, or writes (`chatty` and, of crossings, `chats` have no words for it). */
const HEARD = {
  chatty: () => [],
  messenger(what, { id, username }, is_typing) {
    const user = { user_id: Number(id) || id, username };
    return [what === 'typing' ? ['typing', { ...user, is_typing, room_id: 77 }] : [what, { room_id: 77, ...user }]];
  },
  shows(what, { id, username }, is_typing) {
    const user = { user_id: Number(id) || id, username };
    if (what === 'typing') return [['user_typing', { ...user, is_typing }]];
    const verb = what === 'user_joined' ? 'joined' : 'left';
    return [[what, { ...user, message: `${username} ${verb} the chat`, active_users: present.map(shown) }]];
  },
  chats(what, { id, username }, is_typing) {
    if (what !== 'typing') return [];
    return [is_typing ? ['typing:start', { chatId: ROOM, userId: id, username }] : ['typing:stop', { chatId: ROOM, userId: id }]];
  },
};

const bearer = (sub) => ({ authorization: `Bearer ${token({ sub, username: `user ${sub}` })}` });
const rest = async (url, method, path, json, headers) => {
  const { status, body } = await call({ url }, method, path, json, headers);
  assert.ok(status < 300, `${method} ${path}: ${JSON.stringify(body)}`);
  return body;
};

/** Somebody who came by a listener of the vocabulary. */
async function arrives(vocabulary, sub) {
  const person = new Person(vocabulary);
  if (vocabulary === 'chatty') {
    const user = await rest(server.at.chatty, 'POST', '/users/', { name: `Chatty ${sub}`, handle: `chatty-${sub}` });
    Object.assign(person, { id: user.id, username: user.handle, options: {} });
  } else {
    Object.assign(person, { id: sub, username: `user ${sub}`, options: { auth: { token: token({ sub, username: `user ${sub}` }) } } });
  }
  await person.connect(stock, server.at[vocabulary], person.options);
  return person;
}

async function goes(person, way) {
  const words = VOCABULARIES[person.name];
  const answer = await person.ask(words[way], { [words.place]: ROOM, user_id: person.id });
  assert.equal(answer.ok, true, JSON.stringify(answer));
}

async function joins(person) {
  await goes(person, 'join');
  present.push(person);
}

const gone = (person) => present.splice(present.indexOf(person), 1);

const readers = {};
const writing = { id: '24' };
const newcomers = {};
let server;
before(async () => {
  server = await startHouse();
  await rest(server.at.shows, 'POST', '/chatrooms/', { name: 'all', id: ROOM }, bearer(writing.id));
  for (const [at, vocabulary] of NAMES.entries()) {
    readers[vocabulary] = await arrives(vocabulary, String(21 + at));
    await joins(readers[vocabulary]);
  }
  for (const person of Object.values(readers)) await person.hears();
});
after(async () => {
  for (const person of [...Object.values(readers), ...Object.values(newcomers)]) person.close();
  await server?.stop();
});

/** Compares what each reader hears with `expected(vocabulary)`. */
async function everybodyHears(expected, names = NAMES) {
  for (const name of names) {
    const wanted = expected(name);
    await until(() => `${name} hears ${JSON.stringify(wanted)}: ${JSON.stringify(readers[name].heard)}`, () => readers[name].heard.length >= wanted.length);
    assert.deepEqual(await readers[name].hears(), wanted, name);
  }
}

const posts = (url, json, headers) => rest(url, 'POST', '/messages/', { chatroom_id: ROOM, ...json }, headers);

/** What each writer does; answers what says which message it became. */
const WRITERS = {
  chatty: (text) => posts(server.at.chatty, { message_text: text, user_id: readers.chatty.id, is_reply: false }),
  messenger: (content) => readers.messenger.ask('send_group_message', { room_id: ROOM, content }),
  shows: (message) => readers.shows.ask('send_message', { show_id: 77, message }),
  chats: (content) => readers.chats.ask('message:send', { chatId: ROOM, content, messageType: 'text' }),
  REST: (text) => posts(server.at.messenger, { message_text: text }, bearer(writing.id)),
};

for (const [at, [writer, write]] of Object.entries(WRITERS).entries()) {
  for (const reader of NAMES) {
    test(`what ${writer} writes is read by ${reader}`, async () => {
      const text = `from ${writer} for ${reader} \u{1f600} </script> "quoted"`;
      const { seq } = await write(text);
      assert.equal(seq, 1 + at * NAMES.length + NAMES.indexOf(reader));
      const words = VOCABULARIES[reader];
      for (const name of NAMES) await until(`${name} hears it`, () => readers[name].heard.length > 0);
      const heard = await readers[reader].hears();
      for (const name of NAMES) assert.ok(name === reader || (await readers[name].hears()).length === 1, `${name} hears it once`);
      assert.equal(heard.length, 1, JSON.stringify(heard));
      const [[event, message]] = heard;
      assert.equal(message.seq, seq);
      if (reader === 'messenger' && writer === 'messenger') {
        assert.deepEqual([event, message.recipients], ['group_message_delivered', 3], 'a sender is told that it was delivered');
      } else {
        const by = (readers[writer] ?? writing).id;
        const place = reader === 'chats' ? message.chat_id : message[words.place];
        assert.deepEqual([event, message[words.text], String(message[words.by]), String(place)], [words.posted, text, by, ROOM]);
      }
    });
  }
}

test('an edit and a deletion over REST are heard in all four', async () => {
  const { id, seq } = await WRITERS.REST('to be changed');
  for (const name of NAMES) await readers[name].hears();
  for (const [method, what, text] of [['PATCH', 'edited', 'better'], ['DELETE', 'deleted', '']]) {
    await rest(server.at.chats, method, `/messages/${id}`, method === 'PATCH' ? { message_text: text } : undefined, bearer(writing.id));
    for (const name of NAMES) {
      const words = VOCABULARIES[name];
      await until(`${name} hears it`, () => readers[name].heard.length > 0);
      const heard = (await readers[name].hears()).map(([event, message]) => [event, message[words.text], message.seq]);
      assert.deepEqual(heard, [[words[what], text, seq]], name);
    }
  }
});

for (const [at, vocabulary] of NAMES.entries()) {
  test(`who joins and leaves through ${vocabulary} is heard of in all that have a word for it, and is listed`, async () => {
    const person = await arrives(vocabulary, String(31 + at));
    newcomers[vocabulary] = person;
    await joins(person);
    await everybodyHears((name) => HEARD[name]('user_joined', person));
    const { active_users: listed, count } = await readers.shows.ask('get_active_users', { show_id: 77 });
    assert.deepEqual([listed, count], [present.map(shown), 5]);
    await readers.shows.hears();
    await goes(person, 'leave');
    gone(person);
    await everybodyHears((name) => HEARD[name]('user_left', person));
  });
}

const TYPES = {
  messenger: (is_typing) => readers.messenger.ask(is_typing ? 'typing_start' : 'typing_stop', { room_id: 77 }),
  shows: (is_typing) => readers.shows.ask('typing', { show_id: 77, is_typing }),
  chats: (is_typing) => readers.chats.ask(is_typing ? 'typing:start' : 'typing:stop', { chatId: ROOM }),
};

for (const [writer, types] of Object.entries(TYPES)) {
  test(`who writes through ${writer} is seen writing by all others, until they stop or have sent`, async () => {
    const person = readers[writer];
    const seen = (is_typing) => everybodyHears((name) => (name === writer ? [] : HEARD[name]('typing', person, is_typing)));
    for (const is_typing of [true, false, true]) {
      assert.equal((await types(is_typing)).ok, true);
      await seen(is_typing);
    }
    // Over REST: whichever way it is sent.
    await posts(server.at.shows, { message_text: 'sent' }, bearer(person.id));
    for (const name of NAMES) {
      await until(`${name} hears the message`, () => readers[name].heard.some(([event]) => event === VOCABULARIES[name].posted));
      const heard = await readers[name].hears();
      assert.equal(heard.pop()[0], VOCABULARIES[name].posted);
      assert.deepEqual(heard, name === writer ? [] : HEARD[name]('typing', person, false), `${name} hears that it is over, and first`);
    }
  });
}

test('who is gone has left in the words of all, and counts as offline after the grace period', async () => {
  for (const person of Object.values(newcomers)) {
    await joins(person);
    await everybodyHears((name) => HEARD[name]('user_joined', person));
  }
  const others = NAMES.filter((name) => name !== 'chats');
  for (const person of Object.values(newcomers)) {
    await person.crash();
    gone(person);
    await everybodyHears((name) => HEARD[name]('user_left', person), others);
  }
  // Who speaks through `chatty` has no login: nobody can tell whether they are online.
  const known = Object.values(newcomers).filter(({ name }) => name !== 'chatty');
  const status = (word) => known.map(({ id }) => ['user:status', { userId: id, status: word }]);
  await everybodyHears((name) => (name === 'chats' ? status('offline') : []));
  for (const person of known) await person.connect(stock, server.at[person.name], person.options);
  await everybodyHears((name) => (name === 'chats' ? status('online') : []));
});
