// The messages of the open room: kept once each, in the order of `seq`, and drawn.
// Text from people reaches the page through `textContent` only.

const GROUP_MS = 5 * 60_000;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A stable colour and two letters for a person. */
export function paintAvatar(avatar, id, name) {
  let hue = 0;
  for (const char of id) hue = (hue * 31 + char.codePointAt(0)) % 360;
  avatar.style.setProperty("--hue", hue);
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  avatar.textContent = letters.map((word) => [...word][0] ?? "").join("").toUpperCase();
}

export class Timeline {
  #list;
  #people;
  #entries = []; // sorted by seq; {message, element, day}
  #pending = new Map(); // clientMsgId -> {text, element, retry once it failed}

  /** `people` answers `isMe(id)` and `nameOf(id)`. */
  constructor(list, people) {
    this.#list = list;
    this.#people = people;
  }

  get first() {
    return this.#entries[0]?.message.seq ?? 0;
  }

  get last() {
    return this.#entries.at(-1)?.message.seq ?? 0;
  }

  get isEmpty() {
    return this.#entries.length + this.#pending.size === 0;
  }

  clear() {
    this.#entries = [];
    this.#pending.clear();
    this.#list.replaceChildren();
  }

  /** Adds what is new, replaces what changed; true when `message` was not here before. */
  put(message) {
    // What was deleted keeps its number and has no words.
    if (message.message_text === "") return this.remove(message.id);
    let at = this.#entries.length;
    while (at > 0 && this.#entries[at - 1].message.seq >= message.seq) at--;
    const there = this.#entries[at];
    if (there?.message.seq === message.seq) {
      there.message = message;
      there.element.querySelector(".text").textContent = message.message_text;
      return false;
    }
    const entry = { message, element: this.#draw(message), day: null };
    this.#list.insertBefore(entry.element, there ? (there.day ?? there.element) : this.#firstPending());
    this.#entries.splice(at, 0, entry);
    this.#group(at);
    this.#group(at + 1);
    return true;
  }

  remove(id) {
    const at = this.#entries.findIndex((entry) => entry.message.id === id);
    if (at < 0) return false;
    const [{ element, day }] = this.#entries.splice(at, 1);
    element.remove();
    day?.remove();
    this.#group(at);
    return false;
  }

  /** Shows a message that is on its way. */
  pend(clientMsgId, text) {
    const drawn = this.#bubble(text, "");
    drawn.classList.add("mine", "pending", "first");
    this.#list.append(drawn);
    this.#pending.set(clientMsgId, { text, element: drawn });
  }

  /** The server has stored the message that was on its way. */
  settle(clientMsgId, message) {
    this.#pending.get(clientMsgId)?.element.remove();
    this.#pending.delete(clientMsgId);
    return this.put(message);
  }

  /** A message of one's own came over the socket before its REST answer: the waiting twin goes. */
  dropTwin(text) {
    for (const [id, pending] of this.#pending) {
      if (pending.text !== text) continue;
      pending.element.remove();
      this.#pending.delete(id);
      return;
    }
  }

  /** It did not arrive; `retry` sends it again. */
  fail(clientMsgId, reason, retry) {
    const pending = this.#pending.get(clientMsgId);
    if (!pending) return;
    const note = element("p", "not-sent", `Not sent. ${reason} `);
    const again = element("button", "quiet", "Try again");
    again.type = "button";
    note.append(again);
    pending.retry = () => {
      pending.retry = null;
      note.remove();
      pending.element.classList.replace("failed", "pending");
      retry();
    };
    again.addEventListener("click", pending.retry);
    pending.element.classList.replace("pending", "failed");
    pending.element.append(note);
  }

  /** Sends again what did not arrive. */
  retryFailed() {
    for (const pending of this.#pending.values()) pending.retry?.();
  }

  /** A name became known. */
  rename(id, name) {
    for (const { message, element: drawn } of this.#entries) {
      if (message.user_id === id) this.#sign(drawn, id, name);
    }
  }

  #firstPending() {
    return this.#pending.values().next().value?.element ?? null;
  }

  #bubble(text, time) {
    const drawn = element("div", "message");
    const bubble = element("div", "bubble");
    const body = element("span", "text", text);
    body.dir = "auto";
    bubble.append(body, time || element("time", "", "sending"));
    drawn.append(bubble);
    return drawn;
  }

  #draw(message) {
    const sent = new Date(message.created_date);
    const time = element("time", "", clock.format(sent));
    time.dateTime = message.created_date;
    time.title = sent.toLocaleString();
    const drawn = this.#bubble(message.message_text, time);
    drawn.dataset.seq = message.seq;
    drawn.classList.toggle("mine", this.#people.isMe(message.user_id));
    const avatar = element("span", "avatar");
    avatar.setAttribute("aria-hidden", "true");
    const author = element("div", "author");
    author.dir = "auto";
    drawn.prepend(author, avatar);
    this.#sign(drawn, message.user_id, this.#people.nameOf(message.user_id));
    return drawn;
  }

  #sign(drawn, id, name) {
    drawn.querySelector(".author").textContent = name;
    paintAvatar(drawn.querySelector(".avatar"), id, name);
  }

  /** Decides whether the entry starts a day, and whether it starts a run of messages of one author. */
  #group(at) {
    const entry = this.#entries[at];
    if (!entry) return;
    const before = this.#entries[at - 1]?.message;
    const sent = new Date(entry.message.created_date);
    const earlier = before && new Date(before.created_date);
    const newDay = !before || earlier.toDateString() !== sent.toDateString();
    entry.day?.remove();
    entry.day = newDay ? element("div", "day", calendar.format(sent)) : null;
    if (entry.day) entry.element.before(entry.day);
    const newRun = newDay || before.user_id !== entry.message.user_id || sent - earlier > GROUP_MS;
    entry.element.classList.toggle("first", newRun);
    // Within a run the name is not repeated to the eye; a screen reader still hears who speaks.
    entry.element.querySelector(".author").classList.toggle("unseen", !newRun);
  }
}
