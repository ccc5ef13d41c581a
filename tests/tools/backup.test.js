// `roomcast backup`: a copy of a server that is written to, and a server on that copy.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { assertGapless, createRoom, createUser, history, post } from '../clients/lib/rest.js';
import { tool } from './lib/tool.js';

/** Writers that go on until they are stopped; each message counts when it is acknowledged. */
function startWriters(server, room, users) {
  const writers = { acknowledged: [], on: true };
  const write = async (user) => {
    for (let number = 0; writers.on; number += 1) {
      writers.acknowledged.push((await post(server, room, user, `${user.id} ${number}`)).id);
    }
  };
  writers.done = Promise.all(users.map(write));
  writers.stop = () => { writers.on = false; return writers.done; };
  return writers;
}

function restore(scratch, file, name) {
  const dataDir = join(scratch.path, name);
  mkdirSync(dataDir);
  copyFileSync(file, join(dataDir, 'roomcast.sqlite3'));
  return dataDir;
}

test('backups of a server that is written to are whole, and a server on one serves it', async () => {
  const scratch = temporaryDirectory('backup');
  const server = await startRoomcast({ dataDir: join(scratch.path, 'data') });
  const room = await createRoom(server, 'room');
  const users = await Promise.all(Array.from({ length: 8 }, () => createUser(server, 'Writer')));
  const writers = startWriters(server, room, users);
  const copies = [];
  for (let number = 0; number < 5; number += 1) {
    const target = writers.acknowledged.length + 50;
    await until('some are written', () => writers.acknowledged.length >= target);
    const before = [...writers.acknowledged];
    const file = join(scratch.path, `copy-${number}.sqlite3`);
    const { status, json, err } = await tool(['backup', '--data-dir', join(scratch.path, 'data'), '--json', file]);
    assert.equal(status, 0, err);
    assert.deepEqual([json.file, json.bytes, json.rooms, json.users], [file, statSync(file).size, 1, 8]);
    copies.push({ file, before, after: writers.acknowledged.length + users.length, messages: json.messages });
  }
  await writers.stop();
  assert.equal(await server.stop(), 0);
  assert.deepEqual(readdirSync(scratch.path).filter((name) => /partial|journal|wal|shm/.test(name)), [], 'nothing is left lying about');
  for (const [number, { file, before, after, messages }] of [copies[0], copies.at(-1)].entries()) {
    const restored = await startRoomcast({ dataDir: restore(scratch, file, `restored-${number}`) });
    const stored = await history(restored, room);
    assertGapless(stored);
    assert.equal(stored.length, messages);
    const ids = new Set(stored.map(({ id }) => id));
    assert.deepEqual(before.filter((id) => !ids.has(id)), [], 'what was acknowledged before is in it');
    assert.ok(stored.length <= after, 'and nothing that was sent after it');
    assert.equal((await post(restored, room, users[0], 'on the copy')).seq, stored.length + 1);
    assert.equal(await restored.stop(), 0);
    console.log(`copy of ${messages} messages, ${before.length} of them acknowledged before it began`);
  }
  scratch.remove();
});

test('a server that does not run is copied too; the copy is for its owner alone', async () => {
  const scratch = temporaryDirectory('backup');
  const dataDir = join(scratch.path, 'data');
  const server = await startRoomcast({ dataDir });
  await createUser(server, 'Ada');
  await server.stop();
  const data = readFileSync(join(dataDir, 'roomcast.sqlite3'));
  const file = join(scratch.path, 'copy');
  const { status, out } = await tool(['backup', file], { env: { ROOMCAST_DATA_DIR: dataDir } });
  assert.equal(status, 0);
  assert.match(out, /copy: \d+ bytes in \d+\.\d s, checked: 1 users, 0 rooms, 0 messages/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readFileSync(join(dataDir, 'roomcast.sqlite3')), data, 'the data is as it was');
  scratch.remove();
});

test('a file that is there is kept, unless it may be replaced', async () => {
  const scratch = temporaryDirectory('backup');
  const dataDir = join(scratch.path, 'data');
  await (await startRoomcast({ dataDir })).stop();
  const file = join(scratch.path, 'copy');
  writeFileSync(file, 'precious');
  const kept = await tool(['backup', '--data-dir', dataDir, file]);
  assert.equal(kept.status, 1);
  assert.match(kept.err, /copy is there already; --force replaces it/);
  assert.equal(readFileSync(file, 'utf8'), 'precious');
  const replaced = await tool(['backup', '--data-dir', dataDir, '--force', file]);
  assert.equal(replaced.status, 0, replaced.err);
  assert.match(readFileSync(file, 'latin1'), /^SQLite format 3/);
  scratch.remove();
});

test('what cannot be copied leaves no file behind', async () => {
  const scratch = temporaryDirectory('backup');
  const file = join(scratch.path, 'copy');
  const nothing = await tool(['backup', '--data-dir', join(scratch.path, 'nowhere'), file]);
  assert.equal(nothing.status, 1);
  assert.match(nothing.err, /nowhere has no database: is this the --data-dir of the server\?/);
  const damaged = join(scratch.path, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'roomcast.sqlite3'), 'certainly no database'.repeat(100));
  const refused = await tool(['backup', '--data-dir', damaged, file]);
  assert.equal(refused.status, 1);
  assert.match(refused.err, /damaged/);
  assert.deepEqual(readdirSync(scratch.path), ['damaged']);
  const dataDir = join(scratch.path, 'data');
  await (await startRoomcast({ dataDir })).stop();
  const away = await tool(['backup', '--data-dir', dataDir, join(scratch.path, 'no/such/folder/copy')]);
  assert.equal(away.status, 1);
  assert.match(away.err, /No such file or directory/);
  chmodSync(dataDir, 0o700);
  scratch.remove();
});

test('the data of a server that runs is never replaced by its copy', async () => {
  const scratch = temporaryDirectory('backup');
  const dataDir = join(scratch.path, 'data');
  const server = await startRoomcast({ dataDir });
  const before = readdirSync(dataDir);
  for (const name of ['roomcast.sqlite3', 'lock', 'copy', '../data/copy']) {
    const { status, err } = await tool(['backup', '--data-dir', dataDir, '--force', `${dataDir}/${name}`]);
    assert.equal(status, 1);
    assert.match(err, /is in the data directory: a copy belongs elsewhere/);
  }
  await createUser(server, 'Ada');
  await server.stop();
  assert.deepEqual(readdirSync(dataDir).filter((name) => /partial|copy/.test(name)), [], before.join(' '));
  const again = await startRoomcast({ dataDir });
  const users = await fetch(`${again.url}/users/`).then((answer) => answer.json());
  assert.equal(users.items.length, 1);
  await again.stop();
  scratch.remove();
});
