// The REST calls of the page. Every failure is a `Problem` with a sentence one can show.

const TIMEOUT_MS = 15_000;

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
  const fields = (problem?.errors ?? []).map((error) => error.message).filter(Boolean);
  const words = fields.join(". ") || problem?.detail || problem?.title || `The server answered ${response.status}`;
  return `${words[0].toUpperCase()}${words.slice(1).replace(/\.$/, "")}.`;
}

const query = (values) => {
  const named = Object.entries(values).filter(([, value]) => value !== undefined);
  return named.length ? `?${new URLSearchParams(named)}` : "";
};

/** The REST API, as one person (`token` is undefined where none is needed). */
export class Rest {
  #token;

  constructor(token) {
    this.#token = token;
  }

  createUser(name, handle) {
    return this.#post("/users/", { name, handle });
  }

  user(id) {
    return this.#get(`/users/${encodeURIComponent(id)}`);
  }

  /** All rooms one may see, page after page. */
  async rooms() {
    const rooms = [];
    let after;
    do {
      const page = await this.#get(`/chatrooms/${query({ after, limit: 100 })}`);
      rooms.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined && rooms.length < 1_000);
    return rooms;
  }

  /** The rooms one is a member of, with the newest message of each. */
  async myRooms(userId) {
    const page = await this.#get(`/me/rooms${query({ user_id: userId, limit: 100 })}`);
    return page.items;
  }

  createRoom(name) {
    return this.#post("/chatrooms/", { name });
  }

  /** One page of messages, oldest first; `before` and `after` are `seq` numbers. */
  messages(roomId, { before, after, limit = 50 } = {}) {
    return this.#get(`/chatrooms/${encodeURIComponent(roomId)}/messages${query({ before, after, limit })}`);
  }

  send({ text, userId, roomId, clientMsgId }) {
    return this.#post("/messages/", {
      message_text: text,
      user_id: userId,
      chatroom_id: roomId,
      is_reply: false,
      client_msg_id: clientMsgId,
    });
  }

  #get(path) {
    return call("GET", path, { token: this.#token });
  }

  #post(path, body) {
    return call("POST", path, { body, token: this.#token });
  }
}
