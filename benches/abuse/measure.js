// Healthy clients chat; then others misuse the server beside them. One row of a table for each kind of misuse.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sleep, startRoomcast, until } from '../../tests/clients/lib/process.js';
import { SECRET, token } from '../../tests/clients/lib/token.js';
import { Light, connectAll } from '../../tests/operations/lib/light.js';

const SECONDS = Number(process.env.SECONDS_EACH ?? 10);
const ATTACK = fileURLToPath(new URL('attack.js', import.meta.url));

/** Healthy clients: so many rooms, so many in each, so many messages a second in all. They come from an address of their own. */
const ROOMS = 5;
const MEMBERS = 10;
const RATE = 50;
const FROM = '127.0.0.2';

/** The default, said aloud: loopback is counted like any address then. */
const LIMITS = { ROOMCAST_CONNECTIONS_PER_ADDRESS: '8192', ROOMCAST_LOG: 'warn' };

const ROWS = {
  loris: 'slow-loris: 5,000 heads, about a byte a second each',
  'half-open': '10,000 connections that say nothing',
  flood: 'one address: handshakes and messages as fast as it can',
  upload: '1 GB to polling, five at a time, over and over',
  drip: '2,000 WebSockets that send about a byte a second',
};

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

class Healthy {
  constructor(port) {
    this.expected = 0;
    this.delays = [];
    this.acks = [];
    const onEvent = (_, bytes) => this.hear(bytes);
    this.clients = Array.from({ length: ROOMS * MEMBERS }, (_, number) => (
      new Light(port, { token: token({ sub: number, username: `user ${number}` }), from: FROM, onEvent })));
  }

  async start() {
    await connectAll(this.clients);
    for (const [number, client] of this.clients.entries()) await client.ask('join_room', { room_id: `room ${number % ROOMS}` });
  }

  hear(bytes) {
    const text = bytes.toString();
    if (!text.startsWith('42["receive_group_message"')) return;
    this.delays.push(performance.now() - Number(/"content":"at ([0-9.]+)"/.exec(text)[1]));
  }

  /** Chats for a while; what came of it. */
  async chat(seconds) {
    [this.expected, this.delays, this.acks] = [0, [], []];
    const pending = [];
    const begun = performance.now();
    for (let number = 0; performance.now() - begun < seconds * 1000; number += 1) {
      pending.push(this.say(this.clients[number % this.clients.length], number % ROOMS));
      await sleep(Math.max(0, begun + ((number + 1) * 1000) / RATE - performance.now()));
    }
    await Promise.all(pending);
    await until('all arrived', () => this.delays.length >= this.expected, 20_000).catch(() => {});
    const sorted = this.delays.toSorted((a, b) => a - b);
    return {
      lost: this.expected - this.delays.length + this.clients.filter(({ closed }) => closed).length,
      p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), ack: percentile(this.acks.toSorted((a, b) => a - b), 0.99),
    };
  }

  async say(client, room) {
    const at = performance.now();
    this.expected += MEMBERS - 1;
    const reply = await client.ask('send_group_message', { room_id: `room ${room}`, content: `at ${at}` });
    if (reply?.ok) this.acks.push(performance.now() - at);
    else this.expected += 1; // no answer, or a refusal: something is lost
  }
}

async function row(name) {
  // Healthy clients stay below the limit of messages of each; the one who floods does not.
  const server = await startRoomcast({ limits: true, env: LIMITS, args: ['--jwt-secret', SECRET], wrap: ['taskset', '-c', '0'] });
  const healthy = new Healthy(server.port);
  await healthy.start();
  await healthy.chat(2);
  const quiet = await healthy.chat(SECONDS);
  const before = memory(server.child.pid);
  const attack = spawn('nice', ['-n', '5', process.execPath, ATTACK, name, String(server.port), String(SECONDS + 3)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  attack.stdout.on('data', (text) => { said += text; });
  const over = once(attack, 'close');
  await until('the misuse has its size', () => said.includes('ready'), 60_000);
  const noisy = await healthy.chat(SECONDS);
  const during = memory(server.child.pid);
  await over;
  await server.kill('SIGKILL');
  const ms = (value) => value.toFixed(1);
  return `| ${ROWS[name]} | ${said.trim().split('\n').at(-1)} | ${noisy.lost + quiet.lost} | ${ms(quiet.p50)} / ${ms(quiet.p99)} | ${ms(noisy.p50)} / ${ms(noisy.p99)} | `
    + `${(noisy.p99 / quiet.p99).toFixed(2)} | ${ms(quiet.ack)} → ${ms(noisy.ack)} | ${before.toFixed(0)} → ${during.toFixed(0)} |`;
}

const wanted = process.argv.slice(2);
for (const name of wanted) if (!ROWS[name]) throw new Error(`no row ${name}; there is ${Object.keys(ROWS).join(' ')}`);
console.log(`${ROOMS * MEMBERS} healthy clients in ${ROOMS} rooms, ${RATE} messages a second, ${SECONDS} s each; limits as they are by default\n`);
console.log('| misuse | what it came to | lost | quiet p50 / p99, ms | misused p50 / p99, ms | p99 ratio | p99 of the ack, ms | server, MiB |');
console.log('|---|---|---|---|---|---|---|---|');
for (const name of wanted.length ? wanted : Object.keys(ROWS)) console.log(await row(name));
process.exit(0);
