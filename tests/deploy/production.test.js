// docs/production.md, block after block as it is written, in a root of its own: TLS, tokens and a chat in the browser.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from '../clients/lib/browser.js';
import { ROOMCAST, freePort, temporaryDirectory, until } from '../clients/lib/process.js';
import { blocks } from './lib/blocks.js';
import { startUnit } from './lib/systemd.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');

/** What only a machine of its own has: who needs it is told that it was done. `systemctl` writes down what it was asked. */
const STANDINS = {
  sudo: 'exec "$@"',
  useradd: 'exit 0',
  chgrp: 'exit 0',
  nginx: 'exit 0',
  systemctl: 'echo "$@" >> "$PLACE/systemctl"',
};

test('production.md is followed to a chat in the browser', async (t) => {
  const begun = Date.now();
  const own = temporaryDirectory('production');
  const place = own.path;
  const [port, internal] = [await freePort(), await freePort()];
  // Nothing of the machine is touched: the paths are below a folder of the test, and `install` gives files to nobody else.
  const moved = (text) => text
    .replaceAll('/etc/', `${place}/etc/`).replaceAll('/var/lib/', `${place}/var/lib/`).replaceAll('/usr/local/bin/', `${place}/usr/local/bin/`)
    .replaceAll('127.0.0.1:8000', `127.0.0.1:${port}`).replaceAll('127.0.0.1:9000', `127.0.0.1:${internal}`)
    .replaceAll('-g roomcast ', '').replaceAll('target/release/roomcast', ROOMCAST);
  for (const folder of ['bin', 'etc/systemd/system', 'etc/nginx/conf.d', 'usr/local/bin', 'var/lib/roomcast']) mkdirSync(join(place, folder), { recursive: true });
  for (const [name, body] of Object.entries(STANDINS)) {
    writeFileSync(join(place, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(place, 'bin', name), 0o755);
  }
  const env = { ...process.env, PLACE: place, PATH: `${place}/bin:${place}/usr/local/bin:${process.env.PATH}:/usr/sbin` };
  const run = (text) => {
    const done = spawnSync('bash', ['-euo', 'pipefail', '-c', moved(text)], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
    assert.equal(done.status, 0, `${text}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };

  const all = blocks(readFileSync(join(ROOT, 'docs/production.md'), 'utf8')).filter(({ language }) => language === 'sh');
  assert.equal(all.length, 7);
  const [binary, secret, certificate, settings, service, proxy, token] = all.map(({ text }) => text);
  run(binary);
  run(secret);
  run(certificate);
  assert.match(run(settings), /^ok$/m);
  // systemd itself is not here: the unit is started as it would, up to the word that it is ready.
  const [install, , , health] = service.trim().split('\n');
  run(install);
  const unit = await startUnit(moved(readFileSync(join(place, 'etc/systemd/system/roomcast.service'), 'utf8')), { directory: place });
  t.after(() => unit.child.kill('SIGKILL'));
  assert.match(run(health), /"status":"ok"/);
  run(service.trim().split('\n').slice(1, 3).join('\n'));
  run(proxy);
  assert.deepEqual(readFileSync(join(place, 'systemctl'), 'utf8').trim().split('\n'), ['daemon-reload', 'enable --now roomcast', 'reload nginx']);
  const nginx = await frontOf(place, readFileSync(join(place, 'etc/nginx/conf.d/roomcast.conf'), 'utf8'), moved, t);

  const address = new URL(run(token).trim().split('\n').at(-1));
  assert.equal(address.host, 'chat.example.com');
  const here = `https://chat.example.com:${nginx.port}`;
  const browser = await launch([`--host-resolver-rules=MAP chat.example.com 127.0.0.1`, '--ignore-certificate-errors']);
  t.after(() => browser.close());
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await page.goto(`${here}/${address.hash}`);
  await page.getByRole('status').filter({ hasText: /^Connected$/ }).waitFor({ timeout: 20_000 });
  assert.equal(await status(`${nginx.port}`, '/chatrooms/'), 401, 'nobody without a token');

  assert.equal(await unit.stop(), 0);
  console.log(`${all.length} blocks in 8 steps, a chat in the browser after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  own.remove();
});

function status(port, path) {
  return new Promise((answer, fail) => {
    request({ host: '127.0.0.1', port, path, rejectUnauthorized: false }, (response) => { response.resume(); answer(response.statusCode); }).on('error', fail).end();
  });
}

/** nginx with the file that was installed, on free ports. */
async function frontOf(place, site, moved, t) {
  const { spawnNginx } = await import('./lib/proxies.js');
  const [plain, port] = [await freePort(), await freePort()];
  const text = moved(site).replace('listen 80;', `listen 127.0.0.1:${plain};`).replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  const child = spawnNginx(place, text);
  t.after(() => child.kill('SIGTERM'));
  await until('nginx answers', () => fetch(`http://127.0.0.1:${plain}`, { redirect: 'manual' }).then(() => true, () => false));
  return { port };
}
