// Picks a person out of everybody who is known here.

import { avatarOf } from "./avatar.js";
import { byId, element } from "./element.js";

const SHOWN = 50;

/** Resolves with the user that was picked, or null. `title` says for what; `but(id)` leaves people out. */
export async function pickPerson({ rest, title, but }) {
  const dialog = byId("people-dialog");
  const [field, list, note] = [byId("people-filter"), byId("people-list"), byId("people-note")];
  byId("people-title").textContent = title;
  field.value = "";
  list.replaceChildren();
  note.textContent = "Loading …";
  dialog.showModal();

  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const finish = (user) => {
      listening.abort();
      dialog.close();
      resolve(user);
    };
    let users = [];
    const draw = () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      const fitting = users.filter(({ name, handle }) => `${name} ${handle ?? ""}`.toLocaleLowerCase().includes(wanted));
      list.replaceChildren(...fitting.slice(0, SHOWN).map((user) => entry(user, () => finish(user))));
      note.textContent = wordsFor(users.length, fitting.length);
    };
    field.addEventListener("input", draw, { signal });
    field.addEventListener("keydown", (event) => onKey(event, list), { signal });
    byId("people-cancel").addEventListener("click", () => finish(null), { signal });
    dialog.addEventListener("cancel", (event) => (event.preventDefault(), finish(null)), { signal });
    rest.users().then(
      (all) => {
        users = all.filter(({ id }) => !but(id)).sort((one, other) => one.name.localeCompare(other.name));
        if (!signal.aborted) draw();
      },
      (problem) => (note.textContent = problem.message),
    );
  });
}

function wordsFor(all, fitting) {
  if (all === 0) return "There is nobody else yet.";
  if (fitting === 0) return "Nobody by that name.";
  return fitting > SHOWN ? `The first ${SHOWN} of ${fitting} people.` : "";
}

function onKey(event, list) {
  const first = list.querySelector("button");
  if (!first || !["Enter", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Enter") first.click();
  else first.focus();
}

function entry(user, pick) {
  const row = element("button", "member");
  row.type = "button";
  const label = element("span", "member-name", user.name);
  label.dir = "auto";
  row.append(avatarOf(user.id, user.name, "avatar small"), label, element("span", "member-note", user.handle ?? ""));
  row.addEventListener("click", pick);
  const item = element("li");
  item.append(row);
  return item;
}
