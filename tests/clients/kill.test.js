// 16 writers post 10,000 messages, the server gets SIGKILL at a random moment, and nothing acknowledged is lost.
// `KILL_ROUNDS` is how many times over, on one data directory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertKept, assertOnce, histories } from './lib/kept.js';
import { sleep, startRoomcast, temporaryDirectory } from './lib/process.js';
import { SEED, between, random } from './lib/random.js';
import { call, createRoom, createUser, post } from './lib/rest.js';
import { CLIENTS, ask, connected, open } from './lib/stock.js';
import { Writers } from './lib/writers.js';

const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const TOTAL = 10_000;
const WRITERS = 16;
const ROOMS = 3;
const next = random('kill');

const made = (count, create) => Promise.all(Array.from({ length: count }, create));

/** Posts until the kill, which comes after a random number of acks and a random part of a millisecond. */
async function writeUntilKilled(server, writers) {
  const moment = between(next, 1, TOTAL - WRITERS);
  writers.onAcknowledged = (count) => {
    if (count === moment) setTimeout(() => server.kill('SIGKILL'), between(next, 0, 3));
  };
  await writers.write(server);
  await server.exited;
  return moment;
}

/** A stock client still hears the room, at the next `seq`. */
async function assertLive(server, room, user, last) {
  const socket = await connected(open(CLIENTS[0], server.url, ['websocket']));
  const heard = new Promise((done) => socket.on('new_message', done));
  assert.equal((await ask(socket, 'join', { user_id: user.id, chatroom_id: room.id })).ok, true);
  const posted = await post(server, room, user, 'after the restart');
  assert.equal(posted.seq, last + 1);
  assert.deepEqual(await Promise.race([heard, sleep(5000)]), posted);
  socket.close();
}

async function round(number, dataDir, users) {
  let server = await startRoomcast({ dataDir });
  users.push(...(users.length ? [] : await made(WRITERS, () => createUser(server, 'Writer'))));
  const rooms = await made(ROOMS, () => createRoom(server, `round ${number}`));
  const writers = new Writers(users, rooms, TOTAL);
  const moment = await writeUntilKilled(server, writers);

  server = await startRoomcast({ dataDir });
  const stored = await histories(server, rooms);
  assertKept(stored, writers.acknowledged);
  const count = [...stored.values()].flat().length;
  console.log(`round ${number}: killed after ack ${moment}; ${writers.acknowledged.length} acknowledged, ${writers.unanswered.length} unanswered, ${count} stored`);
  assert.ok(count >= writers.acknowledged.length && count <= writers.begun);
  await writers.repeat(server);
  const again = await histories(server, rooms);
  assertKept(again, writers.acknowledged);
  assertOnce(again);
  assert.equal([...again.values()].flat().length, writers.begun);
  await assertLive(server, rooms[0], users[0], again.get(rooms[0].id).length);
  await server.kill('SIGKILL');
  return { rooms, acknowledged: writers.acknowledged };
}

test(`SIGKILL under 16 writers, ${ROUNDS} times over`, async () => {
  console.log(`SEED=${SEED}`);
  const data = temporaryDirectory('kill');
  const users = [];
  const rounds = [];
  for (let number = 1; number <= ROUNDS; number += 1) rounds.push(await round(number, data.path, users));

  const server = await startRoomcast({ dataDir: data.path });
  for (const { rooms, acknowledged } of rounds) assertKept(await histories(server, rooms), acknowledged);
  assert.equal((await call(server, 'GET', '/')).status, 200);
  await server.stop();
  data.remove();
});
