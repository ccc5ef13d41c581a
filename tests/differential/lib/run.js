// Runs one script against one server and writes down every answer.
//
// A script is a list of steps, each a verb, an actor and what belongs to it. An actor is a
// polling session or a WebSocket; `{a}` stands for the latest id, of a session or socket, that
// actor `a` got.
//
//   handshake A [QUERY]      a new polling session          request A METHOD QUERY [BODY]   any request
//   get A                    a poll                         raw A TEXT                      any bytes, and their answer
//   poll A N                 polls until N packets came
//   post A BODY              a POST                         start A                         a poll that has to wait
//   open W [QUERY]           a new session on a WebSocket   answer A                        the answer of `start`
//   upgrade W A              a WebSocket for session A      connect W                       open, and join `/`
//   text W TEXT              a text message                 binary W HEX                    a binary message
//   frame W BYTE HEX         a frame with any first byte    recv W N                        the next N frames, sorted if N ends in `s`
//   closed W                 everything up to the end       quiet W                         everything in a short while
//   drop W                   closes the TCP connection
import { Connection, DEADLINE } from "./connection.js";

const QUIET = 150;
const POLLING = "?EIO=4&transport=polling";
const WEBSOCKET = "?EIO=4&transport=websocket";

/** What of an answer's head is compared; the rest is the HTTP library's. */
const HEADERS = [
  "access-control-allow-credentials",
  "access-control-allow-headers",
  "access-control-allow-methods",
  "access-control-allow-origin",
  "cache-control",
  "content-encoding",
  "content-type",
  "sec-websocket-accept",
  "sec-websocket-extensions",
  "sec-websocket-protocol",
  "set-cookie",
  "vary",
  "x-xss-protection",
];

class Run {
  actors = new Map();
  ids = new Map(); // actor -> its latest id
  sessions = new Map(); // actor -> its session id
  seen = new Map(); // id -> actor
  answers = []; // by step

  constructor(server, headers) {
    this.server = server;
    this.headers = headers;
  }

  /** Puts ids in where a step names them. */
  fill(text) {
    return text.replace(/\{(\w+)\}/g, (_, name) => this.ids.get(name) ?? `unknown-${name}`);
  }

  /** Writes an answer down with its ids taken out. */
  note(step, answer) {
    const actor = step.split(" ")[1];
    const sid = /\\?"sid\\?":\\?"([^"\\]*)/.exec(answer);
    if (sid) {
      this.ids.set(actor, sid[1]);
      this.seen.set(sid[1], actor);
      if (!this.sessions.has(actor)) this.sessions.set(actor, sid[1]);
    }
    let line = answer.replaceAll("\u001e", "<rs>");
    for (const [id, name] of this.seen) line = line.replaceAll(id, `{${name}}`);
    this.answers.at(-1).answers.push(line);
  }

  connection(actor) {
    const connection = new Connection(this.server.port);
    this.actors.set(actor, connection);
    return connection;
  }

  target(query) {
    return this.server.path + query;
  }

  session(actor) {
    return this.target(`${POLLING}&sid=${this.sessions.get(actor)}`);
  }

  async http(step, method, target, body = null) {
    const connection = new Connection(this.server.port);
    connection.request(method, target, this.headers, body);
    this.note(step, answer(await connection.response()));
    connection.drop();
  }

  /** However many polls it takes: how packets share answers is a matter of time. */
  async poll(step, actor, count) {
    const packets = [];
    while (packets.length < count) {
      const connection = new Connection(this.server.port);
      connection.request("GET", this.session(actor), this.headers);
      const response = await connection.response();
      connection.drop();
      if (response.status !== 200) return this.note(step, `${packets}, then ${answer(response)}`);
      packets.push(...response.body.split("\u001e"));
    }
    this.note(step, packets.join("\u001e"));
  }

  async websocket(step, actor, query) {
    const connection = this.connection(actor);
    connection.upgrade(this.target(query), this.headers);
    this.note(step, answer(await connection.response()));
  }

  async recv(step, actor, count) {
    const frames = [];
    const connection = this.actors.get(actor);
    for (let i = 0; i < Number.parseInt(count); i++) {
      const frame = await connection.nextFrame();
      frames.push(frame);
      if (frame.startsWith("<")) break;
    }
    if (count.endsWith("s")) frames.sort();
    for (const frame of frames) this.note(step, frame);
  }

  async until(step, actor, wait) {
    for (;;) {
      const frame = await this.actors.get(actor).nextFrame(wait);
      // how the TCP connection ends, after the WebSocket has, is nobody's business
      if (!frame.startsWith("<")) this.note(step, frame);
      if (frame.startsWith("close")) return;
      if (frame.startsWith("<")) return this.note(step, frame.replace("reset", "closed"));
    }
  }
}

const VERBS = {
  handshake: (run, step, actor, query) => run.http(step, "GET", run.target(query || POLLING)),
  request: (run, step, actor, method, query, ...body) =>
    run.http(step, method, run.target(query), body.length ? body.join(" ") : null),
  get: (run, step, actor) => run.http(step, "GET", run.session(actor)),
  poll: (run, step, actor, count) => run.poll(step, actor, Number(count)),
  post: (run, step, actor, ...body) => run.http(step, "POST", run.session(actor), body.join(" ")),
  raw: async (run, step, actor, ...text) => {
    const connection = run.connection(actor);
    connection.write(text.join(" "));
    run.note(step, answer(await connection.response()));
  },
  start: async (run, step, actor) => {
    const connection = run.connection(`${actor} polling`);
    connection.request("GET", run.session(actor), run.headers);
    // nothing on the wire tells that a poll is pending
    await quiet();
  },
  answer: async (run, step, actor) =>
    run.note(step, answer(await run.actors.get(`${actor} polling`).response())),
  open: (run, step, actor, query) => run.websocket(step, actor, query || WEBSOCKET),
  upgrade: (run, step, actor, session) =>
    run.websocket(step, actor, `${WEBSOCKET}&sid=${run.sessions.get(session)}`),
  connect: async (run, step, actor) => {
    await run.websocket(step, actor, WEBSOCKET);
    await run.recv(step, actor, "1");
    run.actors.get(actor).frame(0x81, Buffer.from("40"));
    await run.recv(step, actor, "2");
  },
  text: (run, step, actor, ...text) => run.actors.get(actor).frame(0x81, Buffer.from(text.join(" "))),
  binary: (run, step, actor, hex = "") => run.actors.get(actor).frame(0x82, Buffer.from(hex, "hex")),
  frame: (run, step, actor, first, hex = "") =>
    run.actors.get(actor).frame(Number(first), Buffer.from(hex, "hex")),
  recv: (run, step, actor, count = "1") => run.recv(step, actor, count),
  closed: (run, step, actor) => run.until(step, actor, DEADLINE),
  quiet: (run, step, actor) => run.until(step, actor, QUIET),
  drop: async (run, step, actor) => {
    run.actors.get(actor).drop();
    // nor that the server has noticed
    await quiet();
  },
};

const quiet = () => new Promise((resolve) => setTimeout(resolve, QUIET));

function answer(response) {
  if (typeof response === "string") return response.replace("reset", "closed");
  const head = HEADERS.filter((name) => response.headers.has(name));
  const lines = head.map((name) => `${name}: ${response.headers.get(name)}`);
  return [response.status, ...lines, response.body].join(" | ");
}

/** All answers of a server to a script, as `[{step, answers}]`. */
export async function run(server, script) {
  const state = new Run(server, script.headers ?? {});
  for (const step of script.steps) {
    state.answers.push({ step, answers: [] });
    const [verb, ...words] = state.fill(step).split(" ");
    await VERBS[verb](state, step, ...words);
  }
  for (const connection of state.actors.values()) connection.drop();
  return state.answers;
}
