// The program of socketio/examples/fanout.rs on socket.io and Node.
//
//   node server.mjs PORT
//
// As its pages on performance advise: `bufferutil` is installed, compression stays off (the default), and the first
// request of each session is let go.

import { createServer } from 'node:http';
import { Server } from 'socket.io';

// Everybody may come at once.
const BACKLOG = 65535;

const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });
io.engine.on('connection', (session) => { session.request = null; });

io.on('connection', (socket) => {
  socket.on('join', (room, ack) => { socket.join(room); ack(); });
  socket.on('msg', (room, data) => io.to(room).emit('msg', data));
  socket.on('echo', (data, ack) => ack(data));
});

const port = Number(process.argv[2] ?? 3000);
http.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, () => {
  console.log(`listening on http://127.0.0.1:${port}/socket.io/`);
});
