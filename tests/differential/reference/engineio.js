// The puppet application over npm's engine.io: echoes every message, and obeys
// texts that start with `!` so that a test can make the server act.
// `../../src/puppet/engine.rs` is the same application over our server.
import { Server } from "engine.io";
import { engineOptions } from "./options.js";

export function serve(http, options) {
  const engine = new Server(engineOptions(options));
  engine.attach(http, { path: "/engine.io" });
  const sockets = new Map();
  const reasons = new Map();
  const watchers = new Map();

  const commands = {
    // `!close [sid]`: close a session, this one when no sid is given
    close: (socket, sid) => sockets.get(sid ?? socket.id)?.close(),
    // `!send N`: the texts 0..N-1
    send: (socket, count) => {
      for (let i = 0; i < Number(count); i++) socket.send(String(i));
    },
    // `!say SID TEXT`: a text to another session
    say: (socket, sid, text) => sockets.get(sid)?.send(text),
    // `!watch SID`: answers `closed REASON` once that session is closed
    watch: (socket, sid) => {
      if (reasons.has(sid)) return socket.send(`closed ${reasons.get(sid)}`);
      watchers.set(sid, [...(watchers.get(sid) ?? []), socket]);
    },
  };

  engine.on("connection", (socket) => {
    sockets.set(socket.id, socket);
    socket.on("message", (data) => {
      if (typeof data === "string" && data.startsWith("!")) {
        const [name, ...args] = data.slice(1).split(" ");
        return commands[name](socket, ...args);
      }
      socket.send(data);
    });
    socket.on("close", (reason) => {
      sockets.delete(socket.id);
      reasons.set(socket.id, reason);
      for (const watcher of watchers.get(socket.id) ?? []) watcher.send(`closed ${reason}`);
    });
  });
}
