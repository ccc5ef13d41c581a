// One process with a listener for each profile, over one chat: what several applications share.
import { reach } from './front.js';
import { freePort, startRoomcast } from './process.js';
import { SECRET } from './token.js';

export const PROFILES = ['chatty', 'messenger', 'shows', 'chats', 'platform'];

/** Starts it; `at` is where each profile listens, and the server's own address is that of `chatty`. */
export async function startHouse(options = {}) {
  const at = {};
  for (const profile of PROFILES) at[profile] = await freePort();
  const listen = PROFILES.flatMap((profile) => ['--listen', `127.0.0.1:${at[profile]}=${profile}`]);
  const server = await startRoomcast({ ...options, port: at.chatty, listen: false, args: [...listen, '--jwt-secret', SECRET] });
  const doors = { chatty: { url: server.url, stop: async () => {} } };
  for (const profile of PROFILES) doors[profile] ??= await reach(at[profile]);
  server.at = Object.fromEntries(PROFILES.map((profile) => [profile, doors[profile].url]));
  const { stop } = server;
  server.stop = async () => {
    for (const door of Object.values(doors)) await door.stop();
    return stop();
  };
  return server;
}
