#!/usr/bin/env node
// The reference twin of `cargo run -p socketio --example conformance -- PORT`, on npm's server:
// the tests are proven against it before they judge our own.
import { Server } from 'socket.io';

const io = new Server(Number(process.argv[2]), {
  pingInterval: 300,
  pingTimeout: 200,
  connectTimeout: 1000,
  cors: { origin: '*' },
});

io.on('connection', (socket) => {
  socket.emit('auth', socket.handshake.auth);
  socket.on('message', (...args) => socket.emit('message-back', ...args));
  socket.on('message-with-ack', (...args) => args.pop()(...args));
});
io.of('/custom').on('connection', (socket) => socket.emit('auth', socket.handshake.auth));
