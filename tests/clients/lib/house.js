// One process with a listener for each profile, over one chat: what several applications share.
import { freePort, startRoomcast } from './process.js';
import { SECRET } from './token.js';

export const PROFILES = ['chatty', 'messenger', 'shows', 'chats', 'platform'];

/** Starts it; `at` is where each profile listens, and the server's own address is that of `chatty`. */
export async function startHouse(options = {}) {
  const at = {};
  for (const profile of PROFILES) at[profile] = await freePort();
  const listen = PROFILES.flatMap((profile) => ['--listen', `127.0.0.1:${at[profile]}=${profile}`]);
  const server = await startRoomcast({ ...options, port: at.chatty, listen: false, args: [...listen, '--jwt-secret', SECRET] });
  server.at = Object.fromEntries(PROFILES.map((profile) => [profile, `http://127.0.0.1:${at[profile]}`]));
  return server;
}
