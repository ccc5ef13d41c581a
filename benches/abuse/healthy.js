// Clients that only want to chat: what they hear, what they miss and how long it takes.
import { sleep, until } from '../../tests/clients/lib/process.js';
import { token } from '../../tests/clients/lib/token.js';
import { Light, connectAll } from '../../tests/operations/lib/light.js';

/** So many rooms, so many in each, so many messages a second in all. They come from an address of their own. */
export const ROOMS = 5;
export const MEMBERS = 10;
export const RATE = 50;
const FROM = '127.0.0.2';

/** What is not there after so long is lost. */
const LATE_MS = 20_000;

const percentile = (values, share) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

export class Healthy {
  constructor(port) {
    this.round = 0;
    const onEvent = (_, bytes) => this.hear(bytes);
    this.clients = Array.from({ length: ROOMS * MEMBERS }, (_, number) => (
      new Light(port, { token: token({ sub: number, username: `user ${number}` }), from: FROM, onEvent })));
  }

  async start() {
    await connectAll(this.clients);
    for (const [number, client] of this.clients.entries()) {
      const joined = await client.ask('join_room', { room_id: `room ${number % ROOMS}` });
      if (!joined?.ok) throw new Error(`${number} cannot join: ${JSON.stringify(joined ?? client.closed)}`);
    }
  }

  hear(bytes) {
    const said = /^42\["receive_group_message".*"content":"round (\d+) at ([0-9.]+)"/.exec(bytes.toString());
    // What comes after its round was counted as lost there.
    if (said && Number(said[1]) === this.round) this.delays.push(performance.now() - Number(said[2]));
  }

  /** Chats for a while; what came of it. */
  async chat(seconds) {
    Object.assign(this, { round: this.round + 1, expected: 0, unanswered: 0, delays: [], acks: [] });
    const pending = [];
    const begun = performance.now();
    for (let number = 0; performance.now() - begun < seconds * 1000; number += 1) {
      pending.push(this.say(this.clients[number % this.clients.length], number % ROOMS));
      await sleep(Math.max(0, begun + ((number + 1) * 1000) / RATE - performance.now()));
    }
    await Promise.race([Promise.all(pending), sleep(LATE_MS)]);
    await until('all arrived', () => this.delays.length >= this.expected, LATE_MS).catch(() => {});
    return {
      expected: this.expected,
      lost: this.expected - this.delays.length,
      unanswered: pending.length - this.acks.length,
      p50: percentile(this.delays, 0.5),
      p99: percentile(this.delays, 0.99),
      ack: percentile(this.acks, 0.99),
    };
  }

  async say(client, room) {
    const at = performance.now();
    this.expected += MEMBERS - 1;
    const reply = await client.ask('send_group_message', { room_id: `room ${room}`, content: `round ${this.round} at ${at}` });
    if (reply?.ok) this.acks.push(performance.now() - at);
  }

  /** So many of them have no connection any more. */
  get cut() {
    return this.clients.filter(({ closed }) => closed).length;
  }
}
