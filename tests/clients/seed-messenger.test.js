// The client examples of the seed of `messenger` run verbatim against `roomcast serve --profile messenger`.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from './lib/process.js';
import { Seed } from './lib/seed.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';
import { token } from './lib/token.js';

const ANNA = token({ sub: 7, username: 'anna' });

let seed;
before(async () => {
  seed = await Seed.start('001_937596c8ab15093a', 'messenger', 8001);
  seed.placeholders = [[/your_jwt_token(_here)?/g, ANNA]];
});
after(() => seed?.stop());

/** The person that the example writes to, with everything they hear. */
async function ben() {
  const socket = open(CLIENTS[0], `http://localhost:${seed.port}`, ['websocket'], { auth: { token: token({ sub: 123, username: 'ben' }) } });
  const heard = [];
  socket.onAny((event, data) => heard.push([event, data]));
  await connected(socket);
  assert.equal((await ask(socket, 'join_room', { room_id: 'room_123' })).ok, true);
  return { socket, heard, of: (name) => heard.filter(([event]) => event === name).map(([, data]) => data) };
}

for (const client of ['socket.io-client', 'socket.io-client-4-5-4']) {
  test(`the JavaScript example with ${client}`, async () => {
    const other = await ben();
    const example = seed.node('client.mjs', { client });
    try {
      await example.prints('Connected:', "message: 'Connected to Messenger'", 'user_id: 7', "username: 'anna'");
      await until(() => `ben hears it all: ${JSON.stringify(other.heard)}`, () => other.of('typing').length === 2);
      const [personal] = other.of('receive_personal_message');
      assert.deepEqual([personal.from_user_id, personal.from_username, personal.to_user_id, personal.content], [7, 'anna', 123, 'Hello!']);
      assert.deepEqual(other.of('user_joined').at(-1), { room_id: 'room_123', user_id: 7, username: 'anna' });
      const [group] = other.of('receive_group_message');
      assert.deepEqual([group.room_id, group.from_user_id, group.content], ['room_123', 7, 'Hello group!']);
      assert.deepEqual(other.of('typing'), [true, false].map((is_typing) => ({ user_id: 7, username: 'anna', is_typing })));
      assert.deepEqual(other.of('error'), []);

      assert.equal((await ask(other.socket, 'send_personal_message', { to_user_id: 7, content: 'Hello back!' })).delivered, true);
      await example.prints('Message received:', "content: 'Hello back!'", "from_username: 'ben'");
    } finally {
      example.stop();
      other.socket.close();
    }
  });
}

test('the connection with auth, and without a good token', async () => {
  const { io } = CLIENTS[0];
  const socket = seed.lines('auth.js', { io: (url, options) => io(url, { ...options, forceNew: true }) }, 'socket');
  await connected(socket);
  socket.close();
  const placeholders = seed.placeholders;
  seed.placeholders = [];
  const refused = seed.lines('auth.js', { io: (url, options) => io(url, { ...options, forceNew: true, reconnection: false }) }, 'socket');
  const error = await new Promise((done) => refused.on('connect_error', done));
  assert.deepEqual([error.message, error.data], ['Invalid or expired session token', { code: 'unauthorized', reason: 'malformed' }]);
  refused.close();
  seed.placeholders = placeholders;
});

test('PORT + 1 is where it listens, as documented', async () => {
  const { startRoomcast, freePort } = await import('./lib/process.js');
  const { SECRET } = await import('./lib/token.js');
  const port = await freePort();
  const env = { PORT: String(port - 1) };
  const server = await startRoomcast({ port, listen: false, env, args: ['--profile', 'messenger', '--jwt-secret', SECRET] });
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  await server.stop();
});
