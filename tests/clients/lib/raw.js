// Clients that say HTTP by hand.
import { until } from './process.js';

/** Asks for a page often, at once, and reads none of the answers, until the server has had enough. */
export async function askAndReadNothing(socket) {
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(5000));
  await until('the connection is cut', () => {
    // Who does not read learns only so that nobody is there any more.
    socket.write('x');
    return socket.destroyed;
  });
}
