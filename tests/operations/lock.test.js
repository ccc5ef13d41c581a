// Two processes, one data directory: the second refuses, or waits and takes over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { createRoom, createUser, history, post } from '../clients/lib/rest.js';
import { CLIENTS, RETURNS, connected, open } from '../clients/lib/stock.js';
import { startOperated, tried } from './lib/operated.js';

test('a second process waits for the first when it is told to, and clients come back to it', async () => {
  const data = temporaryDirectory('lock');
  const first = await startOperated({ dataDir: data.path });
  const [user, room] = [await createUser(first), await createRoom(first)];
  const socket = await connected(open(CLIENTS[0], first.url, ['websocket'], RETURNS));
  const said = await post(first, room, user, 'before');

  const second = await startOperated({ dataDir: data.path, port: first.port, args: ['--wait-for-lock', '60'], waits: true });
  const waiting = await tried(`${second.internal}/health/ready`);
  assert.deepEqual([waiting.status, waiting.body.reasons], [503, ['starting']]);
  assert.equal((await tried(`${second.internal}/metrics`)).status, 503);

  assert.equal(await first.kill(), 0);
  await until('it is ready', async () => (await tried(`${second.internal}/health/ready`)).status === 200);
  await until('the client is back', () => socket.connected);
  assert.deepEqual(await history(second, room), [said]);
  assert.deepEqual((await tried(`${second.url}/health/ready`)).status, 200);
  socket.close();
  assert.equal(await second.stop(), 0);
  data.remove();
});

test('it gives up when it has waited enough, and does not wait at all unless told to', async () => {
  const data = temporaryDirectory('lock');
  const first = await startRoomcast({ dataDir: data.path });
  // Where nobody listens, so that what starts is the second one.
  const begun = Date.now();
  await assert.rejects(startRoomcast({ dataDir: data.path, args: ['--wait-for-lock', '1'] }), /ended with [1-9][^]*in use by another process/);
  assert.ok(Date.now() - begun >= 1000);
  await assert.rejects(startRoomcast({ dataDir: data.path }), /ended with [1-9]/);
  await createUser(first);
  assert.equal(await first.stop(), 0);
  data.remove();
});
