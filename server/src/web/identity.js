// Who speaks in this tab. A tab keeps its own person in sessionStorage, so that two tabs can be two people;
// localStorage holds the last one used, so that a new tab need not ask.

const KEY = "roomcast.me";
const NAME_KEY = "roomcast.me.ids";

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
}

function write(storage, key, value) {
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
  write(sessionStorage, KEY, me);
  return me;
}

export function save({ id, name }) {
  write(sessionStorage, KEY, { id, name });
  write(localStorage, KEY, { id, name });
  write(sessionStorage, NAME_KEY, [...pastIds(), id].slice(-20));
}

/** Ids this tab has spoken with: a new name is a new user, yet the old messages stay one's own. */
export function pastIds() {
  const ids = read(sessionStorage, NAME_KEY);
  return Array.isArray(ids) ? ids : [];
}

/** A handle for a name: readable, and unique enough that two Alices do not meet. */
export function handleFor(name) {
  const plain = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  const tail = crypto.getRandomValues(new Uint32Array(1))[0].toString(36).padStart(7, "0").slice(-6);
  return `${plain.slice(0, 24) || "guest"}-${tail}`;
}

/** A random id for a message, so that sending it again after a lost answer does not double it. */
export function messageId() {
  // `crypto.randomUUID` exists only on https and localhost; the page must also work on a plain LAN address.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
