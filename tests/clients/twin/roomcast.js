#!/usr/bin/env node
// The reference twin of `roomcast serve`: the `chatty` vocabulary and its REST calls on npm's server.
// `ROOMCAST=tests/clients/twin/roomcast.js node --test` proves the tests themselves.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Server } from 'socket.io';
import { Refused, Store } from './store.js';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { listen: { type: 'string', default: '127.0.0.1:8000' }, 'data-dir': { type: 'string' }, 'no-rate-limits': { type: 'boolean' } },
});
const [host, port] = values.listen.split(':');
const store = new Store(values['data-dir']);
const http = createServer((request, response) => answer(request, response));
const io = new Server(http, { cors: { origin: true, credentials: true } });
http.listen(Number(port), host);

function send(response, status, body) {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}

async function answer(request, response) {
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  response.setHeader('access-control-allow-headers', 'authorization, content-type');
  if (request.method === 'OPTIONS') return response.writeHead(204).end();
  try {
    const [status, body] = route(request, await read(request));
    send(response, status, body);
  } catch (error) {
    const status = error instanceof Refused ? error.status : 500;
    send(response, status, { title: error.message, status });
  }
}

async function read(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= 1_000_000) parts.push(part);
  }
  if (size > 1_000_000) throw new Refused(413, 'the body is too large');
  if (request.method !== 'POST') return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch {
    throw new Refused(400, 'the body is not JSON');
  }
}

function route(request, body) {
  const url = new URL(request.url, 'http://twin');
  const path = url.pathname.replace(/\/$/, '');
  if (request.method === 'POST' && path === '/users') return [201, store.createUser(body)];
  if (request.method === 'POST' && path === '/chatrooms') return [201, store.createRoom(body)];
  if (request.method === 'POST' && path === '/messages') return [201, post(body)];
  const room = /^\/chatrooms\/([^/]+)\/messages$/.exec(path);
  if (room) return [200, { items: store.history(decodeURIComponent(room[1]), Object.fromEntries(url.searchParams)), next: null }];
  if (path === '') return [200, { twin: true }];
  if (path === '/users') throw new Refused(405, 'method not allowed');
  throw new Refused(404, 'no such page');
}

function post(body) {
  const [message, created] = store.post(body);
  if (created) io.to(message.chatroom_id).emit('new_message', message);
  return message;
}

/** The one place that answers a `join` or `leave`: an error to the ack, or else as an event. */
function refuse(socket, event, ack, code, message) {
  if (ack) ack({ ok: false, error: { code, message, details: null } });
  else socket.emit('error', { message, code, event, details: null });
}

function enter(socket, payload, ack) {
  const { user_id: user, chatroom_id: room } = payload ?? {};
  if (typeof user !== 'string' || typeof room !== 'string') return refuse(socket, 'join', ack, 'invalid', 'user_id and chatroom_id are required');
  if (!store.users.has(user)) return refuse(socket, 'join', ack, 'not_found', 'User not found');
  if (!store.rooms.has(room)) return refuse(socket, 'join', ack, 'not_found', 'Chatroom not found');
  socket.join(room);
  socket.emit('joined', { chatroom_id: room });
  return ack?.({ ok: true, chatroom_id: room });
}

io.on('connection', (socket) => {
  const callback = (args) => (typeof args.at(-1) === 'function' ? args.pop() : undefined);
  socket.on('join', (...args) => {
    const ack = callback(args);
    enter(socket, args[0], ack);
  });
  socket.on('leave', (...args) => {
    const ack = callback(args);
    const { user_id: user, chatroom_id: room } = args[0] ?? {};
    if (typeof user !== 'string' || typeof room !== 'string') return refuse(socket, 'leave', ack, 'invalid', 'user_id and chatroom_id are required');
    socket.leave(room);
    socket.emit('left', { chatroom_id: room });
    return ack?.({ ok: true, chatroom_id: room });
  });
  // `onAny` runs a tick before the handlers of its event: wait for it, so that answers keep their order.
  socket.onAny((event, ...args) => process.nextTick(() => {
    if (event !== 'join' && event !== 'leave') refuse(socket, event, callback(args), 'invalid', `unknown event ${event}`);
  }));
});
