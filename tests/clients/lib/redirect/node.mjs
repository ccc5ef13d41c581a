// What this process sends to the documented port of an application goes to another one. Without a call, as a preload, the environment
// says which: REDIRECT=5000=25001.
import { Socket } from 'node:net';

const connect = Socket.prototype.connect;
const ports = new Map();
Socket.prototype.connect = function redirected(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const port = options && ports.get(Number(options.port));
  if (port) options.port = port;
  return connect.apply(this, args);
};

export const redirect = (from, to) => ports.set(from, to);

if (process.env.REDIRECT) redirect(...process.env.REDIRECT.split('=').map(Number));
