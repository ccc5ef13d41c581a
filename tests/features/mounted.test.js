// The examples: in axum beside REST, on plain hyper, the chat in 40 lines.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, hears, serve } from './lib/client.js';

describe('axum', () => {
  const house = serve('axum');

  test('REST and Socket.IO are on one port', async () => {
    for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
      const socket = await house.join('/', { transports });
      const said = await fetch(`${house.server.url}/say/hello`);
      assert.equal(await said.json(), 1);
      assert.deepEqual(await hears(socket, 'said'), ['hello']);
      const [[id, address]] = await (await fetch(`${house.server.url}/online`)).json();
      assert.equal(id, socket.id);
      assert.match(address, /^127\.0\.0\.1:\d+$/);
      assert.equal(await ask(socket, 'say', 'x'), true);
      socket.disconnect();
      while ((await (await fetch(`${house.server.url}/online`)).json()).length > 0);
    }
    assert.equal((await fetch(`${house.server.url}/nothing`)).status, 404);
  });
});

describe('hyper', () => {
  const house = serve('hyper');

  test('everyone hears a message, and other paths are not there', async () => {
    const [a, b] = [await house.join(), await house.join('/', { transports: ['polling', 'websocket'] })];
    a.send('hi', 1);
    assert.deepEqual(await hears(b, 'message'), ['hi', 1]);
    assert.equal((await fetch(`${house.server.url}/nothing`)).status, 404);
  });
});

describe('chat in 40 lines', () => {
  const house = serve('chat_in_40_lines');

  test('who joins a room hears what is said there', async () => {
    const [ada, bob] = [await house.join('/', { auth: { name: 'Ada' } }), await house.join('/', { auth: { name: 'Bob' } })];
    await ask(ada, 'join', 'lobby');
    await ask(bob, 'join', 'lobby');
    ada.emit('say', 'lobby', 'hello');
    assert.deepEqual(await hears(bob, 'said'), ['lobby', 'Ada', 'hello']);
    bob.close();
    assert.equal((await hears(ada, 'left'))[0], 'Bob');
  });
});
