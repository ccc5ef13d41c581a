// What is below Socket.IO: settings, hooks and events of the engine. Each setting has a server of its own below a path of its own.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sleep, until } from '../clients/lib/process.js';
import { transport } from '../clients/lib/stock.js';
import { ask, heard, hears, refused, serve } from './lib/client.js';

const house = serve();
const POLLING = ['polling'];
const WEBSOCKET = ['websocket'];
const BOTH = ['polling', 'websocket'];

/** Clients of the server below `/name/`. */
const join = (name, transports = WEBSOCKET, options = {}) => house.join('/', { path: `/${name}/`, transports, ...options });
const open = (name, transports = WEBSOCKET, options = {}) => house.open('/', { path: `/${name}/`, transports, ...options });

/** The answer to a polling handshake that is refused; the client throws it away as soon as it has told of it. */
const answer = (socket) => new Promise((done) => {
  socket.once('connect_error', ({ description, context }) => done({ status: description, ...JSON.parse(context.responseText) }));
});

const upgraded = (socket) => until('it is on WebSocket', () => transport(socket) === 'websocket');

/** What the server of that name wrote down. */
const log = async (name, options) => {
  const socket = await join(name, WEBSOCKET, options);
  const entries = await ask(socket, 'log');
  socket.close();
  return entries;
};

/** Waits for an entry in the log of a server. */
async function logs(name, wanted, options) {
  let entries;
  await until(() => `${wanted} is in ${JSON.stringify(entries)}`, async () => {
    entries = await log(name, options);
    return entries.includes(wanted);
  });
}

describe('who may enter', () => {
  const query = { key: 'open sesame' };

  for (const name of ['strict', 'later']) {
    test(`${name}: the hook lets in who may, over both transports`, async () => {
      for (const transports of [POLLING, WEBSOCKET, BOTH]) {
        const socket = await join(name, transports, { query });
        assert.deepEqual(await ask(socket, 'echo', 1), 1);
      }
    });

    test(`${name}: who may not enter gets code 4 and the hook's message`, async () => {
      const wrong = await answer(open(name, POLLING, { query: { key: 'wrong' } }));
      assert.deepEqual(wrong, { status: 403, code: 4, message: 'another key, please' });
      assert.equal((await answer(open(name, POLLING))).message, 'Forbidden');
      const upgrade = await refused(open(name, WEBSOCKET));
      assert.match(upgrade.description.message, /400/);
    });

    test(`${name}: the connection error hook is told code, message and context`, async () => {
      await refused(open(name, WEBSOCKET, { query: { key: 'told' } }));
      await logs(name, 'refused 4 another key, please, message: another key, please', { query });
    });
  }

  test('every refusal is told with its code', async () => {
    const unknown = await answer(open('counted', POLLING, { query: { sid: 'nobody' } }));
    assert.deepEqual(unknown, { status: 400, code: 1, message: 'Session ID unknown' });
    await refused(open('counted', WEBSOCKET, { query: { sid: 'nobody else' } }));
    const old = await fetch(`${house.server.url}/counted/?EIO=3&transport=polling`);
    assert.deepEqual(await old.json(), { code: 5, message: 'Unsupported protocol version' });
    const entries = await log('counted');
    assert.deepEqual(entries.filter((entry) => entry.startsWith('refused')), [
      'refused 1 Session ID unknown, sid: nobody', 'refused 1 Session ID unknown, sid: nobody else',
      'refused 5 Unsupported protocol version, protocol: 3',
    ]);
  });

  test('an unknown session id over WebSocket is refused before the switch', async () => {
    const error = await refused(open('counted', WEBSOCKET, { query: { sid: 'nobody' } }));
    assert.match(error.description.message, /Unexpected server response: 400/);
  });

  test('sessions may be limited, in all and of one address', async () => {
    for (const [name, status, entry] of [['two', 503, 'too_many_sessions'], ['two-each', 429, 'too_many_sessions_of_address']]) {
      const [first] = [await join(name), await join(name, POLLING)];
      const { code, status: got } = await answer(open(name, POLLING));
      assert.deepEqual([code, got], [4, status]);
      assert.match((await refused(open(name))).description.message, new RegExp(status));
      const told = `refused 4 ${name === 'two' ? 'Too many sessions' : 'Too many sessions from this address'}, limit: ${entry}`;
      await until(`the log has "${told}"`, async () => (await ask(first, 'log')).includes(told));
      first.close();
      // Its last word and the next handshake travel on two connections: which of them arrives first is open.
      await until('its place is free again', () => join(name).then(Boolean, () => false));
    }
  });

  test('handshakes may be limited, and come back', async () => {
    await Promise.all([join('rare', POLLING), join('rare')]);
    assert.equal((await answer(open('rare', POLLING))).status, 429);
    await sleep(1100);
    await join('rare');
  });
});

describe('headers, cookie, ids, the first message', () => {
  test('the cookie names the session, and a client brings it back', async () => {
    const socket = open('dressed', POLLING, { withCredentials: true });
    const first = socket.io.engine.transport.pollXhr._xhr;
    await hears(socket, 'first words');
    const { id } = socket.io.engine;
    const cookie = String(first.getResponseHeader('set-cookie'));
    assert.equal(cookie, `io=${id}; Path=/; HttpOnly; SameSite=Lax`);
    await ask(socket, 'echo');
    const second = socket.io.engine.transport.pollXhr._xhr;
    await ask(socket, 'echo');
    assert.equal(second.getResponseHeader('x-cookie'), `io=${id}`);
  });

  test('the first answer and every answer have headers of ours', async () => {
    const socket = open('dressed', POLLING);
    const first = socket.io.engine.transport.pollXhr._xhr;
    await hears(socket, 'first words');
    assert.deepEqual(['x-first', 'x-every'].map((name) => first.getResponseHeader(name)), ['GET', 'yes']);
    const second = socket.io.engine.transport.pollXhr._xhr;
    await ask(socket, 'echo');
    assert.deepEqual(['x-first', 'x-every'].map((name) => second.getResponseHeader(name) ?? null), [null, 'yes']);
  });

  test('no cache keeps a poll', async () => {
    const socket = await join('counted', POLLING);
    const poll = socket.io.engine.transport.pollXhr._xhr;
    await ask(socket, 'echo');
    assert.equal(poll.getResponseHeader('cache-control'), 'no-store');
  });

  test('so has the answer to a WebSocket handshake', async () => {
    const socket = open('dressed');
    const response = await new Promise((done) => socket.io.engine.transport.ws.once('upgrade', done));
    assert.deepEqual([response.headers['x-first'], response.headers['x-every']], ['GET', 'yes']);
  });

  test('ids come from the generator', async () => {
    const [a, b] = [await join('dressed'), await join('dressed', POLLING)];
    const counts = [a, b].map((socket) => new Set(Buffer.from(socket.io.engine.id, 'base64url')));
    assert.ok(counts.every((bytes) => bytes.size === 1), 'one byte repeated');
    assert.notEqual(a.io.engine.id, b.io.engine.id);
    assert.equal((await ask(a, 'session')).id, a.io.engine.id);
  });

  test('a message right behind the open packet is heard first', async () => {
    for (const transports of [POLLING, WEBSOCKET, BOTH]) {
      const socket = await join('dressed', transports);
      await ask(socket, 'echo');
      assert.deepEqual(socket.heard[0], ['first words']);
    }
  });
});

describe('transports', () => {
  test('one that is off is unknown, and is not offered', async () => {
    const websocket = await refused(open('polling'));
    assert.match(websocket.description.message, /400/);
    const polling = await answer(open('websocket', POLLING));
    assert.deepEqual(polling, { status: 400, code: 0, message: 'Transport unknown' });
    const socket = await join('polling', BOTH);
    assert.deepEqual(socket.io.engine._upgrades, []);
    await join('websocket');
  });

  test('upgrades that are off are not offered, and WebSocket is there all the same', async () => {
    const socket = await join('settled', BOTH);
    await ask(socket, 'echo');
    assert.deepEqual(socket.io.engine._upgrades, []);
    assert.equal(transport(socket), 'polling');
    assert.equal((await ask(await join('settled'), 'session')).transport, 'websocket');
  });

  test('the server knows which transport carries the session', async () => {
    const socket = await join('counted', BOTH);
    await upgraded(socket);
    assert.equal((await ask(socket, 'session')).transport, 'websocket');
    assert.equal((await ask(await join('counted', POLLING), 'session')).transport, 'polling');
  });

  test('the path may have its slash or not', async () => {
    assert.equal(await ask(await join('bare'), 'echo', 1), 1);
    const socket = await house.join('/', { path: '/bare', addTrailingSlash: false, transports: BOTH });
    assert.equal(await ask(socket, 'echo', 1), 1);
    assert.equal((await fetch(`${house.server.url}/barefoot/?EIO=4&transport=polling`)).status, 404);
  });
});

describe('heartbeat', () => {
  test('the client is told the intervals and lives by them', async () => {
    for (const transports of [POLLING, WEBSOCKET]) {
      const socket = await join('quick', transports);
      const { _pingInterval, _pingTimeout } = socket.io.engine;
      assert.deepEqual([_pingInterval, _pingTimeout], [150, 150]);
      let pings = 0;
      socket.io.on('ping', () => { pings += 1; });
      await until('it was pinged', () => pings === 3);
      assert.ok(socket.connected);
    }
  });

  test('a client that does not answer is closed', async () => {
    for (const transports of [POLLING, WEBSOCKET]) {
      const socket = await join('quick', transports);
      const { engine } = socket.io;
      const send = engine._sendPacket.bind(engine);
      engine._sendPacket = (type, ...rest) => type === 'pong' || send(type, ...rest);
      await until('it is closed', () => socket.reason);
    }
    await until('both are told', async () => {
      const entries = await log('quick');
      return entries.filter((entry) => entry.startsWith('closed: ping timeout')).length === 2;
    });
  });
});

describe('limits', () => {
  test('a message above the payload limit ends a session over WebSocket', async () => {
    const socket = await join('small');
    assert.equal(socket.io.engine._maxPayload, 1000);
    assert.equal(await ask(socket, 'echo', 'x'.repeat(900)), 'x'.repeat(900));
    let details;
    socket.on('disconnect', (_, more) => { details = more; });
    socket.emit('echo', 'x'.repeat(1000));
    await until('it is closed', () => socket.reason);
    assert.deepEqual([socket.reason, details.context.code], ['transport close', 1009]);
    const entries = await log('small');
    assert.ok(entries.some((entry) => entry.startsWith('closed: transport error, payload_too_large')), entries.join());
  });

  test('a body above it is refused over polling', async () => {
    const socket = await join('small', POLLING);
    let details;
    socket.on('disconnect', (_, more) => { details = more; });
    socket.emit('echo', 'x'.repeat(1000));
    await until('it is closed', () => socket.reason);
    assert.deepEqual([socket.reason, details.message, details.description], ['transport error', 'xhr post error', 413]);
  });

  test('a client puts no more into one body than it may', async () => {
    const socket = await join('small', POLLING);
    const echoes = Array.from({ length: 20 }, (_, i) => ask(socket, 'echo', i, 'x'.repeat(300)));
    assert.deepEqual(await Promise.all(echoes), [...Array(20).keys()]);
    assert.ok(socket.connected);
  });

  test('a client that falls behind is cut', async () => {
    const socket = await join('narrow', POLLING);
    socket.emit('flood', 1000, 1000);
    await until('it is closed', () => socket.reason);
    await logs('narrow', 'closed: slow consumer, slow_consumer: too much is queued');
  });

  test('or what is too much for it is refused, and it goes on', async () => {
    const socket = await join('patient', POLLING);
    assert.equal(await ask(socket, 'flood', 1000, 1000), 'outbox_full');
    assert.ok((await heard(socket, 'flood')).length < 1000);
    assert.equal(await ask(socket, 'flood', 5, 1000), null);
    assert.ok(socket.connected);
  });
});

describe('what the server sees', () => {
  test('how many sessions there are', async () => {
    const one = await join('counted');
    const before = await ask(one, 'sessions');
    const two = await join('counted', POLLING);
    assert.equal(await ask(one, 'sessions'), before + 1);
    two.close();
    await until('it is gone', async () => await ask(one, 'sessions') === before);
  });

  test('messages in and out, and what is queued', async () => {
    for (const transports of [POLLING, WEBSOCKET]) {
      const socket = await join('counted', transports);
      const before = await ask(socket, 'session');
      await ask(socket, 'echo', 1);
      await ask(socket, 'echo', Buffer.from('bytes'));
      const after = await ask(socket, 'session');
      // Header and attachment are a message each; the answer of the first question has left by now.
      assert.deepEqual([after.received - before.received, after.sent - before.sent, after.buffered], [4, 4, 0]);
    }
  });

  test('the buffered amount, and the drain', async () => {
    for (const transports of [POLLING, WEBSOCKET]) {
      const [before, drained, after] = await ask(await join('counted', transports), 'drain');
      assert.ok(before > 100_000, `${before} bytes are queued`);
      assert.deepEqual([drained, after], [true, 0]);
    }
  });

  test('packets, what is queued and flushed, heartbeats, the upgrade, the end', async () => {
    const socket = await join('seen', BOTH);
    await upgraded(socket);
    await ask(socket, 'echo');
    const seen = await ask(socket, 'log');
    for (const event of ['packet 4', 'queued 1', 'flushed', 'drained', 'upgrading', 'upgraded']) {
      assert.ok(seen.includes(event), `${event} is in ${seen}`);
    }
    assert.ok(seen.indexOf('upgrading') < seen.indexOf('upgraded'));
    assert.ok(seen.indexOf('queued 1') < seen.indexOf('flushed'));
    await until('a heartbeat', async () => (await ask(socket, 'log')).includes('heartbeat'));
    await ask(socket, 'echo', Buffer.from('bytes'));
    await until('a header with its attachment', async () => (await ask(socket, 'log')).includes('queued 2'));
    socket.close();
    await logs('seen', 'seen closed: transport close');
  });

  test('why a session ended, and what exactly ended it', async () => {
    const ends = [
      [POLLING, (socket) => socket.io.engine.close(), 'closed: transport close, close_packet'],
      [WEBSOCKET, (socket) => socket.io.engine.close(), 'closed: transport close, close_frame'],
      [WEBSOCKET, (socket) => socket.io.engine.transport.ws.terminate(), 'closed: transport close, eof'],
      [WEBSOCKET, (socket) => socket.io.engine.transport.ws.send('x'), "closed: parse error, malformed_packet: unknown packet type 'x'"],
      [WEBSOCKET, (socket) => socket.io.engine.transport.ws.send('42["'), 'closed: forced close, invalid_payload: invalid payload'],
      [POLLING, (socket) => socket.io.engine.transport.doPoll(), 'closed: transport error, overlap: a second poll'],
      [WEBSOCKET, (socket) => socket.disconnect(), 'closed: client namespace disconnect'],
    ];
    for (const [transports, end, entry] of ends) {
      const socket = await join('settled', transports);
      end(socket);
      await logs('settled', entry);
    }
  });
});
