// A TCP proxy that cuts every connection when it is told to: a train that goes into a tunnel.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export async function startCutter(port) {
  const open = new Set();
  const cutter = { cuts: 0, isDeaf: false };
  const server = createServer((client) => {
    if (cutter.isDark) return client.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => { open.delete(from); to.destroy(); });
      from.on('end', () => to.end());
      // Deaf: what the client says arrives, what the server answers does not.
      from.on('data', (bytes) => { if (to.writable && !(cutter.isDeaf && to === client)) to.write(bytes); });
    }
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  cutter.url = `http://127.0.0.1:${server.address().port}`;
  cutter.cut = () => {
    cutter.cuts += 1;
    for (const socket of open) socket.destroy();
  };
  /** Nothing gets through until it is light again. */
  cutter.darken = () => { cutter.isDark = true; cutter.cut(); };
  cutter.lighten = () => { cutter.isDark = false; };
  cutter.stop = () => { cutter.cut(); server.close(); };
  return cutter;
}
