// Two workers, 16 writers, 50 members joining in mid-stream: each sees history and then `seq` without gap, repeat or disorder.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Member } from './lib/member.js';
import { sleep, startRoomcast, until } from './lib/process.js';
import { SEED, between, random } from './lib/random.js';
import { assertGapless, createRoom, createUser, history } from './lib/rest.js';
import { CLIENTS, MODES } from './lib/stock.js';
import { Writers } from './lib/writers.js';

const MEMBERS = 50;
const WRITERS = 16;
const TOTAL = 3200;
/** Writing all of it takes seconds; on a machine that does much else, minutes. */
const PATIENCE_MS = 240_000;
const next = random('members');

test('50 members join while 16 writers write', async () => {
  console.log(`SEED=${SEED}`);
  const server = await startRoomcast({ env: { TOKIO_WORKER_THREADS: '2' } });
  const users = await Promise.all(Array.from({ length: WRITERS }, () => createUser(server, 'Writer')));
  const room = await createRoom(server);
  const writers = new Writers(users, [room], TOTAL);
  const modes = Object.values(MODES);
  const members = Array.from({ length: MEMBERS }, (_, number) => new Member(CLIENTS[number % 2], modes[number % 3]));

  const last = () => writers.acknowledged.length;
  const joining = members.map(async (member, number) => {
    const at = between(next, 0, Math.floor(TOTAL * 0.8));
    await until(() => `member ${number} joins after ${at} of ${last()} that are written`, () => last() >= at, PATIENCE_MS);
    await member.join(server, room, users[number % WRITERS]);
  });
  const pace = new Promise((done) => { writers.onAcknowledged = (count) => count === TOTAL && done(); });
  await Promise.all([writers.write(server), pace, ...joining]);

  await until(() => `all hear the last; ${members.filter((member) => member.last < TOTAL).length} did not`,
    () => members.every((member) => member.last >= TOTAL), PATIENCE_MS);
  await sleep(100);
  for (const member of members) member.assertWhole(TOTAL);
  const inMidStream = members.filter(({ before, live }) => before.length > 0 && live.length > 0).length;
  console.log(`${inMidStream} of ${MEMBERS} members joined in mid-stream, ${members.reduce((sum, { live }) => sum + live.length, 0)} messages heard live`);
  assert.ok(inMidStream >= MEMBERS / 2, `only ${inMidStream}`);

  const stored = await history(server, room);
  assertGapless(stored);
  for (const { seq, id } of writers.acknowledged) assert.equal(stored[seq - 1].id, id);
  for (const member of members) member.socket.close();
  await server.stop();
});
