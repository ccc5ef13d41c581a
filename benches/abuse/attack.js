// Misuses a server: attack.js NAME PORT SECONDS. Says `ready` when it has reached its size, goes on for so long, and then says in a few words
// what it came to.
import { connect } from 'node:net';
import { Agent, request } from 'node:http';
import { token } from '../../tests/clients/lib/token.js';
import { Light } from '../../tests/operations/lib/light.js';

const [, , name, portText, seconds] = process.argv;
const port = Number(portText);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** It begins when the misuse has its size, or does not get to it. */
let until = Infinity;
let isWhole = true;
const isOver = () => Date.now() >= until;
function ready() {
  if (until !== Infinity) return;
  until = Date.now() + Number(seconds) * 1000;
  console.log('ready');
}
setTimeout(() => { isWhole &&= until !== Infinity; ready(); }, 60_000).unref();

/** Addresses of those who misuse it: not those of healthy clients. */
const address = (number) => `127.0.0.${66 + (number % 10)}`;

/** A bare connection, and what became of it. */
function line(from, counts) {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.on('error', () => {});
  socket.on('data', (data) => { counts.answered += 1; socket.text = (socket.text ?? '') + data.toString('latin1', 0, 200); });
  socket.once('connect', () => { counts.opened += 1; });
  socket.once('close', () => { counts.closed += 1; socket.isGone = true; });
  return socket;
}

/** Keeps `size` connections open, replacing those that the server closes, and does something with each about every second. */
async function crowd(size, make, each = () => {}) {
  const counts = { opened: 0, closed: 0, answered: 0, most: 0 };
  const lines = [];
  while (!isOver()) {
    for (let number = 0; number < size && !isOver(); number += 1) {
      const socket = lines[number];
      if (!socket || socket.isGone) lines[number] = make(number, counts);
      else if (socket.readyState === 'open') each(socket, number);
      // Not all at once: those who misuse a server do not keep step.
      if (number % (size / 50) === 0) await sleep(20);
    }
    const open = lines.filter(({ isGone, readyState }) => !isGone && readyState === 'open').length;
    counts.most = Math.max(counts.most, open);
    if (open >= size) ready();
  }
  lines.forEach((socket) => socket.destroy());
  return counts;
}

const attacks = {
  async loris() {
    const make = (number, counts) => {
      const socket = line(address(number), counts);
      socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow: ');
      return socket;
    };
    const { opened, closed, most } = await crowd(5000, make, (socket) => socket.write('x'));
    return `${opened} opened, ${most} at once, ${closed} closed by the server`;
  },

  async 'half-open'() {
    const { opened, closed, most } = await crowd(10_000, (number, counts) => line(address(number), counts));
    return `${opened} opened, ${most} at once, ${closed} closed by the server`;
  },

  async flood() {
    const counts = { refused: 0, opened: 0, limited: 0, sent: 0 };
    const agent = new Agent({ keepAlive: true, maxSockets: 8, localAddress: address(0) });
    const handshakes = async () => {
      while (!isOver()) {
        await new Promise((done) => {
          const asked = request({ port, host: '127.0.0.1', agent, path: '/socket.io/?EIO=4&transport=polling' }, (answer) => {
            if (answer.statusCode === 200) counts.opened += 1; else counts.refused += 1;
            answer.resume();
            answer.once('end', done);
          });
          asked.once('error', done);
          asked.end();
        });
      }
    };
    const messages = async (number) => {
      const client = new Light(port, { token: token({ sub: `flood ${number}` }), from: address(0) });
      try { await client.connect(); } catch { return; }
      await client.ask('join_room', { room_id: 'flood' });
      while (!isOver() && client.isOpen) {
        const replies = await Promise.all(Array.from({ length: 50 }, () => client.ask('send_group_message', { room_id: 'flood', content: 'x'.repeat(100) })));
        counts.sent += replies.length;
        counts.limited += replies.filter((reply) => reply?.ok === false).length;
      }
    };
    setTimeout(ready, 1000);
    await Promise.all([...Array.from({ length: 8 }, handshakes), ...Array.from({ length: 4 }, (_, number) => messages(number))]);
    return `${counts.opened + counts.refused} handshakes, ${counts.refused} refused; ${counts.sent} messages, ${counts.limited} over the limit`;
  },

  async upload() {
    const counts = { refused: 0, cut: 0, bytes: 0 };
    const block = Buffer.alloc(64 * 1024, '4');
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]);
    // Some say how long it will be, and some leave it to the server to count.
    const upload = async (isSilent) => {
      const part = isSilent ? chunk : block;
      const length = isSilent ? 'transfer-encoding: chunked' : 'content-length: 1000000000';
      while (!isOver()) {
        const opened = await (await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`)).text();
        if (!opened.startsWith('0{')) { await sleep(100); continue; }
        const { sid } = JSON.parse(opened.slice(1));
        await new Promise((done) => {
          const socket = line(address(1), { opened: 0, closed: 0, answered: 0 });
          let left = 1e9;
          const more = () => {
            while (left > 0 && !socket.isGone && !isOver()) {
              left -= block.length;
              counts.bytes += block.length;
              if (!socket.write(part)) { socket.once('drain', more); return; }
            }
            if (isOver()) socket.destroy();
          };
          socket.once('connect', () => {
            socket.write(`POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\n${length}\r\n\r\n`);
            more();
          });
          socket.once('close', () => {
            if (/^HTTP\/1.1 413/.test(socket.text ?? '')) counts.refused += 1; else counts.cut += 1;
            done();
          });
        });
      }
    };
    setTimeout(ready, 1000);
    await Promise.all(Array.from({ length: 5 }, (_, number) => upload(number % 2 === 1)));
    return `${counts.refused} answered 413, ${counts.cut} cut, ${(counts.bytes / 1e6).toFixed(0)} MB sent`;
  },

  async drip() {
    const counts = { failed: 0 };
    const clients = Array.from({ length: 2000 }, (_, number) => new Light(port, { token: token({ sub: `drip ${number}` }), from: address(number) }));
    await Promise.all(clients.map((client) => client.connect().catch(() => { counts.failed += 1; })));
    // A text frame of 60,000 bytes, one at a time, behind a mask of zeros.
    const head = Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0, 0x34, 0x32]);
    ready();
    for (let sent = 0; !isOver(); sent += 1) {
      const byte = sent < head.length ? head.subarray(sent, sent + 1) : Buffer.from(' ');
      for (const [number, client] of clients.entries()) {
        if (client.isOpen) client.tcp.write(byte);
        if (number % (clients.length / 50) === 0) await sleep(20);
      }
    }
    const open = clients.filter(({ isOpen: stays }) => stays).length;
    return `${clients.length - counts.failed} got in, ${open} still there in the end`;
  },
};

const result = await attacks[name]();
console.log(`${result}${isWhole ? '' : '; **it did not reach its size**'}`);
process.exit(0);
