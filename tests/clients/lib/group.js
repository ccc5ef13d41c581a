// Concurrent `messenger` clients that write to groups, with a log of what was acknowledged to each.
import assert from 'node:assert/strict';
import { CLIENTS, ask, connected, open } from './stock.js';
import { token } from './token.js';

/** Messages of one client that are on their way at once. */
const IN_FLIGHT = 8;

export class Group {
  /** `users` are ids of theirs, `rooms` are made by joining. */
  constructor(users, rooms, total) {
    Object.assign(this, { users, rooms, total, begun: 0, acknowledged: [], unanswered: [], repeated: 0 });
  }

  /** New clients for the same users, each in all rooms. */
  async connect(server) {
    this.sockets = await Promise.all(this.users.map(async (user, number) => {
      const auth = { token: token({ sub: user, username: `writer ${user}` }) };
      const socket = await connected(open(CLIENTS[number % CLIENTS.length], server.url, ['websocket'], { auth }), 30_000);
      socket.gone = new Promise((done) => socket.on('disconnect', done));
      for (const room of this.rooms) {
        const reply = await ask(socket, 'join_room', { room_id: room.id });
        assert.equal(reply.ok, true, JSON.stringify(reply));
      }
      return socket;
    }));
  }

  close() {
    for (const socket of this.sockets) socket.close();
  }

  /** All clients write until all is sent or the server is gone. */
  async write() {
    const lanes = this.sockets.flatMap((socket, number) => Array.from({ length: IN_FLIGHT }, () => this.lane(socket, this.users[number])));
    await Promise.all(lanes);
  }

  async lane(socket, user) {
    while (this.begun < this.total) {
      const number = this.begun;
      this.begun += 1;
      const room_id = this.rooms[number % this.rooms.length].id;
      const message = { room_id, content: `${room_id} number ${number}`, client_msg_id: `message-${number}` };
      if (!(await this.send(socket, user, message))) return;
    }
  }

  /** Logs the message as acknowledged or unanswered; false when the server is gone. */
  async send(socket, user, message) {
    const lost = socket.gone.then(() => undefined);
    const reply = await Promise.race([ask(socket, 'send_group_message', message).catch(() => undefined), lost]);
    if (reply === undefined) {
      this.unanswered.push({ user, message });
      return false;
    }
    assert.equal(reply.ok, true, JSON.stringify(reply));
    const { id, seq } = reply;
    this.acknowledged.push({ id, seq, chatroom_id: message.room_id, message_text: message.content, user_id: String(user) });
    this.onAcknowledged?.(this.acknowledged.length);
    return true;
  }

  /** Everybody sends again what got no answer: stored or not, it must be there once. */
  async repeat() {
    const again = this.unanswered.splice(0);
    this.repeated = again.length;
    for (const { user, message } of again) {
      assert.ok(await this.send(this.sockets[this.users.indexOf(user)], user, message), 'the server is gone again');
    }
  }
}
