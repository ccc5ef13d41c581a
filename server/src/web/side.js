// The list of rooms at the side.

import { paintAvatar } from "./avatar.js";
import { arrange, byId, element, icon, oncePerFrame } from "./element.js";

// Nobody scrolls through more rooms than this; what is looked for is found by its name.
const MOST_OTHERS = 100;

export class Side {
  #rooms;
  #people;
  #open;
  #current = null;
  #reveals = false;
  #items = new Map(); // room id -> element
  #filter = byId("find");
  draw = oncePerFrame(() => this.#draw());

  /** `open(room)` is called when somebody picks one. */
  constructor(rooms, people, open) {
    this.#rooms = rooms;
    this.#people = people;
    this.#open = open;
    this.#filter.addEventListener("input", this.draw);
    this.#filter.addEventListener("keydown", (event) => this.#onKey(event));
  }

  setCurrent(id) {
    this.#current = id;
    this.#reveals = true;
    this.draw();
  }

  find() {
    this.#filter.focus();
    this.#filter.select();
  }

  /** The room so many places further down; `unread` looks only at those with something new. */
  step(places, unread = false) {
    const links = [...document.querySelectorAll("#room-lists .room-link")];
    const rooms = links.map((link) => this.#rooms.find(link.dataset.room)).filter(Boolean);
    const here = rooms.findIndex((room) => room.id === this.#current);
    for (let step = 1; step <= rooms.length; step++) {
      const at = here < 0 && places < 0 ? -step : here + step * places;
      const room = rooms[((at % rooms.length) + rooms.length) % rooms.length];
      if (!unread || room.unread > 0) return this.#open(room);
    }
  }

  #onKey(event) {
    // Fast fingers are here before the frame that shows what fits.
    if (["Enter", "ArrowDown"].includes(event.key)) this.#draw();
    const first = document.querySelector("#room-lists .room-link");
    if (event.key === "Enter" && first) first.click();
    else if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "ArrowDown") return;
    this.#filter.value = "";
    this.draw();
  }

  #draw() {
    const wanted = this.#filter.value.trim().toLocaleLowerCase();
    const fits = (room) => this.#rooms.title(room).toLocaleLowerCase().includes(wanted);
    const sections = this.#rooms.sections;
    let shown = 0;
    for (const [name, rooms] of Object.entries(sections)) {
      const fitting = rooms.filter(fits).slice(0, name === "others" ? MOST_OTHERS : undefined);
      arrange(byId(`${name}-list`), fitting.map((room) => this.#item(room)));
      shown += fitting.length;
    }
    const more = sections.others.filter(fits).length - MOST_OTHERS;
    byId("more-others").hidden = more <= 0;
    byId("more-others").textContent = `And ${more} more. Find them by name.`;
    byId("others").hidden = byId("others-list").childElementCount === 0;
    byId("no-direct").hidden = sections.direct.length > 0 || wanted !== "";
    byId("no-rooms").hidden = sections.rooms.length > 0 || wanted !== "";
    byId("no-rooms").textContent = sections.others.length ? "None yet. Enter one below, or make one." : "None yet. Make the first one.";
    byId("no-match").hidden = shown > 0 || wanted === "";
    byId("rooms-loading").hidden = true;
    this.#reveal();
    for (const id of this.#items.keys()) if (!this.#rooms.find(id)) this.#items.delete(id);
  }

  /** The open room is to be seen in the list, also when it has moved to another part of it. */
  #reveal() {
    const item = this.#items.get(this.#current);
    if (!this.#reveals || !item?.isConnected) return;
    this.#reveals = !this.#rooms.find(this.#current).mine;
    item.scrollIntoView({ block: "nearest" });
  }

  #item(room) {
    const item = this.#items.get(room.id) ?? this.#make(room.id);
    this.#items.set(room.id, item);
    const link = item.firstElementChild;
    const [sign, label, presence, badge] = link.children;
    this.#sign(sign, room);
    const title = this.#rooms.title(room);
    if (label.textContent !== title) link.title = label.textContent = title;
    presence.textContent = room.kind === "direct" && this.#people.isOnline(room.partnerId) ? ", online" : "";
    const count = room.unread > 99 ? "99+" : String(room.unread);
    badge.hidden = room.unread === 0;
    badge.firstElementChild.textContent = count;
    link.classList.toggle("unread", room.unread > 0);
    if (room.id === this.#current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    return item;
  }

  /** A lock, a hash, or for a conversation the other one's picture. */
  #sign(sign, room) {
    if (room.kind === "direct") {
      sign.className = "avatar small";
      sign.classList.toggle("online", this.#people.isOnline(room.partnerId));
      paintAvatar(sign, room.partnerId ?? room.id, this.#rooms.title(room));
    } else if (!sign.hasChildNodes()) {
      sign.className = "sign";
      sign.append(room.kind === "private" ? icon("lock") : "#");
    }
  }

  #make(id) {
    const link = element("button", "room-link");
    link.type = "button";
    link.dataset.room = id;
    const sign = element("span");
    sign.setAttribute("aria-hidden", "true");
    const label = element("span", "room-label");
    label.dir = "auto";
    const badge = element("span", "badge");
    badge.append(element("span"), element("span", "unseen", " unread messages"));
    link.append(sign, label, element("span", "unseen"), badge);
    link.addEventListener("click", () => {
      this.#filter.value = "";
      const room = this.#rooms.find(id);
      if (room) this.#open(room);
    });
    const item = element("li");
    item.append(link);
    return item;
  }
}
