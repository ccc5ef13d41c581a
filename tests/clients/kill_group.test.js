// 16 `messenger` clients write to groups, the server gets SIGKILL at a random moment, the clients come back and repeat what got no answer.
// `KILL_ROUNDS` is how many times over, on one data directory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Group } from './lib/group.js';
import { assertKept, assertOnce, histories } from './lib/kept.js';
import { startRoomcast, temporaryDirectory } from './lib/process.js';
import { SEED, between, random } from './lib/random.js';
import { SECRET } from './lib/token.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const TOTAL = 2000;
const WRITERS = 16;
const ROOMS = 3;
const next = random('kill-group');

const users = Array.from({ length: WRITERS }, (_, number) => number + 1);
const start = (dataDir) => startRoomcast({ dataDir, args: ['--jwt-secret', SECRET] });
const size = (stored) => [...stored.values()].flat().length;

async function round(number, dataDir) {
  const rooms = Array.from({ length: ROOMS }, (_, room) => ({ id: `round ${number} room ${room}` }));
  const group = new Group(users, rooms, TOTAL);
  let server = await start(dataDir);
  await group.connect(server);
  const moment = between(next, 1, TOTAL - WRITERS * 8);
  group.onAcknowledged = (count) => {
    // A random part of a millisecond later, so that the kill hits any stage of a commit.
    if (count === moment) setTimeout(() => server.kill('SIGKILL'), between(next, 0, 3));
  };
  await group.write();
  await server.exited;
  group.close();

  server = await start(dataDir);
  const stored = await histories(server, rooms);
  assertKept(stored, group.acknowledged);
  assertOnce(stored);
  const [acknowledged, unanswered, kept] = [group.acknowledged.length, group.unanswered.length, size(stored)];
  assert.ok(kept >= acknowledged && kept <= group.begun, `${kept} stored`);
  await group.connect(server);
  await group.repeat();
  const again = await histories(server, rooms);
  assertKept(again, group.acknowledged);
  assertOnce(again);
  assert.equal(size(again), group.begun, 'each message once');
  console.log(`round ${number}: killed ${moment} acks in; ${acknowledged} acknowledged, ${kept} stored, ${unanswered} sent again, ${size(again)} in the end`);
  group.close();
  await server.kill('SIGKILL');
  return { rooms, acknowledged: group.acknowledged };
}

test(`SIGKILL under 16 clients that write to groups, ${ROUNDS} times over`, async () => {
  console.log(`SEED=${SEED}`);
  const data = temporaryDirectory('kill-group');
  const rounds = [];
  for (let number = 1; number <= ROUNDS; number += 1) rounds.push(await round(number, data.path));
  const server = await start(data.path);
  for (const { rooms, acknowledged } of rounds) assertKept(await histories(server, rooms), acknowledged);
  const all = rounds.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  console.log(`${ROUNDS} kills: ${all} acknowledged messages, all there; no gap in seq; none twice`);
  await server.stop();
  data.remove();
});
