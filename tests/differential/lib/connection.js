// One TCP connection: exact bytes out, answers and frames in, every wait with a deadline.
import { connect } from "node:net";

export const DEADLINE = 5000;

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78]);

export class Connection {
  #socket;
  #buffer = Buffer.alloc(0);
  #end = null; // "closed" or "reset", once there is nothing more to come
  #wake = () => {};

  constructor(port) {
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true });
    this.#socket.on("data", (data) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#wake();
    });
    const end = (how) => {
      this.#end ??= how;
      this.#wake();
    };
    this.#socket.on("end", () => end("closed"));
    this.#socket.on("close", () => end("closed"));
    this.#socket.on("error", () => end("reset"));
  }

  write(bytes) {
    this.#socket.write(bytes);
  }

  drop() {
    this.#socket.destroy();
  }

  /** Sends a request; `headers` is an object. */
  request(method, target, headers = {}, body = null) {
    const lines = [`${method} ${target} HTTP/1.1`, "Host: localhost"];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (body !== null) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    this.write(`${lines.join("\r\n")}\r\n\r\n${body ?? ""}`);
  }

  upgrade(target, headers = {}) {
    this.request("GET", target, {
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": 13,
      "Sec-WebSocket-Key": KEY,
      ...headers,
    });
  }

  /** Sends a masked frame with any first byte. */
  frame(first, payload) {
    const length = payload.length;
    let head;
    if (length < 126) head = Buffer.from([first, 0x80 | length]);
    else if (length < 65536) head = Buffer.from([first, 0x80 | 126, length >> 8, length & 255]);
    else {
      head = Buffer.alloc(10);
      head.writeUInt8(first, 0);
      head.writeUInt8(0x80 | 127, 1);
      head.writeBigUInt64BE(BigInt(length), 2);
    }
    const masked = Buffer.from(payload, 0).map((byte, i) => byte ^ MASK[i % 4]);
    this.write(Buffer.concat([head, MASK, masked]));
  }

  /** The next answer as `{status, headers, body}`, or the end as a string. */
  response(wait = DEADLINE) {
    return this.#next(decodeResponse, wait);
  }

  /** The next frame as a string, or the end. */
  async nextFrame(wait = DEADLINE) {
    return this.#next(decodeFrame, wait);
  }

  async #next(decode, wait) {
    const until = Date.now() + wait;
    for (;;) {
      const found = decode(this.#buffer, this.#end !== null);
      if (found) {
        this.#buffer = this.#buffer.subarray(found.length);
        return found.value;
      }
      if (this.#end) return `<${this.#end}>`;
      const left = until - Date.now();
      if (left <= 0) return "<nothing>";
      await this.#change(left);
    }
  }

  #change(wait) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function decodeResponse(buffer, ended) {
  const end = buffer.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first, ...lines] = buffer.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Map();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(first.split(" ")[1]);
  const rest = buffer.subarray(end + 4);
  const body = decodeBody(status, headers, rest, ended);
  return body && { length: end + 4 + body.length, value: { status, headers, body: body.value } };
}

function decodeBody(status, headers, rest, ended) {
  if (status === 101 || status === 204) return { length: 0, value: "" };
  if (headers.has("content-length")) {
    const length = Number(headers.get("content-length"));
    if (rest.length >= length) return { length, value: rest.subarray(0, length).toString() };
    // an answer to HEAD declares a body that does not come
    return ended ? { length: rest.length, value: rest.toString() } : null;
  }
  if (headers.get("transfer-encoding") === "chunked") return decodeChunks(rest);
  return ended ? { length: rest.length, value: rest.toString() } : null;
}

function decodeChunks(rest) {
  let [at, value] = [0, ""];
  for (;;) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return null;
    const length = Number.parseInt(rest.subarray(at, line).toString(), 16);
    if (rest.length < line + 4 + length) return null;
    value += rest.subarray(line + 2, line + 2 + length).toString();
    at = line + 4 + length;
    if (length === 0) return { length: at, value };
  }
}

function decodeFrame(buffer) {
  if (buffer.length < 2) return null;
  let [length, at] = [buffer[1] & 0x7f, 2];
  if (length === 126) {
    if (buffer.length < 4) return null;
    [length, at] = [buffer.readUInt16BE(2), 4];
  } else if (length === 127) {
    if (buffer.length < 10) return null;
    [length, at] = [Number(buffer.readBigUInt64BE(2)), 10];
  }
  if (buffer.length < at + length) return null;
  const payload = buffer.subarray(at, at + length);
  return { length: at + length, value: describe(buffer[0], payload) };
}

/** A frame in words; `first` is its first byte. */
function describe(first, payload) {
  switch (first) {
    case 0x81:
      return `text ${payload}`;
    case 0x82:
      return `binary ${payload.toString("hex")}`;
    case 0x88:
      return payload.length < 2 ? "close" : `close ${payload.readUInt16BE(0)}`;
    case 0x89:
      return `ping ${payload}`;
    case 0x8a:
      return `pong ${payload}`;
    default:
      return `frame ${first} ${payload.toString("hex")}`;
  }
}
