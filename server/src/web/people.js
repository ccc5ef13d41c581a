// Who is who and who is there: names of people, asked from the server once each, and whether they are online.

export class People {
  #rest;
  #me = null;
  #past = new Set();
  #names = new Map();
  #asking = new Set();
  #online = new Set();
  #changed;

  /** `changed(id)` is called when a name or a presence became known, and with null when all presence is forgotten. */
  constructor(rest, changed) {
    this.#rest = rest;
    this.#changed = changed;
  }

  /** `pastIds` are users this tab has been before: their messages are one's own too. */
  setMe(me, pastIds) {
    this.#me = me.id;
    this.#past = new Set(pastIds);
    this.#names.set(me.id, me.name);
  }

  isMe(id) {
    return id === this.#me || this.#past.has(id);
  }

  /** A name that came with something else. */
  learn(id, name) {
    if (!name || this.#names.get(id) === name) return;
    this.#names.set(id, name);
    this.#changed(id);
  }

  nameOf(id) {
    const name = this.#names.get(id);
    if (name === undefined) this.#ask(id);
    return name ?? `User ${id.slice(0, 8)}`;
  }

  isOnline(id) {
    return this.#online.has(id) || id === this.#me;
  }

  setOnline(id, isOnline) {
    if (this.#online.has(id) === isOnline) return;
    if (isOnline) this.#online.add(id);
    else this.#online.delete(id);
    this.#changed(id);
  }

  /** Without a connection nobody tells who comes and goes. */
  forgetPresence() {
    this.#online.clear();
    this.#changed(null);
  }

  async #ask(id) {
    if (this.#asking.has(id)) return;
    this.#asking.add(id);
    try {
      const user = await this.#rest.user(id);
      this.learn(id, user.name || user.handle || id);
    } catch {
      // The short id stays; asked again with the next message.
      this.#asking.delete(id);
    }
  }
}
