// Healthy clients chat, in turn alone and beside somebody who misuses the server. One row of a table for each kind of misuse.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ROOMCAST, sleep, startRoomcast, until } from '../../tests/clients/lib/process.js';
import { SECRET } from '../../tests/clients/lib/token.js';
import { Healthy, MEMBERS, RATE, ROOMS } from './healthy.js';

const SECONDS = Number(process.env.SECONDS_EACH ?? 10);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const ATTACK = fileURLToPath(new URL('attack.js', import.meta.url));

/** A head may take 20 s: long enough to see what becomes of those that take longer. */
const secondsOf = (name) => (name === 'loris' ? 2.5 * SECONDS : SECONDS);

/** Between a misuse and the next quiet round: what it left behind is closed by then. */
const REST_MS = 3000;

/** The default, said aloud: loopback is counted like any address then. */
const LIMITS = { ROOMCAST_CONNECTIONS_PER_ADDRESS: '8192', ROOMCAST_LOG: 'warn' };

const ROWS = {
  loris: 'slow-loris: 5,000 heads, about a byte a second each',
  'half-open': '10,000 connections that say nothing',
  flood: 'one address: handshakes and messages as fast as it can',
  upload: '1 GB to polling, five at a time, over and over',
  drip: '2,000 WebSockets that send about a byte a second',
};

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const sum = (values) => values.reduce((all, one) => all + one, 0);
const ms = (value) => value.toFixed(2);
const memory = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** One round beside a misuse that has reached its size; `said` is what the misuse came to. */
async function misused(name, server, healthy) {
  // It takes what others leave of its core: the healthy clients must not wait for it, only for the server.
  const seconds = secondsOf(name);
  const attack = spawn('nice', ['-n', '19', process.execPath, ATTACK, name, String(server.port), String(seconds + 3)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  attack.stdout.on('data', (text) => { said += text; });
  const over = once(attack, 'close');
  await until(() => `${name} has its size, it said ${said}`, () => said.includes('ready'), 120_000);
  const round = await healthy.chat(seconds);
  const during = memory(server.child.pid);
  const [status] = await over;
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${said}`);
  return { ...round, during, said: said.trim().split('\n').at(-1) };
}

async function row(name) {
  const server = await startRoomcast({ limits: true, env: LIMITS, args: ['--jwt-secret', SECRET], wrap: ['taskset', '-c', '0'] });
  const healthy = new Healthy(server.port);
  await healthy.start();
  await healthy.chat(2);
  const [quiet, noisy] = [[], []];
  const before = memory(server.child.pid);
  for (let round = 0; round < ROUNDS; round += 1) {
    quiet.push(await healthy.chat(SECONDS));
    noisy.push(await misused(name, server, healthy));
    await sleep(REST_MS);
  }
  if (server.child.exitCode !== null) throw new Error(`the server ended:\n${server.log}`);
  const { cut } = healthy;
  await server.kill('SIGKILL');
  return line(name, { quiet, noisy, before, cut });
}

function line(name, { quiet, noisy, before, cut }) {
  const all = [...quiet, ...noisy];
  const of = (rounds, what) => median(rounds.map((round) => round[what]));
  const ratios = noisy.map(({ p99 }, round) => p99 / quiet[round].p99);
  const [lost, unanswered] = [sum(all.map((round) => round.lost)), sum(all.map((round) => round.unanswered))];
  const missed = `${lost} of ${sum(all.map(({ expected }) => expected))}${unanswered ? `, ${unanswered} unanswered` : ''}${cut ? `, ${cut} cut` : ''}`;
  return `| ${ROWS[name]} | ${noisy.at(-1).said} | ${missed} | ${ms(of(quiet, 'p50'))} / ${ms(of(quiet, 'p99'))} | ${ms(of(noisy, 'p50'))} / ${ms(of(noisy, 'p99'))} | `
    + `${ms(of(noisy, 'p99') / of(quiet, 'p99'))} (${ms(Math.min(...ratios))} to ${ms(Math.max(...ratios))}) | ${ms(of(quiet, 'ack'))} → ${ms(of(noisy, 'ack'))} | `
    + `${before.toFixed(0)} → ${Math.max(...noisy.map(({ during }) => during)).toFixed(0)} |`;
}

function head() {
  const commit = execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  const version = execFileSync(ROOMCAST, ['--version'], { encoding: 'utf8' }).trim();
  return `# Healthy clients beside those who misuse the server

\`benches/abuse/run\`: ${version}, commit ${commit}; ${cpus()[0].model}, ${cpus().length} cores, Linux ${release()}.

${ROOMS * MEMBERS} healthy clients in ${ROOMS} rooms, ${RATE} messages a second in all, limits as they are by default, the database in ${tmpdir()}. The server has core 0; the healthy clients have core 1, and those who
misuse the server have what is left of it. ${ROUNDS} rounds for each row, on one server: ${SECONDS} s of quiet, then ${SECONDS} s of misuse (slow-loris ${secondsOf('loris')} s)
once it has its size. Medians of the rounds; the ratio's range is that of single rounds. *Lost*: deliveries that healthy clients missed in any round, quiet or not. What a misuse came to is that of its last round.

| misuse | what it came to | lost | quiet p50 / p99, ms | misused p50 / p99, ms | p99 ratio | p99 of the ack, ms | server, MiB |
|---|---|---|---|---|---|---|---|`;
}

const wanted = process.argv.slice(2);
for (const name of wanted) if (!ROWS[name]) throw new Error(`no row ${name}; there is ${Object.keys(ROWS).join(' ')}`);
console.log(head());
for (const name of wanted.length ? wanted : Object.keys(ROWS)) console.log(await row(name));
process.exit(0);
