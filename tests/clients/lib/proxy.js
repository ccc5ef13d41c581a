// A TCP proxy that lets polling through and delays, stalls or drops the upgrade to WebSocket.
//
//   client ── upgrade request ──► proxy ── stage 0 ──► server
//          ◄─ stage 1 ── 101 ───
//          ── "2probe" ─ stage 2 ──►
//          ◄─ stage 3 ── "3probe" ──
//          ── "5" ────── stage 4 ──►
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { sleep } from './process.js';
import { between, random } from './random.js';

export const STAGES = ['the request', 'the 101', 'the probe', 'the answer to the probe', 'the upgrade packet'];

/** Delays longer than this make the test slow and find nothing more. */
const LONGEST_DELAY_MS = 120;

/**
 * `policy` (which may be changed on the way) is `{ hold: stage }` (kept back until `release()`, every stage also gets a random delay),
 * `{ drop: stage }` (the connection is cut there) or `{ stall: stage }` (nothing passes from there on).
 */
export async function startProxy(port, policy, name) {
  const proxy = { policy, upgrades: 0, dropped: 0, isReleased: false, next: random(name), open: new Set() };
  proxy.released = new Promise((done) => {
    proxy.release = () => { proxy.isReleased = true; done(); };
  });
  const server = createServer((client) => pair(client, connect(port, '127.0.0.1'), proxy));
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.stop = () => {
    for (const socket of proxy.open) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return proxy;
}

function pair(client, server, proxy) {
  const link = { client, server, upgrade: false, stage: 0 };
  for (const [from, to] of [[client, server], [server, client]]) {
    proxy.open.add(from);
    from.setNoDelay(true);
    from.on('error', () => to.destroy());
    from.on('close', () => { proxy.open.delete(from); to.destroy(); });
    let turn = Promise.resolve();
    from.on('data', (bytes) => { turn = turn.then(() => pass(link, bytes, to, proxy)); });
    from.on('end', () => { turn = turn.then(() => to.end()); });
  }
}

/** Hands one chunk on; in an upgrade each of the first five chunks is one stage. */
async function pass(link, bytes, to, proxy) {
  const { policy } = proxy;
  if (!link.upgrade && to === link.server && isUpgrade(bytes)) {
    link.upgrade = true;
    proxy.upgrades += 1;
  }
  if (link.upgrade && link.stage < STAGES.length) {
    const stage = link.stage;
    link.stage += 1;
    if (stage === policy.drop) {
      proxy.dropped += 1;
      link.client.destroy();
      link.server.destroy();
      return;
    }
    if (stage === policy.stall) await new Promise(() => {});
    if (stage === policy.hold) await proxy.released;
    await sleep(between(proxy.next, 0, LONGEST_DELAY_MS));
  }
  if (to.writable) to.write(bytes);
}

function isUpgrade(bytes) {
  const head = bytes.toString('latin1');
  return head.startsWith('GET ') && /\r\nupgrade: *websocket\r\n/i.test(head);
}
