#!/usr/bin/env node
// The reference twin of `cargo run -p socketio --example rooms -- PORT`, on npm's server.
import { Server } from 'socket.io';

const io = new Server(Number(process.argv[2]), { cors: { origin: '*' } });

io.on('connection', (socket) => {
  socket.on('join', (room, ack) => {
    socket.join(room);
    ack(room);
  });
  socket.on('say', (room, ...said) => io.to(room).emit('said', room, ...said));
});
