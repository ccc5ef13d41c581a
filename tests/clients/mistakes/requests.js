// Every REST call, and every kind of mistake with it: what is sent, and the `[status, code]` that comes back; a status alone is success.

const LONG = 'x'.repeat(16 * 1024 + 1);
const ENDLESS = 'x'.repeat(5000);
const NOBODY = '00000000-0000-0000-0000-000000000000';
const INVALID = [422, 'invalid'];
const NOT_FOUND = [404, 'not_found'];
const FORBIDDEN = [403, 'forbidden'];

const text = { is: 'text' };
const name = { is: 'name' };

/**
 * Paths name rooms (`{room}`), messages (`{message}`), users (`{user}`). `body` are the fields of a good request;
 * `page`: it is a list; `seqs`: its pages are named by numbers; `messages`: it shows messages.
 */
export const REQUESTS = [
  { call: 'POST /users/', body: { name, handle: { is: 'name', unique: true } }, good: 201 },
  { call: 'GET /users/', page: true, good: 200 },
  { call: 'GET /users/{user}', good: 200 },
  { call: 'POST /chatrooms/', body: { name, kind: { is: 'word', optional: true, good: 'private' }, user_id: { is: 'self', optional: true } }, good: 201 },
  { call: 'GET /chatrooms/', page: true, good: 200 },
  { call: 'GET /chatrooms/{room}', good: 200 },
  { call: 'GET /chatrooms/{room}/messages', page: true, seqs: true, messages: true, good: 200 },
  { call: 'GET /chatrooms/{room}/members', page: true, good: 200 },
  { call: 'POST /chatrooms/{room}/members', body: { user_id: { is: 'user' } }, good: 201 },
  { call: 'DELETE /chatrooms/{room}/members/{user}', good: 204 },
  { call: 'GET /chatrooms/{room}/checkins', page: true, keys: true, good: 200 },
  {
    call: 'POST /messages/',
    body: {
      message_text: text,
      chatroom_id: { is: 'room' },
      user_id: { is: 'self', optional: true },
      is_reply: { is: 'flag', optional: true },
      parent_message_id: { is: 'parent', optional: true },
      client_msg_id: { is: 'id', optional: true },
    },
    messages: true,
    good: 201,
  },
  { call: 'GET /messages/{message}', messages: true, good: 200 },
  { call: 'PATCH /messages/{message}', body: { message_text: text }, messages: true, good: 200 },
  { call: 'DELETE /messages/{message}', messages: true, good: 200, once: true },
  { call: 'GET /direct/{user}/messages', page: true, seqs: true, messages: true, good: 200 },
  { call: 'GET /me/rooms', page: true, messages: true, good: 200 },
  { call: 'POST /api/session/acquire', body: { metadata: { is: 'anything', optional: true } }, good: 200, openToAll: true },
];

const NOT_A_TEXT = { 'a number': 7, 'a yes': true, 'an object': { a: 1 }, 'an array': ['x'] };
const NOT_AN_ID = { 'a yes': true, 'an object': { a: 1 }, 'an array': ['x'] };

const HUGE = { 'a huge number': 1e300, 'a fraction': 1.5, '2^53': 2 ** 53, 'a negative number': -1 };

const field = (what, change, error) => [what, { change, field: Object.keys(change)[0] }, error];
const each = (kind, name, values, error) => Object.entries(values).map(([what, value]) => field(`${kind}: ${name} is ${what}`, { [name]: value }, error));

const FIELDS = {
  * name(name) {
    yield* each('wrong type', name, NOT_A_TEXT, INVALID);
    yield* each('empty text', name, { empty: '', blank: ' \n' }, INVALID);
    yield field(`text over the limit: ${name}`, { [name]: 'x'.repeat(251) }, [413, 'too_large']);
  },
  * text(name) {
    yield* each('wrong type', name, NOT_A_TEXT, INVALID);
    yield* each('empty text', name, { empty: '', blank: ' \n' }, INVALID);
    yield field(`text over the limit: ${name}`, { [name]: LONG }, [413, 'too_large']);
  },
  * id(name) {
    yield* each('wrong type', name, NOT_AN_ID, INVALID);
    yield field(`text over the limit: ${name}`, { [name]: 'x'.repeat(251) }, [413, 'too_large']);
  },
  * word(name) {
    yield* each('wrong type', name, NOT_A_TEXT, INVALID);
    yield field(`unknown id: ${name} is no such word`, { [name]: 'no such word' }, INVALID);
  },
  * flag(name) {
    yield* each('wrong type', name, { 'a text': 'yes', 'a number': 1, 'an object': {} }, INVALID);
  },
  * anything() {},
  * self(name) {
    yield* each('wrong type', name, NOT_AN_ID, INVALID);
    yield* each('huge number', name, HUGE, INVALID);
    yield [`someone else's id: ${name}`, { change: { [name]: 2 } }, FORBIDDEN];
    yield [`unknown id: ${name}`, { change: { [name]: NOBODY } }, FORBIDDEN];
  },
  * user(name) {
    yield* each('wrong type', name, NOT_AN_ID, INVALID);
    yield* each('huge number', name, HUGE, INVALID);
    yield [`unknown id: ${name}`, { change: { [name]: NOBODY } }, NOT_FOUND];
    yield [`huge number: ${name} is a text of digits`, { change: { [name]: '9'.repeat(30) } }, NOT_FOUND];
  },
  * room(name) {
    yield* each('wrong type', name, NOT_AN_ID, INVALID);
    yield* each('huge number', name, HUGE, INVALID);
    yield [`huge number: ${name} is a text of digits`, { change: { [name]: '9'.repeat(30) } }, NOT_FOUND];
    yield [`unknown id: ${name}`, { change: { [name]: NOBODY } }, NOT_FOUND];
    yield [`not a member: a private room`, { change: { [name]: 'vault' } }, FORBIDDEN];
    yield [`not a member: a public room`, { change: { [name]: 'hall' } }, FORBIDDEN];
  },
  * parent(name) {
    yield* each('wrong type', name, NOT_A_TEXT, INVALID);
    yield field(`unknown id: ${name} is no UUID`, { [name]: 'x' }, INVALID);
    yield* each('unknown id', name, { "nobody's": NOBODY, "another room's": '{elsewhere}' }, NOT_FOUND);
  },
};

function* ofBody({ body }) {
  for (const [name, { is, optional }] of Object.entries(body)) {
    yield* FIELDS[is](name);
    if (!optional) {
      yield field(`missing field: ${name}`, { [name]: undefined }, INVALID);
      yield field(`missing field: ${name} is null`, { [name]: null }, INVALID);
    }
  }
  const raw = { 'an array': '[1, 2]', 'a text': '"text"', 'a number': '7', null: 'null' };
  for (const [what, value] of Object.entries(raw)) yield [`wrong type: the body is ${what}`, { raw: value }, INVALID];
  const malformed = { nothing: '', 'cut short': '{"a": ', 'too deep': '{"a":'.repeat(5000), 'not UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) };
  for (const [what, value] of Object.entries(malformed)) yield [`binary: the body is ${what}`, { raw: value }, [400, 'malformed']];
  yield ['wrong type: the body is said to be a form', { type: 'application/x-www-form-urlencoded' }, [415, 'unsupported_media_type']];
  yield ['text over the limit: the body', { change: { padding: 'x'.repeat(300_000) } }, [413, 'too_large']];
}

function* ofPath({ call }) {
  if (call.includes('{room}')) {
    yield ['unknown id: a room', { path: { room: NOBODY } }, NOT_FOUND];
    yield ['unknown id: a room, too long for one', { path: { room: ENDLESS } }, NOT_FOUND];
    yield ['huge number: a room', { path: { room: '9'.repeat(30) } }, NOT_FOUND];
    yield ['binary: a room', { path: { room: '%ff%fe' } }, NOT_FOUND];
    // Ending a membership that is none is no mistake.
    yield ['not a member: a private room', { path: { room: 'vault' } }, call.startsWith('DELETE') ? undefined : FORBIDDEN];
  }
  if (call.includes('{message}')) {
    yield ['unknown id: a message', { path: { message: NOBODY } }, NOT_FOUND];
    yield ['unknown id: a message that is no UUID', { path: { message: 'x' } }, NOT_FOUND];
    yield ['huge number: a message', { path: { message: '9'.repeat(30) } }, NOT_FOUND];
    yield ['not a member: a message of a private room', { path: { message: '{hidden}' } }, FORBIDDEN];
    if (!call.startsWith('GET')) yield ["someone else's id: a message of another writer", { path: { message: '{foreign}' } }, FORBIDDEN];
  }
  if (call.includes('{user}') && !call.startsWith('DELETE')) {
    yield ['unknown id: a user', { path: { user: NOBODY } }, NOT_FOUND];
    yield ['binary: a user', { path: { user: '%ff%fe' } }, NOT_FOUND];
  }
  if (call.includes('members/{user}')) yield ["someone else's id: a member who is not you", { path: { user: 2 } }, FORBIDDEN];
}

function* ofQuery({ page, seqs, keys, messages }) {
  if (page) {
    for (const limit of ['0', 'many', '-1', '1.5', '9'.repeat(30)]) yield [`${limit.length > 9 ? 'huge number' : 'wrong type'}: limit`, { query: `limit=${limit}` }, INVALID];
    yield ['huge number: a limit that is cut', { query: 'limit=4294967296' }, undefined];
  }
  if (seqs) {
    for (const key of ['before', 'after']) {
      yield [`wrong type: ${key}`, { query: `${key}=x` }, INVALID];
      yield [`huge number: ${key}`, { query: `${key}=${'9'.repeat(30)}` }, INVALID];
      yield [`huge number: ${key} is 2^53`, { query: `${key}=9007199254740992` }, INVALID];
      yield [`huge number: ${key} is the largest there is`, { query: `${key}=9007199254740991` }, undefined];
    }
  }
  if (messages) yield* ['esperanto', 'platform'].map((name) => [`unknown id: the vocabulary ${name}`, { query: `vocabulary=${name}` }, INVALID]);
  if (page && !seqs) yield ['unknown id: a page after nothing', { query: 'after=%00%ff' }, keys ? INVALID : undefined];
}

/** `[kind, what is different, error]` for one call. */
export function* mistakes(request) {
  yield* ofPath(request);
  if (request.body) yield* ofBody(request);
  yield* ofQuery(request);
  if (!request.openToAll) yield ['not a member: no token', { token: null }, [401, 'unauthorized']];
  yield ["someone else's id: a token that somebody else signed", { token: 'forged' }, [401, 'unauthorized']];
  if (!request.once) yield ['extra fields', { query: 'extra=1&limits=x', ...(request.body && { change: { extra: { deep: [1] }, __more: null } }) }, undefined];
}
