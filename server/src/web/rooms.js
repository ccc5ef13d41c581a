// The rooms one can see: which are one's own, what is unread in each, and who the other one of two is.

export class Rooms {
  #rest;
  #people;
  #changed;
  #rooms = new Map(); // id -> {id, name, kind, mine, partnerId, lastSeq, lastAt, readSeq, unread}
  #partners = new Map(); // id of a direct room -> user id
  #clock = 0;
  #entered = new Map(); // id -> when one last made or entered it

  /** `changed()` is called after every change. */
  constructor(rest, people, changed) {
    this.#rest = rest;
    this.#people = people;
    this.#changed = changed;
  }

  get size() {
    return this.#rooms.size;
  }

  get unread() {
    let sum = 0;
    for (const room of this.#rooms.values()) sum += room.unread;
    return sum;
  }

  find(id) {
    return this.#rooms.get(id);
  }

  /** One's rooms and one's conversations, and what else one could enter. */
  get sections() {
    const all = [...this.#rooms.values()];
    const byName = (one, other) => this.title(one).localeCompare(this.title(other));
    const newestFirst = (one, other) => (other.lastAt ?? "").localeCompare(one.lastAt ?? "") || byName(one, other);
    return {
      rooms: all.filter((room) => room.mine && room.kind !== "direct").sort(byName),
      direct: all.filter((room) => room.kind === "direct").sort(newestFirst),
      others: all.filter((room) => !room.mine && room.kind !== "direct").sort(byName),
    };
  }

  /** A direct room is called after the other one. */
  title(room) {
    if (room.kind !== "direct") return room.name;
    if (!room.partnerId) return "Conversation";
    return this.#people.isMe(room.partnerId) ? "Notes to yourself" : this.#people.nameOf(room.partnerId);
  }

  /** Asks the server for the whole list. */
  async refresh() {
    const asked = this.#clock++;
    const [all, own] = await Promise.all([this.#rest.rooms(), this.#rest.myRooms()]);
    // What was made or entered since then may not be in the answer.
    const isOlder = (id) => (this.#entered.get(id) ?? 0) <= asked;
    const seen = new Set();
    for (const room of [...all, ...own]) {
      this.#keep(room);
      seen.add(room.id);
    }
    const mine = new Set(own.map(({ id }) => id));
    for (const room of this.#rooms.values()) if (mine.has(room.id) || isOlder(room.id)) room.mine = mine.has(room.id);
    for (const summary of own) this.#count(this.#rooms.get(summary.id), summary);
    for (const id of this.#rooms.keys()) if (!seen.has(id) && isOlder(id)) this.#rooms.delete(id);
    await this.#nameConversations();
    this.#changed();
  }

  /** A room that was just made or entered. */
  add(room, partnerId) {
    if (partnerId) this.#partners.set(room.id, partnerId);
    this.#keep(room).mine = true;
    this.#entered.set(room.id, this.#clock);
    this.#changed();
    return this.find(room.id);
  }

  remove(id) {
    this.#rooms.delete(id);
    this.#changed();
  }

  /** One entered it; it has so many messages. */
  entered(id, seq) {
    const room = this.#rooms.get(id);
    if (!room) return;
    room.mine = true;
    this.#entered.set(id, this.#clock);
    room.lastSeq = Math.max(room.lastSeq, seq ?? 0);
    this.#changed();
  }

  /** A message arrived. */
  saw({ roomId, seq, at, userId }) {
    const room = this.#rooms.get(roomId);
    if (!room || seq <= room.lastSeq) return;
    room.lastSeq = seq;
    room.lastAt = at;
    if (!this.#people.isMe(userId)) room.unread += 1;
    this.#changed();
  }

  markRead(id, seq) {
    const room = this.#rooms.get(id);
    if (!room || seq <= room.readSeq) return;
    room.readSeq = seq;
    room.unread = Math.min(room.unread, Math.max(0, room.lastSeq - seq));
    this.#changed();
  }

  #keep({ id, name, kind }) {
    const known = this.#rooms.get(id);
    const room = known ?? { id, mine: false, lastSeq: 0, lastAt: null, readSeq: 0, unread: 0 };
    Object.assign(room, { name, kind, partnerId: this.#partners.get(id) ?? null });
    this.#rooms.set(id, room);
    return room;
  }

  /** The server counts what others wrote since the mark it knows; the mark of this page may be further. */
  #count(room, { last_message: last, unread_count: unread }) {
    const seq = last?.seq ?? 0;
    // What came over the socket meanwhile is counted already.
    if (seq < room.lastSeq) return;
    room.lastSeq = seq;
    room.lastAt = last?.created_date ?? null;
    room.unread = Math.min(unread, Math.max(0, seq - room.readSeq));
  }

  async #nameConversations() {
    const unnamed = [...this.#rooms.values()].filter((room) => room.kind === "direct" && !room.partnerId);
    await Promise.all(
      unnamed.map(async (room) => {
        const members = await this.#rest.members(room.id, 2);
        for (const member of members) this.#people.learn(member.user_id, member.name);
        const other = members.find((member) => !this.#people.isMe(member.user_id)) ?? members[0];
        if (!other) return;
        this.#partners.set(room.id, other.user_id);
        room.partnerId = other.user_id;
      }),
    );
  }
}
