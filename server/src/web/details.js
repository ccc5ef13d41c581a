// The people of the open room, at the other side.

import { avatarOf, paintAvatar } from "./avatar.js";
import { arrange, byId, element, oncePerFrame } from "./element.js";

// More people than this are counted and not listed.
const MOST = 500;
const ROLES = { owner: "Owner", moderator: "Moderator", admin: "Admin" };

export class Details {
  #rest;
  #people;
  #tell;
  #room = null;
  #members = [];
  #items = new Map();
  #asked = 0;
  draw = oncePerFrame(() => this.#draw());

  /** `tell` has `members(members, hasNew)`, `message(userId)` and `changed({count, online})`. */
  constructor(rest, people, tell) {
    this.#rest = rest;
    this.#people = people;
    this.#tell = tell;
  }

  open(room) {
    this.#room = room;
    this.#members = [];
    this.#items.clear();
    byId("members-loading").hidden = room === null;
    byId("add-people").hidden = room?.kind !== "private";
    byId("leave").hidden = !room || room.kind === "direct";
    this.draw();
    return this.refresh();
  }

  has(userId) {
    return this.#members.some((member) => member.user_id === userId);
  }

  async refresh() {
    const room = this.#room;
    if (!room) return;
    const asked = ++this.#asked;
    const members = await this.#rest.members(room.id, MOST);
    if (room !== this.#room || asked !== this.#asked) return;
    const isKnown = new Set(this.#members.map((member) => member.user_id));
    const hasNew = isKnown.size > 0 && members.some((member) => !isKnown.has(member.user_id));
    this.#members = members;
    for (const member of members) this.#people.learn(member.user_id, member.name);
    byId("members-loading").hidden = true;
    this.#tell.members(members, hasNew);
    this.draw();
  }

  #draw() {
    const isOnline = (member) => this.#people.isOnline(member.user_id);
    const byName = (one, other) => one.name.localeCompare(other.name);
    const online = this.#members.filter(isOnline).sort(byName);
    const offline = this.#members.filter((member) => !isOnline(member)).sort(byName);
    arrange(byId("online-list"), online.map((member) => this.#item(member, true)));
    arrange(byId("offline-list"), offline.map((member) => this.#item(member, false)));
    byId("online-title").hidden = online.length === 0;
    byId("online-title").textContent = `Online · ${online.length}`;
    byId("offline-title").textContent = `Offline · ${offline.length}`;
    byId("absent").hidden = offline.length === 0;
    const count = this.#members.length < MOST ? `${this.#members.length}` : `${MOST}+`;
    this.#tell.changed({ count, online: online.length });
  }

  #item(member, isOnline) {
    const { user_id: id, role } = member;
    const known = this.#items.get(id);
    const item = known ?? this.#make(member);
    this.#items.set(id, item);
    const row = item.firstElementChild;
    const name = this.#people.nameOf(id);
    const [avatar, label, note] = row.children;
    paintAvatar(avatar, id, name);
    avatar.classList.toggle("online", isOnline);
    label.textContent = name;
    note.textContent = this.#people.isMe(id) ? "You" : (ROLES[role] ?? "");
    if (row.matches("button")) row.title = `Write to ${name}`;
    return item;
  }

  /** Everybody else can be written to. */
  #make({ user_id: id, name }) {
    const isMe = this.#people.isMe(id);
    const row = element(isMe ? "div" : "button", "member");
    if (!isMe) {
      row.type = "button";
      row.addEventListener("click", () => this.#tell.message(id));
    }
    const label = element("span", "member-name");
    label.dir = "auto";
    row.append(avatarOf(id, name, "avatar small"), label, element("span", "member-note"));
    const item = element("li");
    item.append(row);
    return item;
  }
}
