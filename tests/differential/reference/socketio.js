// The puppet application over npm's socket.io: what the public suite asks of a
// server, and events that make the server act.
// `../../src/puppet/socket.rs` is the same application over our server.
import { Server } from "socket.io";
import { engineOptions } from "./options.js";

export function serve(http, options) {
  const io = new Server(http, {
    ...engineOptions(options),
    connectTimeout: options.connectTimeout ?? 45000,
    serveClient: false,
  });
  const ended = new Map(); // socket id -> [reason, rooms while disconnecting]
  const watchers = new Map(); // socket id -> acks waiting for its end
  const gate = []; // namespaces' middlewares waiting for `release`

  const act = (socket) => {
    const nsp = socket.nsp;
    const target = (from, { to = [], except = [], volatile = false }) => {
      let operator = from;
      for (const room of to) operator = operator.to(room);
      for (const room of except) operator = operator.except(room);
      return volatile ? operator.volatile : operator;
    };
    socket.on("message", (...args) => socket.emit("message-back", ...args));
    socket.on("message-with-ack", (...args) => args.pop()(...args));
    socket.on("join", (room, ack) => (socket.join(room), ack?.()));
    socket.on("leave", (room, ack) => (socket.leave(room), ack?.()));
    socket.on("rooms", (ack) => ack([...socket.rooms].sort()));
    socket.on("members", (name, room, ack) => ack(io.of(name).adapter.rooms.get(room)?.size ?? 0));
    socket.on("emit", (to, ...args) => target(nsp, to).emit(...args));
    socket.on("send", (to, ...args) => target(socket.broadcast, to).emit(...args));
    socket.on("count", (n) => {
      for (let i = 0; i < n; i++) socket.emit("number", i);
    });
    socket.on("ask", (...args) => {
      socket.timeout(500).emit("question", ...args, (error, ...answer) => {
        if (error) socket.emit("no-answer", error.message);
        else socket.emit("answer", ...answer);
      });
    });
    socket.on("kick", (close) => socket.disconnect(close));
    socket.on("ack-twice", (ack) => (ack(1), ack(2)));
    socket.on("release", () => gate.splice(0).forEach((next) => next()));
    socket.on("handshake", (ack) => {
      const { address, auth, headers, issued, secure, time, url, xdomain } = socket.handshake;
      const query = Object.fromEntries(Object.entries(socket.handshake.query).sort());
      ack({ address, auth, host: headers.host, query, secure, timed: [typeof issued, typeof time], url, xdomain });
    });
    socket.on("watch", (id, ack) => {
      if (ended.has(id)) return ack(...ended.get(id));
      watchers.set(id, [...(watchers.get(id) ?? []), ack]);
    });
    let rooms = [];
    socket.on("disconnecting", () => (rooms = [...socket.rooms].sort()));
    socket.on("disconnect", (reason) => {
      ended.set(socket.id, [reason, rooms]);
      for (const ack of watchers.get(socket.id) ?? []) ack(reason, rooms);
    });
  };

  io.on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    act(socket);
  });
  io.of("/custom").on("connection", (socket) => {
    socket.emit("auth", socket.handshake.auth);
    act(socket);
  });
  // refuses whoever does not bring the token
  io.of("/guarded").use((socket, next) => {
    if (socket.handshake.auth.token === "open") return next();
    const error = new Error("not allowed");
    if (socket.handshake.auth.why) error.data = { code: 7 };
    next(error);
  });
  // joins a room, then refuses
  io.of("/trap").use((socket, next) => {
    socket.join("trapped");
    next(new Error("trapped"));
  });
  // emits before and after CONNECT
  io.of("/early").use((socket, next) => (socket.emit("early"), next()));
  io.of("/early").on("connection", (socket) => socket.emit("late"));
  // waits in its middleware until somebody on `/` emits `release`
  io.of("/slow").use((socket, next) => gate.push(next));
  io.of("/slow").on("connection", act);
}
