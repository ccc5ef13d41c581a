// A unit of `Type=notify`, started as systemd would: its environment, its check, its command, and a socket that is told.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../../clients/lib/process.js';
import { read } from './blocks.js';

export const UNIT = read('deploy/roomcast.service');

/** What systemd has against a unit, or nothing where there is no systemd to ask. */
export function complaints(unit, directory) {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return undefined;
  // It looks for the command, which is not installed here.
  const command = join(directory, 'roomcast');
  writeFileSync(command, '#!/bin/sh\n');
  chmodSync(command, 0o755);
  const file = join(directory, 'roomcast.service');
  writeFileSync(file, unit.replaceAll('/usr/local/bin/roomcast', command));
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  // Only what is about this unit: it looks at others of the machine, too.
  return (stdout + stderr).split('\n').filter((line) => line.includes('roomcast'));
}

/** Node has no datagrams of this kind; Python has. Each datagram is a line. */
const LISTEN = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("bound", flush=True)
while True:
    print(s.recv(4096).decode().replace("\\n", " "), flush=True)
`;

const values = (unit, key) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);

/** Starts the unit; resolves when it has said that it is ready. `watchdog` in microseconds replaces that of the unit. */
export async function startUnit(unit, { directory, watchdog } = {}) {
  if (values(unit, 'Type')[0] !== 'notify') throw new Error('the unit does not say when it is ready');
  const socket = join(directory, 'notify');
  const listener = spawn('python3', ['-c', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const words = [];
  createInterface({ input: listener.stdout }).on('line', (line) => words.push(line));
  await until('somebody listens', () => words.includes('bound'));
  const seconds = Number.parseFloat(values(unit, 'WatchdogSec')[0]);
  const env = { PATH: process.env.PATH, NOTIFY_SOCKET: socket, WATCHDOG_USEC: String(watchdog ?? seconds * 1e6) };
  for (const pair of values(unit, 'Environment')) env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1);
  for (const check of values(unit, 'ExecStartPre')) {
    const [command, ...args] = check.split(' ');
    const done = spawnSync(command, args, { env, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${check}: ${done.stdout}${done.stderr}`);
  }
  const [command, ...args] = values(unit, 'ExecStart')[0].split(' ');
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, words, log: '', exited: once(child, 'close') };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { server.log += text; });
  await until(() => `it is ready, its log:\n${server.log}`, () => words.some((line) => line.includes('READY=1')), 20_000);
  server.stop = async () => {
    child.kill('SIGTERM');
    await server.exited;
    listener.kill();
    return child.exitCode;
  };
  return server;
}
