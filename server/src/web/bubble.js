// One message as an element.

import { paintAvatar } from "./avatar.js";
import { button, element, icon } from "./element.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** `actions` has `edit(message)` and `remove(message)`; only one's own messages get the buttons. */
export class Bubble {
  message;
  drawn = element("div", "message");
  #author = element("div", "author");
  #avatar = element("span", "avatar");
  #text = element("span", "text");
  #meta = element("span", "meta");
  #line = element("div", "line");
  #people;
  #actions;

  constructor(message, people, actions) {
    this.#people = people;
    this.#actions = actions;
    this.drawn.setAttribute("role", "article");
    this.drawn.tabIndex = -1;
    this.drawn.dataset.seq = message.seq;
    this.#author.dir = "auto";
    this.#avatar.setAttribute("aria-hidden", "true");
    const bubble = element("div", "bubble");
    bubble.append(this.#text, this.#meta);
    this.#line.append(bubble);
    this.drawn.append(this.#author, this.#avatar, this.#line);
    this.update(message);
  }

  update(message) {
    if (this.message && isOlder(message, this.message)) return;
    this.message = message;
    const isMine = this.#people.isMe(message.userId);
    this.drawn.classList.toggle("mine", isMine);
    this.drawn.classList.toggle("deleted", message.deleted);
    this.#text.textContent = message.deleted ? "This message was deleted." : message.text;
    this.#meta.replaceChildren(...this.#metaOf(message));
    this.#offerTools(isMine && !message.deleted);
    this.sign();
  }

  /** Writes who said it, as far as that is known. */
  sign() {
    const { userId } = this.message;
    const name = this.#people.nameOf(userId);
    this.#author.textContent = this.#people.isMe(userId) ? "You" : name;
    paintAvatar(this.#avatar, userId, name);
  }

  /** Within a run the name is not repeated to the eye; a screen reader still hears who speaks. */
  startsRun(starts) {
    this.drawn.classList.toggle("first", starts);
    this.#author.classList.toggle("unseen", !starts);
  }

  #metaOf({ at, edited, deleted }) {
    const sent = new Date(at);
    const time = element("time", "", clock.format(sent));
    time.dateTime = at;
    time.title = sent.toLocaleString();
    return edited && !deleted ? [element("span", "edited", "edited"), time] : [time];
  }

  #offerTools(offered) {
    const there = this.#line.querySelector(".tools");
    if (!offered) return there?.remove();
    if (there) return;
    const tools = element("div", "tools");
    const edit = button("quiet", "Edit message", icon("edit"));
    const remove = button("quiet", "Delete message", icon("delete"));
    edit.tabIndex = remove.tabIndex = this.drawn.contains(document.activeElement) ? 0 : -1;
    edit.addEventListener("click", () => this.#actions.edit(this.message));
    remove.addEventListener("click", () => this.#actions.remove(this.message));
    tools.append(edit, remove);
    this.#line.append(tools);
  }
}

/** Answers overtake each other. What was edited never is as it was written again, and what was deleted stays so. */
function isOlder(message, shown) {
  return (shown.deleted && !message.deleted) || (shown.edited && !message.edited && !message.deleted);
}
