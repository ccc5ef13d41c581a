// Metrics equal the truth: while clients chat, and after they have vanished without a word. METRICS_CLIENTS is how many there are.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { until } from '../clients/lib/process.js';
import { SECRET, token } from '../clients/lib/token.js';
import { Light, connectAll } from './lib/light.js';
import { scrape } from './lib/metrics.js';
import { asked, startOperated } from './lib/operated.js';
import { Poller } from './lib/poller.js';

const COUNT = Number(process.env.METRICS_CLIENTS ?? 100);
/** Of them so many over polling; the others are on WebSocket. */
const POLLING = Math.ceil(COUNT / 20);
const ROOM = 10;
const ROUNDS = 3;

const auth = (number) => ({ token: token({ sub: number, username: `user ${number}` }) });
const roomOf = (number) => `room ${Math.floor(number / ROOM)}`;
const MESSAGE = '42["receive_group_message"';

test(`metrics equal the truth with ${COUNT} clients that chat and vanish`, async () => {
  const server = await startOperated({ env: { ROOMCAST_LOG: 'warn' } });
  let arrived = 0;
  const onEvent = (_, bytes) => { arrived += bytes.subarray(0, MESSAGE.length).toString() === MESSAGE ? 1 : 0; };
  const clients = Array.from({ length: COUNT }, (_, number) => new (number < POLLING ? Poller : Light)(server.port, { ...auth(number), onEvent }));
  await connectAll(clients);
  for (const [number, client] of clients.entries()) {
    const joined = await client.ask('join_room', { room_id: roomOf(number) });
    assert.equal(joined?.ok, true, `${number} joins: ${JSON.stringify(joined ?? client.closed)}`);
  }

  // Every message of a room reaches everybody else in it.
  const sizes = clients.map((_, number) => Math.min(ROOM, COUNT - Math.floor(number / ROOM) * ROOM));
  for (let round = 0; round < ROUNDS; round += 1) {
    const replies = await Promise.all(clients.map((client, number) => (
      client.ask('send_group_message', { room_id: roomOf(number), content: `round ${round}`, client_msg_id: `${round}` }))));
    for (const [number, reply] of replies.entries()) assert.equal(reply?.ok, true, `${number} sends: ${JSON.stringify(reply ?? clients[number].closed)}`);
  }
  const again = await clients[0].ask('send_group_message', { room_id: roomOf(0), content: 'round 0', client_msg_id: '0' });
  assert.equal(again.ok, true);
  assert.equal((await clients[0].ask('no such event', {})).ok, false);
  const sent = COUNT * ROUNDS;
  const delivered = ROUNDS * sizes.reduce((sum, size) => sum + size - 1, 0);
  await until(() => `${arrived} of ${delivered} arrived`, () => arrived === delivered, 60_000);

  const now = await scrape(server.internal);
  const rooms = Math.ceil(COUNT / ROOM);
  const truth = [
    ['roomcast_connections', { transport: 'websocket' }, COUNT - POLLING],
    ['roomcast_connections', { transport: 'polling' }, POLLING],
    ['roomcast_sockets', { namespace: '/' }, COUNT],
    ['roomcast_users_online', {}, COUNT],
    ['roomcast_rooms', {}, rooms],
    ['roomcast_memberships', {}, COUNT],
    ['roomcast_handshakes_total', { transport: 'websocket', result: 'opened' }, COUNT - POLLING],
    ['roomcast_handshakes_total', { transport: 'polling', result: 'opened' }, POLLING],
    ['roomcast_disconnects_total', {}, 0],
    ['roomcast_events_total', { direction: 'in', event: 'join_room' }, COUNT],
    ['roomcast_events_total', { direction: 'in', event: 'send_group_message' }, sent + 1],
    ['roomcast_events_total', { direction: 'in', event: 'unknown' }, 1],
    ['roomcast_event_errors_total', { event: 'unknown', code: 'invalid' }, 1],
    ['roomcast_event_duration_seconds_count', { event: 'send_group_message' }, sent + 1],
    ['roomcast_events_total', { direction: 'out', event: 'receive_group_message' }, sent],
    ['roomcast_messages_total', { kind: 'text' }, sent],
    ['roomcast_messages_deduplicated_total', {}, 1],
    ['roomcast_queued_bytes', {}, 0],
    ['roomcast_draining', {}, 0],
    ['roomcast_slow_consumers_total', {}, 0],
    ['roomcast_store_errors_total', {}, 0],
  ];
  for (const [name, labels, value] of truth) assert.equal(now.get(name, labels), value, `${name} ${JSON.stringify(labels)}`);
  const messages = COUNT + COUNT + sent + 2; // CONNECT, the joins, what was sent, and the two odd ones
  assert.equal(now.get('roomcast_packets_total', { direction: 'in', type: 'message' }), messages, 'messages that came');
  // What was said, and the heads of the answers that made WebSockets of it.
  const out = now.get('roomcast_bytes_total', { direction: 'out', transport: 'websocket' });
  const sockets = clients.slice(POLLING);
  const read = () => sockets.reduce((sum, { tcp }) => sum + tcp.bytesRead, 0);
  await until(() => `${out} bytes said, ${read()} read`, () => read() >= out + sockets.length * 100);
  assert.ok(read() <= out + sockets.length * 400, `${out} bytes said, ${read()} read`);
  assert.ok(now.get('roomcast_broadcast_fanout_sum') >= delivered);
  assert.ok(now.get('roomcast_delivery_latency_seconds_count') > 0);

  // They are gone without a word of either protocol.
  for (const client of clients) client.vanish();
  let after;
  await until(() => `all are gone: ${after?.text}`, async () => {
    after = await scrape(server.internal);
    return after.get('roomcast_connections') === 0 && after.get('roomcast_users_online') === 0;
  }, 90_000);
  const gone = [
    ['roomcast_sockets', {}, 0],
    ['roomcast_rooms', {}, 0],
    ['roomcast_memberships', {}, 0],
    ['roomcast_queued_bytes', {}, 0],
    ['roomcast_commands_waiting', {}, 0],
    ['roomcast_disconnects_total', {}, COUNT],
    ['roomcast_handshakes_total', { result: 'opened' }, COUNT],
    ['roomcast_messages_total', {}, sent],
  ];
  for (const [name, labels, value] of gone) assert.equal(after.get(name, labels), value, `${name} ${JSON.stringify(labels)}`);
  const reasons = after.of('roomcast_disconnects_total').filter(({ value }) => value > 0).map(({ labels, value }) => `${value} ${labels.reason}/${labels.detail}`).join(', ');
  const because = (reason) => after.get('roomcast_disconnects_total', { reason });
  // Who vanishes between two polls leaves no connection that could break: only its silence tells.
  assert.ok(because('ping_timeout') <= POLLING, reasons);
  assert.equal(because('transport_error') + because('transport_close') + because('ping_timeout'), COUNT, `lost, not closed: ${reasons}`);
  console.log(`${COUNT} clients: ${sent} messages, ${delivered} deliveries; after they vanished: ${reasons}`);
  await server.stop();
});

test('a client that vanishes between two polls is missed when it is silent for too long', async () => {
  const server = await startOperated({ env: { ROOMCAST_SOCKETIO_PING_INTERVAL: '1s', ROOMCAST_SOCKETIO_PING_TIMEOUT: '1s' } });
  const client = new Poller(server.port, auth(1));
  const poll = client.poll.bind(client);
  client.poll = () => poll(1);
  await client.connect();
  client.vanish();
  let now;
  await until(() => `it is gone: ${now?.text}`, async () => {
    now = await scrape(server.internal);
    return now.get('roomcast_connections') === 0 && now.get('roomcast_disconnects_total') === 1;
  });
  assert.equal(now.get('roomcast_disconnects_total', { reason: 'ping_timeout' }), 1, now.text);
  await server.stop();
});

test('limits and refusals are counted, under names that clients cannot choose', async () => {
  const server = await startOperated({ limits: true, env: { ROOMCAST_CONNECTIONS_PER_ADDRESS: '60', ROOMCAST_HEAD_TIMEOUT: '1' } });
  const url = `${server.url}/socket.io/?EIO=4&transport=`;
  assert.equal((await asked(`${url}carrier-pigeon`)).status, 400);
  assert.equal((await asked(`${url}polling&sid=made-up`)).status, 400);
  assert.equal((await asked(`${server.url}/there/is/no/such/path`)).status, 404);
  const wrong = new Light(server.port, { token: token({ sub: 1 }, `${SECRET} of somebody else`) });
  await assert.rejects(wrong.connect(), /44/);
  const fast = await new Light(server.port, auth(2)).connect();
  await fast.ask('join_room', { room_id: 'r' });
  for (let count = 0; count < 25; count += 1) await fast.ask('send_group_message', { room_id: 'r', content: `${count}` });
  await new Promise((done) => {
    const odd = connect(server.port, '127.0.0.1', () => odd.write('this is no HTTP\r\n\r\n'));
    odd.once('close', done).resume();
  });
  const silent = await new Promise((done) => {
    const client = new Light(server.port);
    client.connect().catch(() => done(client));
    client.tcp.removeAllListeners('connect');
  });
  assert.ok(silent.closed);
  const now = await scrape(server.internal);
  const counted = [
    ['roomcast_handshake_errors_total', { reason: 'unknown_transport' }, 1],
    ['roomcast_handshake_errors_total', { reason: 'unknown_session' }, 1],
    ['roomcast_http_requests_total', { route: 'other', method: 'GET', status: '404' }, 1],
    ['roomcast_auth_failures_total', { reason: 'signature' }, 1],
    ['roomcast_connect_errors_total', { reason: 'refused' }, 1],
    ['roomcast_connection_errors_total', { reason: 'malformed_http' }, 1],
    ['roomcast_rate_limited_total', { limit: 'messages' }, 5],
    ['roomcast_event_errors_total', { event: 'send_group_message', code: 'rate_limited' }, 5],
    ['roomcast_rate_limited_total', { limit: 'head_timeout' }, 1],
  ];
  for (const [name, labels, value] of counted) assert.equal(now.get(name, labels), value, `${name} ${JSON.stringify(labels)}\n${now.text}`);
  assert.doesNotMatch(now.text, /pigeon|made-up|such\/path/);
  fast.vanish();
  await server.stop();
});
