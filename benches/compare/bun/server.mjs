// The program of socketio/examples/fanout.rs on socket.io and its Bun engine.
//
//   bun server.mjs PORT

import { Server as Engine } from '@socket.io/bun-engine';
import { Server } from 'socket.io';

const io = new Server();
const engine = new Engine({ path: '/socket.io/' });
io.bind(engine);

io.on('connection', (socket) => {
  socket.on('join', (room, ack) => { socket.join(room); ack(); });
  socket.on('msg', (room, data) => io.to(room).emit('msg', data));
  socket.on('echo', (data, ack) => ack(data));
});

const port = Number(process.argv[2] ?? 3000);
Bun.serve({ port, hostname: '127.0.0.1', ...engine.handler() });
console.log(`listening on http://127.0.0.1:${port}/socket.io/`);
