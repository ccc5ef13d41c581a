// The list of rooms at the side, with what is unread in each.

const READ_KEY = "roomcast.read.";

export class Rooms {
  #list;
  #open;
  #rooms = new Map(); // id -> {id, name, kind, lastSeq}
  #read = {}; // room id -> seq up to which this person has read
  #readKey = "";
  #current = null;

  /** `open(room)` is called when somebody picks one. */
  constructor(list, open) {
    this.#list = list;
    this.#open = open;
  }

  /** Read marks belong to a person. */
  readAs(userId) {
    this.#readKey = READ_KEY + userId;
    try {
      this.#read = JSON.parse(localStorage.getItem(this.#readKey)) ?? {};
    } catch {
      this.#read = {};
    }
    this.#draw();
  }

  get size() {
    return this.#rooms.size;
  }

  get unread() {
    let sum = 0;
    for (const room of this.#rooms.values()) sum += this.#unreadIn(room);
    return sum;
  }

  find(id) {
    return this.#rooms.get(id);
  }

  /** Takes the server's whole list. */
  update(rooms) {
    const before = this.#rooms;
    this.#rooms = new Map();
    for (const room of rooms) this.#keep(room, before.get(room.id));
    this.#draw();
  }

  /** A room that was just made. */
  add(room) {
    this.#keep(room, this.#rooms.get(room.id));
    this.#draw();
  }

  #keep({ id, name, kind }, known) {
    this.#rooms.set(id, { id, name, kind, lastSeq: known?.lastSeq ?? 0 });
  }

  setCurrent(id) {
    this.#current = id;
    this.#draw();
  }

  /** A message with this number exists in the room. */
  saw(id, seq) {
    const room = this.#rooms.get(id);
    if (!room || seq <= room.lastSeq) return;
    room.lastSeq = seq;
    this.#draw();
  }

  markRead(id, seq) {
    if ((this.#read[id] ?? -1) >= seq) return;
    this.#read[id] = seq;
    try {
      localStorage.setItem(this.#readKey, JSON.stringify(this.#read));
    } catch {
      // Without storage the marks live as long as the tab.
    }
    this.#draw();
  }

  /** Rooms never opened by this person have no number: everything in them would be "unread". */
  #unreadIn(room) {
    const read = this.#read[room.id];
    return read === undefined ? 0 : Math.max(0, room.lastSeq - read);
  }

  #draw() {
    const focused = document.activeElement?.dataset?.room;
    const sorted = [...this.#rooms.values()].sort((a, b) => a.name.localeCompare(b.name));
    this.#list.replaceChildren(...sorted.map((room) => this.#item(room)));
    if (focused) this.#list.querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
  }

  #item(room) {
    const link = document.createElement("button");
    link.type = "button";
    link.className = "room-link";
    link.dataset.room = room.id;
    const label = document.createElement("span");
    label.className = "room-label";
    label.dir = "auto";
    label.textContent = room.name;
    link.append(label);
    const unread = this.#unreadIn(room);
    if (room.id === this.#current) link.setAttribute("aria-current", "true");
    if (unread > 0) {
      link.classList.add("unread");
      const badge = document.createElement("span");
      badge.className = "badge";
      badge.textContent = unread > 99 ? "99+" : unread;
      const words = document.createElement("span");
      words.className = "unseen";
      words.textContent = " unread messages";
      badge.append(words);
      link.append(badge);
    }
    link.addEventListener("click", () => this.#open(this.#rooms.get(room.id)));
    const item = document.createElement("li");
    item.append(link);
    return item;
  }
}
