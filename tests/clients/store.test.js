// What happens to the data on a bad day: a start that cannot go well is refused with a clear message, and a write that fails is an error to its
// sender alone, while everything that was acknowledged stays readable.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ROOMCAST, freePort, startRoomcast, temporaryDirectory } from './lib/process.js';
import { assertGapless, call, createRoom, createUser, history, post } from './lib/rest.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';

const FILE = 'roomcast.sqlite3';
/** Where SQLite has its user version: four bytes, the highest first. */
const USER_VERSION = 60;
const NOBODY = 65534;

const directories = [];
const mounted = [];
after(() => {
  for (const path of mounted) execFileSync('umount', [path]);
  for (const directory of directories) directory.remove();
});

function directory(name) {
  const made = temporaryDirectory(name);
  directories.push(made);
  return made.path;
}

/** A data directory with some messages in it, of a server that was stopped. */
async function written() {
  const dataDir = directory('store');
  const server = await startRoomcast({ dataDir });
  const user = await createUser(server, 'Alice');
  const room = await createRoom(server);
  for (let number = 1; number <= 50; number += 1) await post(server, room, user, 'x'.repeat(1000));
  await server.stop();
  return { dataDir, user, room };
}

/** Starts a server that must not start; what it says, before the line that tells where to read on. */
async function refused(dataDir, options = {}) {
  const port = await freePort();
  const ended = spawnSync(ROOMCAST, ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', dataDir], { encoding: 'utf8', timeout: 20_000, ...options });
  assert.equal(ended.status, 1, `${ended.error ?? ''}${ended.stdout}${ended.stderr}`);
  const [said, advice] = ended.stderr.trim().split('\n').slice(-2);
  assert.match(advice, /^ {2}see docs\/errors\.md#data-[a-z-]+$/);
  console.log(said);
  return said;
}

test('a second process is refused, and the first goes on', async () => {
  const dataDir = directory('locked');
  const server = await startRoomcast({ dataDir });
  assert.equal(await refused(dataDir), `roomcast: ${dataDir} is in use by another process`);
  assert.equal((await call(server, 'GET', '/health')).status, 200);
  await server.stop();
});

test('a file that is no database is refused', async () => {
  const dataDir = directory('no-database');
  writeFileSync(join(dataDir, FILE), 'certainly no database\n'.repeat(1000));
  const said = await refused(dataDir);
  assert.ok(said.startsWith(`roomcast: the database is damaged: ${join(dataDir, FILE)}: `), said);
});

test('a damaged database is refused, and the file is left as it is', async () => {
  const { dataDir } = await written();
  const file = join(dataDir, FILE);
  const bytes = readFileSync(file);
  bytes.fill(0x5a, bytes.length / 2);
  writeFileSync(file, bytes);
  const said = await refused(dataDir);
  assert.ok(said.startsWith(`roomcast: the database is damaged: ${file}: `), said);
  assert.deepEqual(readFileSync(file), bytes);
});

test('a database of a later version is refused', async () => {
  const { dataDir } = await written();
  const file = openSync(join(dataDir, FILE), 'r+');
  writeSync(file, Buffer.from([0, 0, 0, 99]), 0, 4, USER_VERSION);
  assert.match(await refused(dataDir), /the database has schema version 99, this program knows up to \d+$/);
});

test('a directory that cannot be written is refused', async () => {
  if (process.getuid() !== 0) {
    const dataDir = directory('read-only');
    chmodSync(dataDir, 0o555);
    assert.match(await refused(dataDir), /Permission denied/);
    return;
  }
  // The superuser writes everywhere, so somebody else starts it, from where they can read it.
  const there = directory('nobody');
  const [program, dataDir] = [join(there, 'roomcast'), join(there, 'data')];
  copyFileSync(ROOMCAST, program);
  mkdirSync(dataDir);
  for (const path of [there, program, dataDir]) chmodSync(path, 0o755);
  const port = await freePort();
  const ended = spawnSync(program, ['serve', '--listen', `127.0.0.1:${port}`, '--data-dir', dataDir], { encoding: 'utf8', timeout: 20_000, uid: NOBODY, gid: NOBODY });
  console.log(ended.stderr.trim());
  assert.equal(ended.status, 1);
  assert.match(ended.stderr, /^roomcast: .*data: Permission denied/m);
});

/** Posts and sends until nothing is taken any more, over REST and over a socket; what was acknowledged. */
async function fill(server, room, user) {
  const kept = [];
  const refusals = [];
  const socket = await connected(open(CLIENTS[0], server.url, ['websocket']));
  assert.equal((await ask(socket, 'join_room', { room_id: room.id })).ok, true);
  for (let number = 0; refusals.length < 10; number += 1) {
    assert.ok(number < 5000, 'the disk is never full');
    const answer = await call(server, 'POST', '/messages/', { message_text: `${number} ${'x'.repeat(10_000)}`, user_id: user.id, chatroom_id: room.id, is_reply: false });
    if (answer.status === 201) kept.push(answer.body);
    else refusals.push([answer.status, answer.body.code]);
    const reply = await ask(socket, 'send_group_message', { room_id: room.id, content: `${number} ${'y'.repeat(10_000)}` });
    if (reply.ok) kept.push(reply);
    else refusals.push([503, reply.error.code]);
  }
  assert.ok(refusals.every(([status, code]) => status === 503 && code === 'unavailable'), JSON.stringify(refusals));
  assert.ok(socket.connected);
  socket.close();
  return kept;
}

/** Everything acknowledged is there, in every way that things are read. */
async function assertReadable(server, room, kept) {
  const stored = await history(server, room);
  assertGapless(stored);
  const known = new Set(stored.map(({ id }) => id));
  for (const { id } of kept) assert.ok(known.has(id), `acknowledged, but lost: ${id}`);
  assert.equal(known.size, kept.length, 'and nothing else');
  for (const path of ['/health', '/health/live', '/users/', `/chatrooms/${room.id}/members`, `/messages/${kept[0].id}`]) {
    assert.equal((await call(server, 'GET', path)).status, 200, path);
  }
}

async function fullDisk(dataDir, wrap, free) {
  const server = await startRoomcast({ dataDir, wrap });
  const user = await createUser(server, 'Alice');
  const room = await createRoom(server);
  const kept = await fill(server, room, user);
  await assertReadable(server, room, kept);
  const messages = kept.length;
  free(server.child.pid);
  kept.push(await post(server, room, user, 'there is room again'));
  assert.equal(kept.at(-1).seq, messages + 1, 'without a gap');
  await server.stop();
  const again = await startRoomcast({ dataDir });
  await assertReadable(again, room, kept);
  await again.stop();
  console.log(`${messages} messages were taken, ${statSync(join(dataDir, FILE)).size} bytes in the end`);
}

test('files that may not grow: writing is an error to who writes, reading goes on, and later writing too', async () => {
  const shell = 'trap "" XFSZ; ulimit -S -f 3000; exec "$@"';
  await fullDisk(directory('limited'), ['bash', '-c', shell, 'bash'], (pid) => execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited']));
});

test('a full disk: the same', async (context) => {
  const path = directory('full');
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path]).status !== 0) {
    context.skip('only the superuser can mount a small disk');
    return;
  }
  mounted.push(path);
  await fullDisk(path, [], () => execFileSync('mount', ['-o', 'remount,size=30m', path]));
});
