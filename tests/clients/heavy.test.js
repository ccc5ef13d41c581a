// Messages as large as they may be, of characters that JSON writes with six bytes each: what one client is given at once still fits into its queue.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRoomcast, until } from './lib/process.js';
import { CLIENTS, MODES, ask, connected, open } from './lib/stock.js';
import { SECRET, token } from './lib/token.js';

const HEAVY = '\u0001'.repeat(16 * 1024);
const [stock] = CLIENTS;
let server;
let writer;

const come = (sub, transports) => open(stock, server.url, transports, { auth: { token: token({ sub }) } });

before(async () => {
  server = await startRoomcast({ args: ['--profile', 'messenger', '--jwt-secret', SECRET] });
  writer = await connected(come(1, ['websocket']));
  assert.equal((await ask(writer, 'join_room', { room_id: 5 })).ok, true);
  for (let number = 0; number < 50; number += 1) assert.equal((await ask(writer, 'send_group_message', { room_id: 5, content: HEAVY })).ok, true);
});
after(async () => {
  writer?.close();
  await server?.stop();
});

for (const [at, [mode, transports]] of Object.entries(MODES).entries()) {
  test(`${mode}: a show full of heavy messages is joined, with the newest of them`, async () => {
    const socket = await connected(come(10 + at, transports));
    let history;
    socket.on('message_history', ({ messages }) => { history = messages; });
    const { ok, seq, messages } = await ask(socket, 'join_show', { show_id: 5 });
    assert.deepEqual([ok, seq], [true, 50]);
    assert.deepEqual(messages, history);
    assert.deepEqual(history.map(({ seq: number }) => number), [48, 49, 50]);
    socket.close();
  });

  test(`${mode}: what was kept for somebody is all handed over, in order`, async () => {
    const sub = 20 + at;
    for (let number = 0; number < 110; number += 1) {
      const answer = await ask(writer, 'send_personal_message', { to_user_id: sub, content: HEAVY });
      assert.equal(answer.delivered, false);
    }
    const socket = come(sub, transports);
    const heard = [];
    socket.on('receive_personal_message', ({ seq }) => heard.push(seq));
    await connected(socket);
    await until(() => `all are heard: ${heard}`, () => heard.length === 110 || !socket.connected);
    assert.deepEqual(heard, Array.from({ length: 110 }, (_, number) => number + 1));
    socket.close();
  });
}
