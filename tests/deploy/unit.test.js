// The unit of systemd: what systemd says about it, and what the server says to systemd.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOMCAST, freePort, temporaryDirectory, until } from '../clients/lib/process.js';
import { UNIT, complaints, startUnit } from './lib/systemd.js';

test('systemd finds nothing wrong with the unit', (t) => {
  const own = temporaryDirectory('unit');
  t.after(own.remove);
  const said = complaints(UNIT, own.path);
  if (!said) return t.skip('no systemd-analyze on this machine');
  assert.deepEqual(said, []);
  assert.match(complaints(UNIT.replace('Type=notify', 'Type=notfy'), own.path).join('\n'), /notfy/, 'a mistake would be noticed');
});

test('the server says that it is ready, that it lives and that it leaves', async (t) => {
  const own = temporaryDirectory('unit');
  mkdirSync(join(own.path, 'data'));
  const port = await freePort();
  const settings = join(own.path, 'roomcast.toml');
  writeFileSync(settings, `listen = ["127.0.0.1:${port}"]\n[store]\ndata_dir = "${own.path}/data"\n[drain]\nduration = "90s"\n`);
  const unit = UNIT.replaceAll('/usr/local/bin/roomcast', ROOMCAST).replaceAll('/etc/roomcast/roomcast.toml', settings);
  const server = await startUnit(unit, { directory: own.path, watchdog: 200_000 });
  t.after(() => server.child.kill('SIGKILL'));
  assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200, 'ready means ready');
  await until('the watchdog is fed', () => server.words.filter((line) => line === 'WATCHDOG=1').length >= 5);
  assert.equal(await server.stop(), 0);
  assert.ok(server.words.some((line) => line.startsWith('STOPPING=1')), server.words.join('\n'));
  assert.ok(server.words.some((line) => line.includes('EXTEND_TIMEOUT_USEC=110000000')), 'a drain that is longer than TimeoutStopSec is not cut');
  own.remove();
});
