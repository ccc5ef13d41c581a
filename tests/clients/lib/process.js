// Servers under test: each test starts its own on a free port and a private data directory, and ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { reach } from './front.js';
import { freePort, temporaryDirectory, until } from './ground.js';

export { freePort, sleep, temporaryDirectory, until } from './ground.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
export const ROOMCAST = process.env.ROOMCAST ?? join(ROOT, 'target/release/roomcast');
const EXAMPLES = process.env.EXAMPLES ?? join(ROOT, 'target/release/examples');

/** What every example answers. */
export const HANDSHAKE = '/socket.io/?EIO=4&transport=polling';

/** How long a server may take to answer its first connection. */
const START_DEADLINE_MS = 60_000;

/** What runs now: a test that fails leaves nothing behind that would keep the runner waiting. */
const running = new Set();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** True when nothing listens on `port` of either loopback address. */
export async function portIsFree(port) {
  return !(await accepts(port)) && !(await accepts(port, '::1'));
}

function accepts(port, host = '127.0.0.1') {
  return new Promise((answer) => {
    const socket = connect(port, host);
    socket.once('connect', () => { socket.destroy(); answer(true); });
    socket.once('error', () => answer(false));
  });
}

/** Starts `command` and waits until it accepts connections on `port`; `health` is where a proxy asks whether it is well. */
async function start(command, args, port, health, env = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const server = { port, child, log: '', exited: once(child, 'close') };
  running.add(child);
  server.exited.then(() => running.delete(child), () => {});
  let failed;
  child.on('error', (error) => { failed = error; });
  child.stdout.on('data', (text) => { server.log += text; });
  child.stderr.on('data', (text) => { server.log += text; });
  await until(() => `${command} accepts connections, its log:\n${server.log}`, async () => {
    if (failed) throw failed;
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${server.log}`);
    return accepts(port);
  }, START_DEADLINE_MS);
  const door = await reach(port, health);
  Object.assign(server, { port: door.port, url: door.url });
  server.kill = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await server.exited;
    await door.stop();
    return child.exitCode;
  };
  return server;
}

/**
 * Starts `roomcast serve`. Without `dataDir` the data is thrown away when the server is stopped.
 * `wrap` is a command that starts it, as `nice` does. `listen: false` leaves it to its default address (port 8000). Every limit per user is lifted unless `limits` is set: the tests are load.
 */
export async function startRoomcast({ dataDir, port, listen = true, limits = false, args = [], wrap = [], env } = {}) {
  const own = dataDir ? undefined : temporaryDirectory('data');
  const on = port ?? (await freePort());
  const where = listen ? ['--listen', `127.0.0.1:${on}`] : [];
  const all = ['serve', ...where, '--data-dir', dataDir ?? own.path, ...(limits ? [] : ['--no-rate-limits']), ...args];
  const [command, ...rest] = [...wrap, ROOMCAST, ...all];
  const server = await start(command, rest, on, '/health/ready', env);
  server.stop = async () => {
    const status = await server.kill('SIGTERM');
    own?.remove();
    return status;
  };
  return server;
}

/** Starts an example of `socketio` (or its twin), which takes its port as argument. */
export async function startExample(name) {
  const port = await freePort();
  const path = join(EXAMPLES, name);
  const server = await start(existsSync(path) ? path : `${path}.js`, [String(port)], port, HANDSHAKE);
  server.stop = () => server.kill('SIGKILL');
  return server;
}
