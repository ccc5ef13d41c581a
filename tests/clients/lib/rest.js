// The REST calls of the `chatty` vocabulary.
import assert from 'node:assert/strict';

/** One request; the answer is `{ status, type, body }`, the body parsed when it is JSON. */
export async function call(server, method, path, json, headers = {}) {
  const raw = typeof json === 'string' || json instanceof Uint8Array;
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: json === undefined || raw ? json : JSON.stringify(json),
  });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, body: /json/.test(type) ? JSON.parse(text) : text };
}

async function create(server, path, json) {
  const { status, body } = await call(server, 'POST', path, json);
  assert.equal(status, 201, `POST ${path}: ${JSON.stringify(body)}`);
  return body;
}

let made = 0;

export function createUser(server, name = 'User') {
  made += 1;
  return create(server, '/users/', { name, handle: `${name.toLowerCase()}-${process.pid}-${made}` });
}

export const createRoom = (server, name = 'general') => create(server, '/chatrooms/', { name });

/** Posts one message and returns the stored object. */
export function post(server, room, user, text, more = {}) {
  return create(server, '/messages/', { message_text: text, user_id: user.id, chatroom_id: room.id, is_reply: false, ...more });
}

/** The whole history of a room, oldest first, read in pages of 100. */
export async function history(server, room, after = 0) {
  const all = [];
  for (;;) {
    const last = all.length ? all.at(-1).seq : after;
    const { status, body } = await call(server, 'GET', `/chatrooms/${room.id}/messages?after=${last}&limit=100`);
    assert.equal(status, 200, JSON.stringify(body));
    if (body.items.length === 0) return all;
    all.push(...body.items);
  }
}

/** Asserts that `messages` are `seq` `first`, `first + 1`, ... and that no id comes twice. */
export function assertGapless(messages, first = 1) {
  messages.forEach(({ seq }, index) => assert.equal(seq, first + index, `seq ${first + index} is missing or out of order`));
  assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length, 'an id came twice');
}
