// Who is who: the names of authors, asked from the server once each.

export class People {
  #rest;
  #me = () => null;
  #past = new Set();
  #names = new Map();
  #asking = new Set();
  #known;

  /** `known(id, name)` is called when a name arrives later than its first use. */
  constructor(rest, known) {
    this.#rest = rest;
    this.#known = known;
  }

  /** `pastIds` are users this tab has been before: their messages are one's own too. */
  setMe(me, pastIds) {
    this.#me = () => me.id;
    this.#past = new Set(pastIds);
    this.#names.set(me.id, me.name);
  }

  isMe(id) {
    return id === this.#me() || this.#past.has(id);
  }

  nameOf(id) {
    const name = this.#names.get(id);
    if (name === undefined) this.#ask(id);
    return name ?? `User ${id.slice(0, 8)}`;
  }

  async #ask(id) {
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    try {
      const user = await this.#rest.user(id);
      const name = user.name || user.handle || id;
      this.#names.set(id, name);
      this.#known(id, name);
    } catch {
      // The short id stays; asked again with the next message.
      this.#asking.delete(id);
    }
  }
}
