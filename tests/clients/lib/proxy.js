// A TCP proxy that lets polling through and delays, stalls or drops the upgrade to WebSocket.
//
//   client ── upgrade request ──► proxy ── stage 0 ──► server
//          ◄─ stage 1 ── 101 ───
//          ── "2probe" ─ stage 2 ──►
//          ◄─ stage 3 ── "3probe" ──
//          ── "5" ────── stage 4 ──►
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dial } from './front.js';
import { sleep } from './process.js';
import { between, random } from './random.js';

export const STAGES = ['the request', 'the 101', 'the probe', 'the answer to the probe', 'the upgrade packet'];

/** Delays longer than this make the test slow and find nothing more. */
const LONGEST_DELAY_MS = 120;

/** Over so long a time the upgrades are spread that were kept back together. */
const SPREAD_MS = 2000;

/**
 * Stock clients connect anew for each request. What does not fit is tried again by the kernel only seconds later,
 * and an upgrade may take no more than ten.
 */
const BACKLOG = 4096;

/** The share of the other chunks that is delayed when there is fire. */
const DELAYED_SHARE = 0.1;

/**
 * `policy` (which may be changed on the way) is `{ hold: stage }` (kept back until `release()`, every stage also gets a random delay),
 * `{ drop: stage }` (the connection is cut there) or `{ stall: stage }` (nothing passes from there on).
 * `{ fire: share }` keeps all upgrade requests back until `release()`, drops that share of them in a random stage,
 * and delays whatever passes, polling too.
 */
export async function startProxy(port, policy, name) {
  const proxy = { policy, upgrades: 0, dropped: 0, isReleased: false, next: random(name), open: new Set() };
  proxy.released = new Promise((done) => {
    proxy.release = () => { proxy.isReleased = true; done(); };
  });
  const server = createServer((client) => pair(client, dial(port), proxy));
  server.unref().listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG });
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
    let turn = Promise.resolve();
    from.on('close', () => {
      proxy.open.delete(from);
      // What is only delayed still arrives; what is stalled never does.
      if (proxy.policy.fire) turn.then(() => to.destroy());
      else to.destroy();
    });
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
    if (policy.fire) await stoke(link, proxy);
  }
  if (link.upgrade && link.stage < STAGES.length) {
    const stage = link.stage;
    link.stage += 1;
    if (stage === (link.drop ?? policy.drop)) {
      proxy.dropped += 1;
      link.client.destroy();
      link.server.destroy();
      return;
    }
    if (stage === policy.stall) await new Promise(() => {});
    if (stage === policy.hold) await proxy.released;
    await sleep(between(proxy.next, 0, LONGEST_DELAY_MS));
  } else if (policy.fire && proxy.next() < DELAYED_SHARE) {
    await sleep(between(proxy.next, 0, LONGEST_DELAY_MS / 4));
  }
  if (to.writable) to.write(bytes);
}

/** Decides about one upgrade: when it may begin, and whether and where it is dropped. A `5` that was sent must arrive: it is the last stage. */
async function stoke(link, proxy) {
  if (proxy.next() < proxy.policy.fire) link.drop = between(proxy.next, 0, STAGES.length - 2);
  const after = between(proxy.next, 0, SPREAD_MS);
  await proxy.released;
  await sleep(after);
}

function isUpgrade(bytes) {
  const head = bytes.toString('latin1');
  return head.startsWith('GET ') && /\r\nupgrade: *websocket\r\n/i.test(head);
}
