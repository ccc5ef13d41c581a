// The unit of systemd: what systemd says about it, and what the server says to systemd.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROOMCAST, freePort, temporaryDirectory, until } from '../clients/lib/process.js';
import { startUnit } from './lib/systemd.js';

const FILE = fileURLToPath(new URL('../../deploy/roomcast.service', import.meta.url));
const UNIT = readFileSync(FILE, 'utf8');

test('systemd finds nothing wrong with the unit', (t) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return t.skip('no systemd-analyze on this machine');
  const own = temporaryDirectory('unit');
  const command = join(own.path, 'roomcast');
  writeFileSync(command, '#!/bin/sh\n');
  chmodSync(command, 0o755);
  // It looks for the command, which is not installed here.
  writeFileSync(join(own.path, 'roomcast.service'), UNIT.replaceAll('/usr/local/bin/roomcast', command));
  const said = spawnSync('systemd-analyze', ['verify', '--man=no', join(own.path, 'roomcast.service')], { encoding: 'utf8' });
  // Only what is about this unit: it looks at others of the machine, too.
  const ours = (said.stdout + said.stderr).split('\n').filter((line) => line.includes('roomcast'));
  assert.deepEqual(ours, []);
  const broken = join(own.path, 'broken.service');
  writeFileSync(broken, UNIT.replace('Type=notify', 'Type=notfy').replaceAll('/usr/local/bin/roomcast', command));
  const complained = spawnSync('systemd-analyze', ['verify', '--man=no', broken], { encoding: 'utf8' });
  assert.match(complained.stdout + complained.stderr, /notfy/, 'a mistake would be noticed');
  own.remove();
});

test('the server says that it is ready, that it lives and that it leaves', async (t) => {
  const own = temporaryDirectory('unit');
  mkdirSync(join(own.path, 'data'));
  const port = await freePort();
  const settings = join(own.path, 'roomcast.toml');
  writeFileSync(settings, `listen = ["127.0.0.1:${port}"]\n[store]\ndata_dir = "${own.path}/data"\n`);
  const unit = UNIT.replaceAll('/usr/local/bin/roomcast', ROOMCAST).replaceAll('/etc/roomcast/roomcast.toml', settings);
  const server = await startUnit(unit, { directory: own.path, watchdog: 200_000 });
  t.after(() => server.child.kill('SIGKILL'));
  assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200, 'ready means ready');
  await until('the watchdog is fed', () => server.words.filter((line) => line === 'WATCHDOG=1').length >= 5);
  assert.equal(await server.stop(), 0);
  assert.ok(server.words.some((line) => line.startsWith('STOPPING=1')), server.words.join('\n'));
  own.remove();
});
