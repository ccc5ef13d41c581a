// Where one is: the rooms that are heard, the one that is open, and the ways from one to another.

import { askRoom, confirmed } from "./dialogs.js";
import { byId } from "./element.js";
import { pickPerson } from "./picker.js";

// A room that is not heard is still counted when the list is asked for.
const MOST_HEARD = 200;
const SOON_MS = 100;

const body = document.body;
const isPhone = () => matchMedia("(max-width: 720px)").matches;
// As much of a name as a narrow field shows.
const shorten = (name) => (name.length > 24 ? `${name.slice(0, 22).trimEnd()}…` : name);
const named = () => new URLSearchParams(location.hash.slice(1)).get("room");

export class Place {
  #parts;
  #joined = new Map(); // room id -> the joining, which may be under way
  #arrivals = 0;
  #soon = 0;
  #counts = null;

  constructor(parts) {
    this.#parts = parts;
    addEventListener("popstate", () => this.#follow());
    const on = (id, act) => byId(id).addEventListener("click", () => this.#try(act));
    on("new-room", () => this.#makeRoom());
    on("new-room-first", () => this.#makeRoom());
    on("new-direct", () => this.#pickPartner());
    on("add-people", () => this.#addPeople());
    on("leave", () => this.#leave());
    on("back", () => (history.pushState(null, "", location.pathname), this.#follow()));
  }

  /** Connected and known: hears one's rooms, shows what the address names, catches up. */
  async arrive() {
    const { people, rooms, openRoom, details, status } = this.#parts;
    const arrival = ++this.#arrivals;
    this.#joined.clear();
    people.forgetPresence();
    status.notice();
    try {
      const current = openRoom.current;
      if (current) await this.join(current.id);
      await rooms.refresh();
      await this.#joinOwn();
      if (arrival !== this.#arrivals) return;
      if (!current) return this.#follow();
      await openRoom.refresh();
      await details.refresh();
    } catch (problem) {
      if (arrival === this.#arrivals) this.#report(problem);
    }
  }

  lost() {
    this.#joined.clear();
  }

  /** Hears a room, once per connection: who asks again waits for the same answer. */
  async join(id) {
    if (this.#parts.socket.state !== "connected") return;
    const joining = this.#joined.get(id) ?? this.#ask(id);
    this.#joined.set(id, joining);
    try {
      await joining;
    } catch (problem) {
      if (this.#joined.get(id) === joining) this.#joined.delete(id);
      throw problem;
    }
  }

  async #ask(id) {
    const { socket, rooms } = this.#parts;
    const answer = await socket.request("chat:join", { chatId: id });
    if (!answer.ok) throw Object.assign(new Error(answer.error.message), answer.error);
    rooms.entered(id, answer.seq);
  }

  /** Who joined after us is online without having come: joining again tells who is. */
  lookAround() {
    this.#parts.socket.tell("chat:join", { chatId: this.#parts.openRoom.current?.id });
  }

  async #joinOwn() {
    const { rooms, direct } = this.#parts.rooms.sections;
    const own = [...direct, ...rooms].slice(0, MOST_HEARD);
    // One of them may have gone meanwhile; the others are not worse for it.
    await Promise.allSettled(own.map(({ id }) => this.join(id)));
  }

  async refresh() {
    const { rooms, details, socket, session } = this.#parts;
    if (document.hidden || socket.state !== "connected" || !session.me) return;
    await this.#try(async () => {
      await rooms.refresh();
      await this.#joinOwn();
      await details.refresh();
    });
  }

  refreshSoon() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.refresh(), SOON_MS);
  }

  /** Shows a room. */
  async go(room) {
    const { rooms, side, openRoom, details, drawer, composer, status, entered } = this.#parts;
    body.dataset.view = "room";
    if (named() !== room.id) history.pushState(null, "", `#${new URLSearchParams({ room: room.id })}`);
    drawer.uncover();
    side.setCurrent(room.id);
    status.notice();
    this.#counts = null;
    composer.moveTo(room.id, `Message ${room.kind === "direct" ? "" : "#"}${shorten(rooms.title(room))}`);
    const opening = openRoom.open(room, room.unread);
    entered();
    this.title();
    if (isPhone()) byId("room-name").focus();
    else composer.focus();
    await opening;
    await this.#try(() => details.open(room));
  }

  async writeTo(userId) {
    await this.#try(async () => {
      const room = await this.#parts.rest.openDirect(userId);
      await this.go(this.#parts.rooms.add(room, userId));
    });
  }

  /** The heads of page and window. */
  title() {
    const { rooms, openRoom, people, drawer } = this.#parts;
    const current = openRoom.current && rooms.find(openRoom.current.id);
    const name = current ? rooms.title(current) : "";
    // Somebody took us out of it, or it is gone: so are its people.
    if (!current) drawer.uncover();
    byId("room-name").textContent = name || "No room";
    byId("room-name").hidden = !current;
    byId("room-note").textContent = current ? this.#note(current, people) : "";
    byId("toggle-details").hidden = !current;
    body.dataset.room = current ? "open" : "none";
    byId("begin-name").textContent = name;
    const unread = rooms.unread ? `(${rooms.unread}) ` : "";
    document.title = current ? `${unread}${name} · Roomcast` : `${unread}Roomcast`;
  }

  describe(counts) {
    this.#counts = counts;
    this.title();
  }

  #note(room, people) {
    if (room.kind === "direct") return people.isOnline(room.partnerId) ? "Online" : "Offline";
    const kind = room.kind === "private" ? "Private" : "Public";
    if (!this.#counts || this.#counts.count === "0") return kind;
    const { count, online } = this.#counts;
    return `${kind} · ${count} ${count === "1" ? "member" : "members"} · ${online} online`;
  }

  find() {
    this.#parts.drawer.uncover();
    body.dataset.view = "rooms";
    this.#parts.side.find();
  }

  /** Shows what the address names: a room, or on a phone the list of rooms. */
  #follow() {
    const { rooms, openRoom, drawer } = this.#parts;
    drawer.uncover();
    const room = rooms.find(named());
    if (room && room.id === openRoom.current?.id) body.dataset.view = "room";
    else if (room) return this.go(room);
    else {
      body.dataset.view = "rooms";
      if (isPhone()) document.querySelector("#room-lists [aria-current]")?.focus();
    }
  }

  async #makeRoom() {
    const { rest, rooms } = this.#parts;
    const room = await askRoom((name, kind) => rest.createRoom(name, kind));
    if (room) await this.go(rooms.add(room));
  }

  async #pickPartner() {
    const { rest, people } = this.#parts;
    const user = await pickPerson({ rest, title: "Write to", but: (id) => people.isMe(id) });
    if (user) await this.writeTo(user.id);
  }

  async #addPeople() {
    const { rest, openRoom, details } = this.#parts;
    const room = openRoom.current;
    const user = await pickPerson({ rest, title: "Add to this room", but: (id) => details.has(id) });
    if (!user) return;
    await rest.addMember(room.id, user.id);
    await details.refresh();
  }

  async #leave() {
    const { rest, session, rooms, openRoom, socket, side, composer, details, drawer } = this.#parts;
    const room = openRoom.current;
    const question = { title: `Leave ${rooms.title(room)}?`, detail: "You will not hear from it any more.", action: "Leave" };
    if (!(await confirmed(question))) return;
    await rest.removeMember(room.id, session.me.id);
    socket.tell("chat:leave", { chatId: room.id });
    this.#joined.delete(room.id);
    drawer.uncover();
    openRoom.close();
    details.open(null);
    composer.moveTo(null);
    side.setCurrent(null);
    history.pushState(null, "", location.pathname);
    body.dataset.view = "rooms";
    await rooms.refresh();
  }

  async #try(act) {
    try {
      await act();
    } catch (problem) {
      this.#report(problem);
    }
  }

  #report(problem) {
    // While reconnecting the state at the top says enough; anything else wants a sentence.
    if (this.#parts.socket.state === "connected") this.#parts.status.problem(problem);
  }
}
