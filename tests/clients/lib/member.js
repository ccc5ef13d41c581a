// A member that joins a room in mid-stream with a stock client, and reads what was before over REST.
import assert from 'node:assert/strict';
import { assertGapless, history } from './rest.js';
import { ask, connected, open } from './stock.js';

export class Member {
  constructor(client, transports) {
    Object.assign(this, { client, transports, live: [] });
  }

  /** Joins and then reads the history: what is live from the join on, and what was stored, overlap or meet. */
  async join(server, room, user) {
    this.socket = open(this.client, server.url, this.transports, { timeout: 120_000 });
    this.socket.on('new_message', (message) => this.live.push(message));
    this.socket.on('disconnect', (reason) => { this.lost = reason; });
    await connected(this.socket, 120_000);
    const reply = await ask(this.socket, 'join', { user_id: user.id, chatroom_id: room.id });
    assert.equal(reply.ok, true, JSON.stringify(reply));
    this.before = await history(server, room);
  }

  /** The `seq` heard last, or read last while nothing was heard. */
  get last() {
    return Math.max(this.live.at(-1)?.seq ?? 0, this.before?.at(-1)?.seq ?? 0);
  }

  /** History, then live: `seq` 1 to `total` without gap, repeat or disorder. */
  assertWhole(total) {
    assert.equal(this.lost, undefined, `disconnected: ${this.lost}`);
    assertGapless(this.before);
    if (this.live.length) {
      assertGapless(this.live, this.live[0].seq);
      assert.ok(this.live[0].seq <= this.before.length + 1, `${this.before.length} in the history, then ${this.live[0].seq}`);
    }
    const read = this.before.length;
    const whole = [...this.before, ...this.live.filter(({ seq }) => seq > read)];
    assertGapless(whole);
    assert.equal(whole.length, total);
    for (const message of this.live) {
      if (message.seq <= read) assert.deepEqual(message, this.before[message.seq - 1], 'live and history agree');
    }
  }
}
