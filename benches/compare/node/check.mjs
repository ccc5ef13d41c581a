// Whether a server is the program that is compared, told by the stock client.
//
//   node check.mjs PORT TRANSPORT...
//
// Two clients join a room and a third does not; a message reaches the two, once, and an echo comes back.

import assert from 'node:assert';
import { io } from 'socket.io-client';

const [port, ...transports] = process.argv.slice(2);
const PATIENCE = 10_000;
setTimeout(() => { console.error('nothing came for ten seconds'); process.exit(1); }, PATIENCE).unref();

const data = `${'x'.repeat(199)}é`;
for (const transport of transports) {
  const connect = () => io(`http://127.0.0.1:${port}`, { transports: [transport], forceNew: true });
  const clients = [connect(), connect(), connect()];
  const heard = clients.map(() => []);
  clients.forEach((client, i) => client.on('msg', (...args) => heard[i].push(args)));
  await Promise.all(clients.slice(0, 2).map((client) => client.emitWithAck('join', 'room')));
  await clients[2].emitWithAck('join', 'elsewhere');

  clients[0].emit('msg', 'room', data);
  clients[0].emit('msg', 'elsewhere', 'over there');
  while (heard.some((each) => each.length === 0)) await new Promise((done) => setTimeout(done, 5));
  // What was sent before the echo has arrived when its answer has.
  for (const client of clients) assert.strictEqual(await client.emitWithAck('echo', data), data);
  assert.deepStrictEqual(heard, [[[data]], [[data]], [['over there']]]);
  clients.forEach((client) => client.close());
}
process.exit(0);
