// A client of which one process can have thousands: WebSocket and Socket.IO by hand, over a bare TCP connection.
import { connect } from 'node:net';

/** How long a client may take to get in. */
const CONNECT_MS = 60_000;

/** A text frame. Clients have to mask; a mask of zeros leaves the payload as it is. */
function frame(text) {
  const payload = Buffer.from(text);
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x81;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

export class Light {
  /** `from` is the loopback address it comes from. */
  constructor(port, { token, from, onEvent } = {}) {
    Object.assign(this, { port, token, from, onEvent, rest: Buffer.alloc(0), acks: new Map(), ack: 0, heard: 0, upgraded: false });
  }

  /** Resolves when it is in the namespace. */
  connect() {
    this.tcp = connect({ port: this.port, host: '127.0.0.1', localAddress: this.from });
    this.tcp.setNoDelay(true);
    return new Promise((done, fail) => {
      const late = setTimeout(() => { fail(new Error('not connected in time')); this.tcp.destroy(); }, CONNECT_MS);
      this.onConnect = () => { clearTimeout(late); this.connectedAt = Date.now(); done(this); };
      this.onFail = (why) => { clearTimeout(late); fail(new Error(why)); };
      this.tcp.once('connect', () => this.tcp.write([
        'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', `Host: 127.0.0.1:${this.port}`, 'Connection: Upgrade', 'Upgrade: websocket',
        'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', '',
      ].join('\r\n')));
      this.tcp.on('data', (data) => this.take(data));
      this.tcp.on('error', (error) => { this.error = error.code; });
      this.tcp.once('close', () => this.end(this.error ?? 'eof'));
    });
  }

  take(data) {
    this.rest = this.rest.length ? Buffer.concat([this.rest, data]) : data;
    if (!this.upgraded) {
      const end = this.rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = this.rest.subarray(0, 12).toString();
      if (status !== 'HTTP/1.1 101') { this.onFail(status); this.tcp.destroy(); return; }
      this.upgraded = true;
      this.rest = this.rest.subarray(end + 4);
    }
    while (this.rest.length >= 2) {
      const short = this.rest[1] & 0x7f;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (this.rest.length < head) return;
      const length = short === 126 ? this.rest.readUInt16BE(2) : short === 127 ? Number(this.rest.readBigUInt64BE(2)) : short;
      if (this.rest.length < head + length) return;
      const payload = this.rest.subarray(head, head + length);
      const code = this.rest[0] & 0x0f;
      this.rest = this.rest.subarray(head + length);
      if (code === 1) this.packet(payload);
      else if (code === 8) { this.closeFrame = true; this.tcp.end(Buffer.from([0x88, 0x80, 0, 0, 0, 0])); }
    }
  }

  packet(bytes) {
    const kind = bytes[0];
    if (kind === 0x30) this.say(`40${this.token ? JSON.stringify({ token: this.token }) : ''}`);
    else if (kind === 0x32) this.say('3');
    else if (kind === 0x34) this.message(bytes);
  }

  message(bytes) {
    switch (bytes[1]) {
      case 0x30: return this.onConnect();
      case 0x32:
        this.heard += 1;
        return this.onEvent?.(this, bytes);
      case 0x33: {
        const text = bytes.subarray(2).toString();
        const start = text.indexOf('[');
        const id = Number(text.slice(0, start));
        const answer = this.acks.get(id);
        this.acks.delete(id);
        return answer?.(JSON.parse(text.slice(start))[0]);
      }
      case 0x34: return this.onFail(bytes.toString());
      default: return undefined;
    }
  }

  end(why) {
    this.closed ??= { at: Date.now(), why, politely: this.closeFrame === true };
    this.onFail?.(why);
    for (const answer of this.acks.values()) answer(undefined);
    this.acks.clear();
  }

  get isOpen() {
    return this.connectedAt !== undefined && this.closed === undefined;
  }

  say(text) {
    if (!this.tcp.destroyed && this.tcp.writable) this.tcp.write(frame(text));
  }

  emit(event, data) {
    this.say(`42${JSON.stringify([event, data])}`);
  }

  /** The answer, or nothing when the connection ends first. */
  ask(event, data) {
    if (!this.isOpen) return Promise.resolve(undefined);
    const id = this.ack;
    this.ack += 1;
    this.say(`42${id}${JSON.stringify([event, data])}`);
    return new Promise((answer) => this.acks.set(id, answer));
  }

  /** Its machine is gone: no close frame, and the connection is reset. */
  vanish() {
    this.tcp.resetAndDestroy();
  }
}

/** Connects all of them, so many at a time. */
export async function connectAll(clients, atOnce = 100) {
  const waiting = [...clients];
  const lane = async () => {
    for (let client = waiting.pop(); client; client = waiting.pop()) await client.connect();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return clients;
}
