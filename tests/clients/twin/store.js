// The twin's data: everything in memory, every change appended to one file before it is answered.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const isText = (value) => typeof value === 'string' && value !== '';

export class Store {
  constructor(directory) {
    mkdirSync(directory, { recursive: true });
    this.file = join(directory, 'twin.jsonl');
    this.users = new Map();
    this.handles = new Set();
    this.rooms = new Map();
    if (existsSync(this.file)) {
      for (const line of readFileSync(this.file, 'utf8').split('\n')) if (line) this.apply(JSON.parse(line));
    }
  }

  commit(change) {
    appendFileSync(this.file, `${JSON.stringify(change)}\n`);
    return this.apply(change);
  }

  apply({ user, room, message }) {
    if (user) {
      this.users.set(user.id, user);
      this.handles.add(user.handle);
      return user;
    }
    if (room) {
      this.rooms.set(room.id, { ...room, messages: [], once: new Map() });
      return room;
    }
    const { once, ...stored } = message;
    const home = this.rooms.get(stored.chatroom_id);
    home.messages.push(stored);
    if (once) home.once.set(once, stored);
    return stored;
  }

  createUser({ name, handle }) {
    if (!isText(name) || !isText(handle)) throw new Refused(422, 'name and handle are required');
    if (this.handles.has(handle)) throw new Refused(409, 'handle is taken');
    return this.commit({ user: { id: randomUUID(), name, handle } });
  }

  createRoom({ name, kind = 'public' }) {
    if (!isText(name)) throw new Refused(422, 'name is required');
    if (!['public', 'private', 'direct'].includes(kind)) throw new Refused(422, 'no such kind');
    return this.commit({ room: { id: randomUUID(), name } });
  }

  room(id) {
    const room = this.rooms.get(id);
    if (!room) throw new Refused(404, 'Chatroom not found');
    return room;
  }

  /** Answers `[message, created]`: a repeated `client_msg_id` gives the first message again. */
  post({ message_text, user_id, chatroom_id, client_msg_id, is_reply = false, parent_message_id = null }) {
    if (!isText(message_text)) throw new Refused(422, 'message_text is required');
    if (message_text.length > 16384) throw new Refused(413, 'message_text is too long');
    if (!this.users.has(user_id)) throw new Refused(404, 'User not found');
    const room = this.room(chatroom_id);
    if (is_reply && !room.messages.some(({ id }) => id === parent_message_id)) throw new Refused(404, 'Message not found');
    const once = client_msg_id && `${user_id} ${client_msg_id}`;
    const first = once && room.once.get(once);
    if (first && first.message_text !== message_text) throw new Refused(409, 'conflict');
    if (first) return [first, false];
    const now = new Date().toISOString();
    const message = {
      id: randomUUID(), message_text, user_id, chatroom_id, is_reply, parent_message_id,
      created_date: now, last_updated_date: now, seq: room.messages.length + 1, once,
    };
    return [this.commit({ message }), true];
  }

  history(id, { before = Infinity, after, limit = 50 }) {
    const all = this.room(id).messages;
    if (Number.isNaN(Number(limit))) throw new Refused(422, 'limit is not a number');
    const most = Math.min(Number(limit), 100);
    if (after !== undefined) return all.slice(Number(after), Number(after) + most);
    return all.filter((message) => message.seq < Number(before)).slice(-most);
  }
}
