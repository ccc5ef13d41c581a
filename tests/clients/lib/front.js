// nginx or HAProxy in front of every server, when FRONT names one: the tests are the same, and see the server as in production.
//
//   FRONT=nginx NODE_EXTRA_CA_CERTS=tests/clients/fixtures/tls/cert.pem node --test tests/clients/rooms.test.js
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CA, PROXIES, startProxy } from '../../deploy/lib/proxies.js';

const { FRONT } = process.env;

/** Where clients reach what listens on `port`: there, or at a proxy in front of it. */
export async function reach(port, health = '/health/ready') {
  if (!FRONT) return { url: `http://127.0.0.1:${port}`, port, stop: async () => {} };
  const file = PROXIES.find(({ kind }) => kind === FRONT)?.one;
  if (!file) throw new Error(`FRONT=${FRONT} is not one of ${PROXIES.map(({ kind }) => kind).join(', ')}`);
  const proxy = await startProxy(FRONT, file, [port], health);
  return { url: proxy.url, port: Number(new URL(proxy.url).port), stop: proxy.stop };
}

/** A connection to a port that `reach` has answered. */
export function dial(port) {
  return FRONT ? connectTls({ port, host: '127.0.0.1', ca: CA }) : connect(port, '127.0.0.1');
}
