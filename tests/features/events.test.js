// Events of one socket: arguments, binary, acks, middlewares, catch-all listeners, once and off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, heard, hears, serve } from './lib/client.js';

const { join } = serve();

const allOf = (socket, ...args) => new Promise((done) => socket.emit(...args, (...all) => done(all)));

test('arguments of every kind come back as they were', async () => {
  const socket = await join();
  const args = [1, 1.5, 'é', null, true, [1, [2]], { a: { b: [] } }, Buffer.from([1, 2]), { deep: [Buffer.from('x')] }];
  assert.deepEqual(await allOf(socket, 'echo', ...args), args);
  assert.deepEqual(await allOf(socket, 'echo'), []);
});

test('handlers take typed arguments and return what the ack is', async () => {
  const socket = await join();
  assert.deepEqual(await allOf(socket, 'swap', 'a', { b: 1 }), [{ b: 1 }, 'a']);
  assert.equal(await ask(socket, 'add', 2, 3), 5);
  assert.deepEqual(await ask(socket, 'fail'), { code: 7 });
});

test('a typed event has its name and arguments from its type', async () => {
  const socket = await join();
  assert.equal(await ask(socket, 'move', { x: 1, y: 2 }), true);
  assert.deepEqual(await hears(socket, 'move'), [{ x: 2, y: 1 }]);
  assert.equal((await ask(socket, 'move', { x: 1 })).error.code, 'invalid_arguments');
});

test('arguments of another type are an error in the ack, and reported', async () => {
  const socket = await join();
  const { ok, error } = await ask(socket, 'strict', 'text');
  assert.deepEqual([ok, error.code], [false, 'invalid_arguments']);
  assert.deepEqual(await hears(socket, 'rejected'), ['strict', 'invalid_arguments']);
});

test('the server emits several arguments', async () => {
  const socket = await join();
  assert.equal(await ask(socket, 'greet'), true);
  assert.deepEqual(await hears(socket, 'greeting'), ['hello', 1, { x: null }]);
});

test('send is the event message, both ways', async () => {
  const socket = await join();
  socket.send('a', 1);
  assert.deepEqual(await hears(socket, 'message'), ['a', 1]);
});

test('bytes in a struct of the application are an attachment', async () => {
  for (const transports of [['websocket'], ['polling']]) {
    const socket = await join('/', { transports });
    const file = await ask(socket, 'upper', { name: 'a.txt', data: Buffer.from([0, 255, 1]) });
    assert.deepEqual(file, { name: 'A.TXT', data: Buffer.from([0, 255, 1]) });
  }
});

test('the server asks a client and gets its answer, or none in time', async () => {
  const socket = await join();
  socket.on('question', (question, answer) => {
    if (question !== 'silence') answer({ question });
  });
  assert.deepEqual(await ask(socket, 'ask me', 5000, 'how?'), { question: 'how?' });
  const { ok, error } = await ask(socket, 'ask me', 50, 'silence');
  assert.deepEqual([ok, error.code, error.message], [false, 'timeout', 'operation has timed out']);
});

test('a client that retries is answered in the end', async () => {
  const socket = await join('/', { retries: 3, ackTimeout: 100 });
  assert.equal(await new Promise((done, fail) => socket.emit('unreliable', (late, n) => (late ? fail(late) : done(n)))), 2);
});

test('an event middleware refuses with the ack', async () => {
  const socket = await join();
  assert.deepEqual(await ask(socket, 'forbidden'), { message: 'not allowed' });
});

test('catch-all listeners, then middlewares, then the handler', async () => {
  const socket = await join();
  await ask(socket, 'any', 1);
  await ask(socket, 'any but', 2);
  const log = (await ask(socket, 'log')).filter((entry) => entry.includes('any'));
  assert.deepEqual(log, ['in any 1', 'middleware any', 'handler any', 'in any but 2', 'middleware any but']);
});

test('listeners for outgoing events see what leaves until they are removed', async () => {
  const socket = await join();
  await ask(socket, 'outgoing');
  const log = (await ask(socket, 'log')).filter((entry) => entry.startsWith('out'));
  assert.deepEqual(log, ['out first to you', 'out to you 1 one', 'out first to them', 'out to them 2 many']);
  assert.deepEqual(await heard(socket, 'unseen'), [[]]);
});

test('listeners in front of others, and all listeners and handlers removed', async () => {
  const [control, socket] = [await join(), await join('/removable listeners')];
  const seen = async () => (await ask(control, 'log')).filter((entry) => /^(earlier|later) /.test(entry));
  assert.equal(await ask(socket, 'here'), 'heard');
  assert.equal(await ask(socket, 'nowhere'), 'unhandled');
  const four = ['earlier here', 'later here', 'earlier nowhere', 'later nowhere'];
  assert.deepEqual(await seen(), four);
  await ask(socket, 'off any');
  assert.equal(await ask(socket, 'here'), 'heard');
  assert.deepEqual(await seen(), [...four, 'earlier off any', 'later off any']);
  await ask(socket, 'off all');
  const unheard = (event) => assert.rejects(socket.timeout(300).emitWithAck(event), /timed out/);
  await Promise.all(['here', 'nowhere', 'off any'].map(unheard));
  assert.ok(socket.connected);
});

test('events without a handler have one for all of them', async () => {
  const socket = await join();
  assert.equal(await ask(socket, 'unheard of'), 'what is unheard of?');
});

test('a handler for once is for once in each socket', async () => {
  for (const socket of [await join(), await join()]) {
    assert.equal(await ask(socket, 'first'), 'the first');
    assert.equal(await ask(socket, 'first'), 'what is first?');
  }
});

test('handlers come and go while clients are connected, and can be listed', async () => {
  const socket = await join();
  assert.equal(await ask(socket, 'switched'), 'what is switched?');
  assert.equal(await ask(socket, 'switch'), true);
  assert.equal(await ask(socket, 'switched'), 'on');
  assert.ok((await ask(socket, 'event names')).includes('switched'));
  assert.equal(await ask(socket, 'switch'), false);
  assert.equal(await ask(socket, 'switched'), 'what is switched?');
});

test('volatile events that cannot leave at once are dropped, and counted', async () => {
  const socket = await join();
  const sent = await ask(socket, 'volatile', 1000);
  assert.ok(sent >= 1 && sent < 1000, `${sent} sent`);
  assert.equal((await heard(socket, 'maybe')).length, sent);
});

test('handlers of one socket run in the order of arrival', async () => {
  const socket = await join();
  const order = [];
  const asked = Array.from({ length: 200 }, (_, n) => ask(socket, n % 3 ? 'echo' : 'ask me', ...(n % 3 ? [n] : [1, n])).then(() => order.push(n)));
  await Promise.all(asked);
  assert.deepEqual(order, order.toSorted((a, b) => a - b));
});
