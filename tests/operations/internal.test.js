// What is for those who run the server: metrics and the drain, on their own listener or behind a secret, and nowhere else.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { freePort, startRoomcast, until } from '../clients/lib/process.js';
import { createRoom, createUser, post } from '../clients/lib/rest.js';
import { ask, returning } from '../clients/lib/stock.js';
import { scrape } from './lib/metrics.js';
import { asked, startOperated } from './lib/operated.js';

const basic = (password) => `Basic ${Buffer.from(`operator:${password}`).toString('base64')}`;

test('without an internal listener or a secret nobody gets metrics', async () => {
  const server = await startRoomcast();
  for (const path of ['/metrics', '/drain', '/metrics/']) {
    assert.equal((await asked(server.url + path)).status, 404, path);
    assert.equal((await asked(server.url + path, { method: 'POST' })).status, 404, path);
  }
  assert.equal((await asked(`${server.url}/health/ready`)).status, 200);
  await server.stop();
});

test('the internal listener has metrics and health, and none of the chat', async () => {
  const server = await startOperated();
  const page = await asked(`${server.internal}/metrics`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-type'), /^application\/openmetrics-text; version=1\.0\.0/);
  assert.ok(page.body.endsWith('# EOF\n'));
  for (const name of ['roomcast_build_info', 'roomcast_connections', 'process_resident_memory_bytes', 'roomcast_draining']) {
    assert.match(page.body, new RegExp(`^${name}(\\{[^}]*\\})? [0-9.e+]+$`, 'm'), name);
  }
  for (const path of ['/health/live', '/health/ready', '/health']) assert.equal((await asked(server.internal + path)).status, 200, path);
  for (const path of ['/', '/users/', '/socket.io/?EIO=4&transport=polling']) assert.equal((await asked(server.internal + path)).status, 404, path);
  assert.equal((await asked(`${server.url}/metrics`)).status, 404, 'not for clients');
  assert.equal((await asked(`${server.internal}/metrics`, { method: 'POST' })).status, 405);
  await server.stop();
});

test('a name and a type are said once, and every sample belongs to one', async () => {
  const server = await startOperated();
  const { body } = await asked(`${server.internal}/metrics`);
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const names = types.map(([, name]) => name);
  assert.equal(new Set(names).size, names.length, 'a metric is there twice');
  const suffixes = { counter: ['_total'], gauge: [''], histogram: ['_bucket', '_count', '_sum'], info: ['_info'] };
  const samples = new Set(types.flatMap(([, name, type]) => suffixes[type].map((suffix) => name + suffix)));
  for (const line of body.split('\n')) {
    const name = /^[a-z_]+/.exec(line)?.[0];
    if (name) assert.ok(samples.has(name), line);
  }
  for (const [, name] of types.filter(([, , type]) => type === 'histogram')) {
    const buckets = body.split('\n').filter((line) => line.startsWith(`${name}_bucket{`) && line.includes('le="'));
    const last = buckets.filter((line) => line.includes('le="+Inf"'));
    if (buckets.length) assert.ok(last.length > 0 && buckets.at(-1) === last.at(-1), `${name} ends with everything`);
  }
  await server.stop();
});

test('docs/metrics.md has every metric, and none that does not exist', async () => {
  const server = await startOperated();
  const { body } = await asked(`${server.internal}/metrics`);
  const ends = { counter: '_total', gauge: '', histogram: '', info: '_info' };
  const there = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => name + ends[type]);
  const rows = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('| `'));
  const told = rows.flatMap((line) => [...line.split('|')[1].matchAll(/`([a-z_]+)`/g)].map(([, name]) => name));
  for (const name of there) assert.ok(told.includes(name), `${name} is not in docs/metrics.md`);
  // What has not happened yet is not on the page; then the source says that it exists.
  const folder = new URL('../../server/src/metrics/', import.meta.url);
  const source = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8')).join('');
  for (const name of told) assert.ok(source.includes(`"${name.replace(/^roomcast_/, '').replace(/_(total|info)$/, '')}"`), `${name} does not exist`);
  assert.equal(new Set(told).size, told.length);
  await server.stop();
});

test('with a secret operators may ask everywhere, and nobody else anywhere', async () => {
  const server = await startOperated({ env: { ROOMCAST_INTERNAL_SECRET: 'a long secret' } });
  for (const url of [server.url, server.internal]) {
    for (const authorization of [undefined, 'Bearer a long secre', basic('wrong'), 'Bearer']) {
      const refused = await asked(`${url}/metrics`, { headers: authorization ? { authorization } : {} });
      assert.equal(refused.status, 401, authorization);
      assert.match(refused.headers.get('www-authenticate'), /Basic/);
      assert.doesNotMatch(JSON.stringify(refused.body), /roomcast_/);
    }
    for (const authorization of ['Bearer a long secret', basic('a long secret')]) {
      assert.equal((await asked(`${url}/metrics`, { headers: { authorization } })).status, 200);
    }
    assert.equal((await asked(`${url}/drain`, { method: 'POST' })).status, 401);
    assert.equal((await asked(`${url}/health/ready`)).status, 200, 'balancers know no secret');
  }
  assert.doesNotMatch(server.log, /a long secret/);
  await server.stop();
});

test('it refuses to show metrics to the network without a secret', async () => {
  const port = await freePort();
  const args = ['--internal-listen', `0.0.0.0:${port}`];
  await assert.rejects(startRoomcast({ args }), /without a secret/);
  const server = await startRoomcast({ args, env: { ROOMCAST_INTERNAL_SECRET: 'a long secret' } });
  await until('it is ready', async () => (await asked(`${server.url}/health/ready`)).status === 200);
  assert.ok((await scrape(`http://127.0.0.1:${port}`, 'a long secret')).text);
  await server.stop();
});

test('POST /drain empties the server, which stays, and DELETE fills it again', async () => {
  const server = await startOperated();
  const [user, room] = [await createUser(server), await createRoom(server)];
  const clients = await returning(server.url);
  const begun = await asked(`${server.internal}/drain`, { method: 'POST' });
  assert.equal(begun.status, 202);
  assert.equal(begun.body.draining, true);
  const ready = await asked(`${server.url}/health/ready`);
  assert.deepEqual([ready.status, ready.body.reasons], [503, ['draining']]);
  assert.equal((await asked(`${server.url}/health/live`)).status, 200);
  await clients.left();
  const refused = await asked(`${server.url}/socket.io/?EIO=4&transport=polling`);
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get('retry-after'));
  assert.equal((await scrape(server.internal)).get('roomcast_draining'), 1);
  await post(server, room, user, 'what is no session goes on');

  assert.equal((await asked(`${server.internal}/drain`, { method: 'DELETE' })).body.draining, false);
  assert.equal((await asked(`${server.url}/health/ready`)).status, 200);
  await clients.back();
  assert.equal((await ask(clients.sockets[0], 'join', { user_id: user.id, chatroom_id: room.id })).ok, true);
  clients.close();
  assert.equal(await server.stop(), 0);
});
