// Who speaks: the owner of a token, whoever the server says one is, or in open mode whoever gives a name.

import { askName, askToken } from "./dialogs.js";
import { byId } from "./element.js";
import * as identity from "./identity.js";
import { paintAvatar } from "./avatar.js";
import { tokenRefusal } from "./words.js";

export class Session {
  #rest;
  #socket;
  #tell;
  #token = identity.loadToken();
  #me = this.#token ? null : identity.load();
  #isVouched = false; // the server said who one is
  #isAsking = false;

  /** `tell` has `became(me, pastIds, isRenamed)` and `ready()`. */
  constructor(rest, tell) {
    this.#rest = rest;
    this.#tell = tell;
    byId("change-name").addEventListener("click", () => this.#askName());
    byId("sign-out").addEventListener("click", () => this.#signOut());
  }

  /** Who one was when the page was here last. */
  start() {
    if (this.#me) this.#become(this.#me);
  }

  get me() {
    return this.#me;
  }

  /** What CONNECT says. */
  auth() {
    if (this.#token) return { token: this.#token };
    return this.#me ? { user_id: this.#me.id } : {};
  }

  /** Needs to know the connection, which needs to know `auth`. */
  watch(socket) {
    this.#socket = socket;
  }

  /** The server says as whom it took us. */
  async welcome({ user_id: id, username: name, isLoggedIn }) {
    if (isLoggedIn) {
      const isNew = this.#me?.id !== String(id);
      this.#isVouched = isNew || Boolean(this.#token);
      // The greeting has the short name.
      if (isNew) this.#become({ id: String(id), name });
      if (isNew) this.#become({ id: String(id), name: (await this.#rest.user(String(id))).name });
      this.#showMe();
      return this.#tell.ready();
    }
    // A token of nobody's: without it one can still give a name.
    if (this.#token) return this.#useToken(null);
    // The server was given a new database: it no longer knows us, so we introduce ourselves again.
    if (this.#me) return this.#introduce(this.#me.name);
    await this.#askName();
  }

  /** The server wants a token, or another one. */
  async refused(detail) {
    if (detail?.data?.code !== "unauthorized" || this.#isAsking) return false;
    const why = this.#token ? tokenRefusal(detail) : "This server wants to know who you are.";
    this.#isAsking = true;
    const token = await askToken(why, Boolean(this.#token));
    this.#isAsking = false;
    this.#useToken(token);
    return true;
  }

  #useToken(token) {
    this.#token = token;
    this.#me = null;
    identity.saveToken(token);
    this.#socket.connect();
  }

  #signOut() {
    identity.saveToken(null);
    location.replace(location.pathname);
  }

  async #askName() {
    // The connection may come and go while the question stands.
    if (this.#isAsking) return;
    this.#isAsking = true;
    const submit = (name) => this.#rest.createUser(name, identity.handleFor(name));
    const user = await askName({ current: this.#me?.name, submit });
    this.#isAsking = false;
    if (!user) return;
    this.#become({ id: user.id, name: user.name }, true);
    this.#socket.connect();
  }

  /** A name is a new user: what was said before keeps the name it was said under. */
  async #introduce(name) {
    const user = await this.#rest.createUser(name, identity.handleFor(name));
    this.#become({ id: user.id, name: user.name });
    this.#socket.connect();
  }

  #become(me, isRenamed = false) {
    this.#me = me;
    // With a token the server says who we are, each time anew.
    if (!this.#isVouched) identity.save(me);
    this.#rest.speakAs(me.id, this.#token);
    this.#showMe();
    this.#tell.became(me, this.#isVouched ? [] : identity.pastIds(), isRenamed);
  }

  #showMe() {
    byId("my-name").textContent = byId("my-name").title = this.#me.name;
    paintAvatar(byId("my-avatar"), this.#me.id, this.#me.name);
    byId("change-name").hidden = this.#isVouched;
    byId("sign-out").hidden = !this.#token;
  }
}
