// The REST calls of the page. Every failure is a `Problem` with a sentence one can show.

import { refusal } from "./words.js";

const TIMEOUT_MS = 15_000;
// Lists are read to this many entries; a page that shows more of them helps nobody.
const MOST_LISTED = 1_000;

/** A refusal by the server (`status` is the HTTP status) or no answer at all (`status` 0). */
export class Problem extends Error {
  constructor(status, message, { code, retry_after_ms: retryAfterMs } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

async function call(method, path, { body, token } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers["Authorization"] = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Problem(0, "The server does not answer.");
  }
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  throw new Problem(response.status, sentence(response, answer), answer ?? {});
}

/** The most useful sentence of an `application/problem+json` answer. */
function sentence(response, problem) {
  if (!problem?.title) return `The server answered ${response.status}.`;
  const fields = (problem.errors ?? []).map((error) => error.message).filter(Boolean);
  return refusal({ ...problem, message: problem.title, details: fields.join(". ") || problem.detail });
}

const query = (values) => {
  const named = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return named.length ? `?${new URLSearchParams(named)}` : "";
};
const part = encodeURIComponent;

/** The REST API, as one person. */
export class Rest {
  #token = null;
  #me;

  /** With a token, or in open mode by the id alone. */
  speakAs(id, token) {
    this.#me = id;
    this.#token = token;
  }

  createUser(name, handle) {
    return this.#call("POST", "/users/", {}, { name, handle });
  }

  user(id) {
    return this.#call("GET", `/users/${part(id)}`);
  }

  users() {
    return this.#all("/users/");
  }

  /** All rooms one may see. */
  rooms() {
    return this.#all("/chatrooms/", { user_id: this.#me });
  }

  /** The rooms one is a member of, with the newest message of each and how many are unread. */
  myRooms() {
    return this.#all("/me/rooms", { user_id: this.#me });
  }

  createRoom(name, kind) {
    return this.#call("POST", "/chatrooms/", {}, { name, kind, user_id: this.#me });
  }

  openDirect(userId) {
    return this.#call("POST", "/chatrooms/", {}, { kind: "direct", to_user_id: userId, user_id: this.#me });
  }

  members(roomId, most) {
    return this.#all(`/chatrooms/${part(roomId)}/members`, { user_id: this.#me }, most);
  }

  addMember(roomId, userId) {
    return this.#call("POST", `/chatrooms/${part(roomId)}/members`, { user_id: this.#me }, { user_id: userId });
  }

  removeMember(roomId, userId) {
    return this.#call("DELETE", `/chatrooms/${part(roomId)}/members/${part(userId)}`, { user_id: this.#me });
  }

  /** One page of messages, oldest first; `before` and `after` are `seq` numbers. */
  messages(roomId, { before, after, limit }) {
    return this.#call("GET", `/chatrooms/${part(roomId)}/messages`, { before, after, limit, user_id: this.#me });
  }

  edit(id, text) {
    return this.#call("PATCH", `/messages/${part(id)}`, { user_id: this.#me }, { message_text: text });
  }

  delete(id) {
    return this.#call("DELETE", `/messages/${part(id)}`, { user_id: this.#me });
  }

  #call(method, path, values = {}, body) {
    return call(method, path + query(values), { body, token: this.#token });
  }

  /** A list, page after page. */
  async #all(path, values = {}, most = MOST_LISTED) {
    const items = [];
    let after;
    do {
      const page = await this.#call("GET", path, { ...values, after, limit: 100 });
      items.push(...page.items);
      after = page.next;
    } while (after !== null && items.length < most);
    return items;
  }
}
