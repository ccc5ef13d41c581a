// Clients that take a connection and do nothing with it, or as little as they can, beside one that chats.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { sleep, startRoomcast, until } from './lib/process.js';
import { createRoom, createUser, post } from './lib/rest.js';
import { askAndReadNothing } from './lib/raw.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';

/** A connection, and what came over it. */
function raw(server) {
  const socket = connect(server.port, '127.0.0.1');
  const line = { socket, text: '', ended: false };
  socket.on('data', (data) => { line.text += data; });
  socket.on('error', () => {});
  socket.once('close', () => { line.ended = true; });
  return line;
}

/** Sends a byte every 100 ms until the other side has had enough; how long that took. */
async function drip(line, head, byte) {
  const begun = Date.now();
  line.socket.write(head);
  await until('the server has had enough', async () => {
    if (!line.ended && !line.text) line.socket.write(byte);
    await sleep(100);
    return line.ended || line.text;
  });
  return Date.now() - begun;
}

/** A server, and somebody who chats there all the while. */
function house(env) {
  const here = { raws: [] };
  before(async () => {
    here.server = await startRoomcast({ env });
    here.user = await createUser(here.server, 'Alice');
    here.room = await createRoom(here.server);
    here.neighbour = await connected(open(CLIENTS[0], here.server.url, ['websocket']));
    here.heard = 0;
    here.neighbour.on('new_message', () => { here.heard += 1; });
    here.neighbour.on('disconnect', (reason) => { here.reason = reason; });
    const joined = await ask(here.neighbour, 'join', { user_id: here.user.id, chatroom_id: here.room.id });
    assert.equal(joined.ok, true);
  });
  after(async () => {
    here.raws.forEach(({ socket }) => socket.destroy());
    here.neighbour?.close();
    await here.server?.stop();
  });
  here.open = () => {
    const line = raw(here.server);
    here.raws.push(line);
    return line;
  };
  /** The neighbour notices nothing. */
  here.isWell = async () => {
    const before = here.heard;
    await post(here.server, here.room, here.user, 'hello');
    await until('the neighbour hears it', () => here.heard === before + 1);
    assert.equal(here.reason, undefined);
  };
  return here;
}

describe('connections of one address', () => {
  const here = house({ ROOMCAST_CONNECTIONS_PER_ADDRESS: '20' });

  test('one too many is closed at once, and there is room again when another goes', async () => {
    // What the neighbour and its requests have left open is among them.
    const lines = Array.from({ length: 20 }, () => here.open());
    await Promise.all(lines.map(({ socket }) => once(socket, 'connect')));
    const late = here.open();
    await until('it is closed', () => late.ended);
    assert.equal(late.text, '');
    assert.equal((await ask(here.neighbour, 'join', { user_id: here.user.id, chatroom_id: here.room.id })).ok, true);
    for (const { socket } of lines) socket.destroy();
    await until('there is room', async () => {
      const socket = await connected(open(CLIENTS[0], here.server.url, ['polling'])).catch(() => undefined);
      socket?.close();
      return socket;
    });
    await here.isWell();
    await until('the log says so once', () => here.server.log.includes('too_many_connections'));
    const lines20 = here.server.log.split('\n').filter((line) => line.includes('connections refused'));
    assert.equal(lines20.length, 1, here.server.log);
  });

  test('WebSockets are sessions and are not counted twice', async () => {
    const sockets = [];
    for (let count = 0; count < 30; count += 1) {
      sockets.push(await connected(open(CLIENTS[0], here.server.url, ['websocket'])));
    }
    sockets.forEach((socket) => socket.close());
    await here.isWell();
  });
});

describe('time', () => {
  const here = house({ ROOMCAST_HEAD_TIMEOUT: '1', ROOMCAST_BODY_TIMEOUT: '1', ROOMCAST_SOCKETIO_WRITE_TIMEOUT: '1' });

  test('answers that nobody reads end their connection', async () => {
    await askAndReadNothing(connect(here.server.port, '127.0.0.1'));
    await until('the log says so', () => here.server.log.includes('write_stalled'));
    await here.isWell();
  });

  test('a head that drips is not waited for', async () => {
    const [dripping, silent] = [here.open(), here.open()];
    const took = await drip(dripping, 'GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow: ', 'x');
    assert.ok(took < 5000, `${took} ms`);
    await until('both are closed', () => dripping.ended && silent.ended);
    await here.isWell();
    await until('the log says so', () => here.server.log.includes('head_timeout'));
  });

  test('a kept connection is not kept for ever', async () => {
    const line = here.open();
    line.socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await until('it is answered', () => line.text.startsWith('HTTP/1.1 200'));
    await until('it is closed', () => line.ended);
  });

  test('a body that drips is a 408, over REST', async () => {
    const line = here.open();
    const took = await drip(line, 'POST /users/ HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{', ' ');
    assert.ok(took < 5000, `${took} ms`);
    assert.match(line.text, /^HTTP\/1.1 408 /);
    await here.isWell();
  });

  test('and over polling, where it ends its session', async () => {
    const opened = await (await fetch(`${here.server.url}/socket.io/?EIO=4&transport=polling`)).text();
    const { sid } = JSON.parse(opened.slice(1));
    const line = here.open();
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const took = await drip(line, `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n4`, '0');
    assert.ok(took < 5000, `${took} ms`);
    assert.match(line.text, /^HTTP\/1.1 408 /);
    assert.equal((await fetch(`${here.server.url}${path}`)).status, 400);
    await here.isWell();
    assert.ok(here.server.log.includes('body_timeout'), here.server.log);
  });
});
