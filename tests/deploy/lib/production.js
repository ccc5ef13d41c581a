// A machine for docs/production.md: a folder as its root, and stand-ins for what only a machine of its own has.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOMCAST, freePort, temporaryDirectory, until } from '../../clients/lib/process.js';
import { ROOT } from './blocks.js';
import { spawnNginx } from './proxies.js';

/** `systemctl` and `nginx` write down what they were asked: the test starts the unit and the proxy itself. */
const STANDINS = {
  sudo: 'if [ "$1" = -u ]; then shift 2; fi; exec "$@"',
  cargo: 'test "$*" = "build --release"',
  useradd: 'exit 0',
  chgrp: 'exit 0',
  nginx: 'echo "nginx $@" >> "$PLACE/asked"',
  systemctl: 'echo "$@" >> "$PLACE/asked"',
};
const FOLDERS = ['bin', 'etc/systemd/system', 'etc/nginx/conf.d', 'usr/local/bin', 'var/lib/roomcast'];

export class Machine {
  static async make() {
    const own = temporaryDirectory('production');
    const machine = Object.assign(new Machine(), { place: own.path, remove: own.remove });
    for (const name of ['port', 'internal', 'plain', 'encrypted']) machine[name] = await freePort();
    for (const folder of FOLDERS) mkdirSync(join(own.path, folder), { recursive: true });
    for (const [name, body] of Object.entries(STANDINS)) {
      const path = join(own.path, 'bin', name);
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
    }
    return machine;
  }

  /** Nothing of the real machine is touched: paths are below the folder, ports are free ones, and nobody else gets a file. */
  moved(text) {
    return text
      .replaceAll(/(?<![\w-])\/(etc|var\/lib|usr\/local\/bin)\//g, `${this.place}/$1/`)
      .replaceAll('127.0.0.1:8000', `127.0.0.1:${this.port}`).replaceAll('127.0.0.1:9000', `127.0.0.1:${this.internal}`)
      .replaceAll('-g roomcast ', '').replaceAll('target/release/roomcast', ROOMCAST)
      // The name is in no DNS; the certificate is for this address, too.
      .replaceAll('doctor "https://$NAME"', `doctor "https://127.0.0.1:${this.encrypted}"`);
  }

  /** Runs lines as in one shell: what they set is there for the next. */
  run(text) {
    const { place } = this;
    const kept = join(place, 'variables');
    const whole = `if [ -e ${kept} ]; then . ${kept}; fi\n${this.moved(text)}\nset | grep -E '^(NAME|TOKEN)=' > ${kept} || true\n`;
    const env = { ...process.env, PLACE: place, PATH: `${place}/bin:${place}/usr/local/bin:${process.env.PATH}:/usr/sbin` };
    const done = spawnSync('bash', ['-euo', 'pipefail', '-c', whole], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
    assert.equal(done.status, 0, `${text}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  file(path) {
    return readFileSync(join(this.place, path), 'utf8');
  }

  /** What `systemctl` and `nginx` were asked since the last time. */
  asked() {
    const lines = this.file('asked').trim().split('\n');
    writeFileSync(join(this.place, 'asked'), '');
    return lines;
  }

  /** nginx with the file that was installed. */
  async proxy(t) {
    const site = this.moved(this.file('etc/nginx/conf.d/roomcast.conf'));
    const child = spawnNginx(this.place, site.replace('listen 80;', `listen 127.0.0.1:${this.plain};`).replace('listen 443 ssl', `listen 127.0.0.1:${this.encrypted} ssl`));
    t.after(() => child.kill('SIGTERM'));
    await until('nginx answers', () => fetch(`http://127.0.0.1:${this.plain}`, { redirect: 'manual' }).then(() => true, () => false));
  }
}
