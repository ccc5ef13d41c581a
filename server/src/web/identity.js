// Who speaks in this tab. A tab keeps its own person in sessionStorage, so that two tabs can be two people;
// localStorage holds the last one used, so that a new tab need not ask.

const KEY = "roomcast.me";
const PAST_KEY = "roomcast.me.ids";
const TOKEN_KEY = "roomcast.token";

export function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

export function write(storage, key, value) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage can be off or full; the page then asks again after a reload, which is all that is lost.
  }
}

/** `{id, name}` of the person in this tab, or null when nobody gave a name yet. */
export function load() {
  const me = read(sessionStorage, KEY) ?? read(localStorage, KEY);
  if (typeof me?.id !== "string" || typeof me?.name !== "string") return null;
  save(me);
  return me;
}

export function save({ id, name }) {
  write(sessionStorage, KEY, { id, name });
  write(localStorage, KEY, { id, name });
  const past = pastIds().filter((other) => other !== id);
  write(sessionStorage, PAST_KEY, [...past, id].slice(-20));
}

/** Ids this tab has spoken with: a new name is a new user, yet the old messages stay one's own. */
export function pastIds() {
  const ids = read(sessionStorage, PAST_KEY);
  return Array.isArray(ids) ? ids : [];
}

/** The token of this tab: from `#token=` once, which is taken out of the address, or as it was typed. */
export function loadToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (given) {
    saveToken(given);
    fragment.delete("token");
    history.replaceState(null, "", fragment.size ? `#${fragment}` : location.pathname);
  }
  const token = read(sessionStorage, TOKEN_KEY);
  return typeof token === "string" ? token : null;
}

export const saveToken = (token) => write(sessionStorage, TOKEN_KEY, token);

/** A handle for a name: readable, and unique enough that two Alices do not meet. */
export function handleFor(name) {
  const plain = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const tail = crypto.getRandomValues(new Uint32Array(1))[0].toString(36).padStart(7, "0").slice(-6);
  return `${plain.slice(0, 24) || "guest"}-${tail}`;
}
