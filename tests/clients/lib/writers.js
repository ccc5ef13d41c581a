// Concurrent writers over REST, with a log of what was acknowledged to each.
import { call } from './rest.js';

/** The rooms are shared so that writers meet in each of them. */
export class Writers {
  constructor(users, rooms, total) {
    Object.assign(this, { users, rooms, total, begun: 0, acknowledged: [], unanswered: [] });
  }

  /** Writes on all connections at once until all is posted or the server is gone. */
  async write(server) {
    await Promise.all(this.users.map((user) => this.writer(server, user)));
  }

  async writer(server, user) {
    while (this.begun < this.total) {
      const number = this.begun;
      this.begun += 1;
      const message = {
        message_text: `number ${number}`,
        user_id: user.id,
        chatroom_id: this.rooms[number % this.rooms.length].id,
        is_reply: false,
        client_msg_id: `message-${number}`,
      };
      if (!(await this.send(server, message))) return;
    }
  }

  /** Logs the message as acknowledged or unanswered; false when the server is gone. */
  async send(server, message) {
    let answer;
    try {
      answer = await call(server, 'POST', '/messages/', message);
    } catch {
      this.unanswered.push(message);
      return false;
    }
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    this.acknowledged.push({ ...message, id: answer.body.id, seq: answer.body.seq });
    this.onAcknowledged?.(this.acknowledged.length);
    return true;
  }

  /** Sends again what got no answer: stored or not, it must be there once. */
  async repeat(server) {
    for (const message of this.unanswered.splice(0)) await this.send(server, message);
  }
}
