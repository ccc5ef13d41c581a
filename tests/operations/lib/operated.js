// A server with a listener for those who run it.
import { freePort, startRoomcast, until } from '../../clients/lib/process.js';
import { SECRET } from '../../clients/lib/token.js';

/** `waits`: it is not expected to be ready, because another one has its data. */
export async function startOperated({ args = [], waits = false, ...options } = {}) {
  const port = await freePort();
  const internal = ['--internal-listen', `127.0.0.1:${port}`, '--jwt-secret', SECRET];
  const server = await startRoomcast({ ...options, args: [...internal, ...args] });
  server.internal = `http://127.0.0.1:${port}`;
  const state = waits ? 'live' : 'ready';
  await until(() => `it is ${state}, its log:\n${server.log}`, async () => (await tried(`${server.internal}/health/${state}`)).status === 200, 60_000);
  return server;
}

/** The status and the body of a request to it. */
export async function asked(url, options) {
  const answer = await fetch(url, options);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

/** The same, also while nobody listens: then the status is 0. */
export const tried = (url, options) => asked(url, options).catch(() => ({ status: 0, body: {} }));
