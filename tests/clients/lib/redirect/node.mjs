// Loaded before an example when port 8000 is taken: what it sends to port 8000 goes to $ROOMCAST_PORT.
import { Socket } from 'node:net';

const connect = Socket.prototype.connect;
Socket.prototype.connect = function redirected(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options && Number(options.port) === 8000) options.port = Number(process.env.ROOMCAST_PORT);
  return connect.apply(this, args);
};
