// What every test stands on: time, free ports, folders of its own.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits until `condition` is true, and fails with `what` when it is not in time. */
export async function until(what, condition, ms = 45_000) {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not in ${ms} ms: ${typeof what === 'function' ? what() : what}`);
    await sleep(5);
  }
}

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

export function temporaryDirectory(name) {
  const path = mkdtempSync(join(tmpdir(), `roomcast-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
