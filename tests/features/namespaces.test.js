// Namespaces: guarded by a middleware, dynamic, new, removed, emptied.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../clients/lib/process.js';
import { ask, beside, hears, refused, serve } from './lib/client.js';

const { join, open } = serve();

test('a namespace that is not there is refused', async () => {
  const error = await refused(open('/nowhere'));
  assert.equal(error.message, 'Invalid namespace');
});

test('a middleware lets in who may, and refuses with data who may not', async () => {
  const error = await refused(open('/guarded', { auth: { token: 'wrong' } }));
  assert.deepEqual([error.message, error.data], ['not authorized', { code: 401 }]);
  const socket = await join('/guarded', { auth: { token: 'secret', more: [1] } });
  assert.deepEqual(await hears(socket, 'welcome'), [{ token: 'secret', more: [1] }]);
});

test('a middleware refuses auth of another shape', async () => {
  const error = await refused(open('/guarded', { auth: { token: 1 } }));
  assert.deepEqual(error.data, { code: 'invalid_arguments' });
});

test('several namespaces share one connection', async () => {
  const one = await join('/room-shared');
  const other = await beside(one, '/room-other');
  assert.notEqual(one.id, other.id);
  assert.notEqual(one.id, one.io.engine.id);
  assert.equal(await ask(other, 'where'), '/room-other');
});

test('a dynamic namespace by pattern has its own clients', async () => {
  const [a, b] = [await join('/room-1'), await join('/room-2')];
  assert.equal(await ask(a, 'where'), '/room-1');
  const params = await new Promise((done) => b.emit('where', (...all) => done(all)));
  assert.deepEqual(params, ['/room-2', '2']);
  assert.equal(await ask(a, 'tell', 'here'), 1);
  assert.deepEqual(await hears(a, 'told'), ['here']);
  assert.deepEqual(b.heard, []);
  const error = await refused(open('/room-'));
  assert.equal(error.message, 'Invalid namespace');
});

test('a dynamic namespace reaches the clients of all its children', async () => {
  const control = await join('/');
  const rooms = [await join('/room-x'), await join('/room-y')];
  assert.ok((await ask(control, 'tell rooms', 'all of you')) >= 2);
  for (const room of rooms) assert.deepEqual(await hears(room, 'told'), ['all of you']);
});

test('a dynamic namespace by predicate sees name and auth', async () => {
  const socket = await join('/private/a', { auth: { token: 'secret' } });
  assert.ok(socket.connected);
  socket.close();
  const error = await refused(open('/private/b', { auth: { token: 'guess' } }));
  assert.equal(error.message, 'Invalid namespace');
});

test('a new namespace is announced once, however many ask for it at the same time', async () => {
  const control = await join('/');
  await Promise.all(Array.from({ length: 20 }, () => join('/private/raced', { auth: { token: 'secret' } })));
  const made = await ask(control, 'new namespaces');
  assert.equal(made.filter((name) => name === '/private/raced').length, 1);
});

test('a dynamic namespace goes away when nobody is in it', async () => {
  const control = await join('/');
  const socket = await join('/room-empty');
  assert.ok((await ask(control, 'namespaces')).includes('/room-empty'));
  socket.close();
  await until('it is gone', async () => !(await ask(control, 'namespaces')).includes('/room-empty'));
});

test('a removed namespace disconnects its clients and refuses new ones', async () => {
  const control = await join('/');
  const socket = await join('/removable');
  assert.equal(await ask(control, 'remove', '/removable'), true);
  await until('it is disconnected', () => socket.reason);
  assert.equal(socket.reason, 'io server disconnect');
  const error = await refused(open('/removable'));
  assert.equal(error.message, 'Invalid namespace');
});
