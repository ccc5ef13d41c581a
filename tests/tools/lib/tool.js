// The commands of the binary beside `serve`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOMCAST } from '../../clients/lib/process.js';

/** No command takes longer; one that hangs fails its test. */
const DEADLINE_MS = 60_000;

/** What the machine of the test says must not matter. */
function environment(more) {
  const own = Object.entries(process.env).filter(([name]) => !/^(ROOMCAST_|SOCKETIO_|PORT$)/.test(name));
  return { ...Object.fromEntries(own), ...more };
}

/** Runs `roomcast ARGS` to its end: its exit status and what it printed. */
export async function tool(args, { env = {}, input = '', command = ROOMCAST } = {}) {
  const child = spawn(command, args, { env: environment(env), timeout: DEADLINE_MS, killSignal: 'SIGKILL' });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => { said.out += text; });
  child.stderr.on('data', (text) => { said.err += text; });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { ...said, status, get json() { return JSON.parse(said.out); } };
}
