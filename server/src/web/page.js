// Puts the page together: who speaks, the rooms, the open room, the connection.

import { Composer } from "./composer.js";
import { askName, askRoom } from "./dialogs.js";
import * as identity from "./identity.js";
import { People } from "./people.js";
import { Rest } from "./rest.js";
import { OpenRoom } from "./room.js";
import { Rooms } from "./rooms.js";
import { sameOriginUrl, Socket } from "./socket.js";
import { paintAvatar, Timeline } from "./timeline.js";

// Nothing tells us about rooms that others make; the list is asked for this often while the page is seen.
const ROOMS_EVERY_MS = 15_000;

const byId = (id) => document.getElementById(id);
const CONNECTION_WORDS = {
  connecting: "Connecting",
  connected: "Connected",
  waiting: "Reconnecting",
  refused: "Refused",
  closed: "Disconnected",
};

// What stands behind "#": `room` is the open room, so that a room can be linked to; a server that wants a token
// gets it from `token` (a fragment is not sent with the page's address).
const fragment = () => new URLSearchParams(location.hash.slice(1));
const token = fragment().get("token") ?? undefined;
const address = (named) => `#${new URLSearchParams({ ...named, ...(token && { token }) })}`;
let me = token ? null : identity.load();
const rest = new Rest(token);
const people = new People(rest, (id, name) => timeline.rename(id, name));
const timeline = new Timeline(byId("messages"), people);
const rooms = new Rooms(byId("rooms"), (room) => openRoom(room));
const socket = new Socket(sameOriginUrl(location), token ? { token } : {});
const composer = new Composer(byId("composer"), send);
const openedRoom = new OpenRoom(rest, timeline, {
  scroll: byId("scroll"),
  earlier: byId("earlier"),
  toEnd: byId("to-end"),
  toEndText: byId("to-end-text"),
  messages: byId("messages"),
  warn: showNotice,
  seen: (room, seq) => {
    rooms.markRead(room.id, seq);
    showUnread();
  },
});
// Rooms opened in this tab stay joined, so that their messages count as unread at once.
const joined = new Set();

function showNotice(text) {
  byId("notice").hidden = !text;
  byId("notice").textContent = text ?? "";
}

function showUnread() {
  document.title = `${rooms.unread ? `(${rooms.unread}) ` : ""}${openedRoom.current?.name ?? "Rooms"} · Roomcast`;
}

function showEmpty() {
  byId("empty").hidden = !timeline.isEmpty;
  byId("empty-text").textContent = openedRoom.current ? "Nothing here yet. Say the first word." : "Pick a room to read and write.";
}

function showMe() {
  byId("my-name").textContent = me.name;
  paintAvatar(byId("my-avatar"), me.id, me.name);
}

function become(person) {
  me = person;
  // With a token the server says who we are, each time anew.
  if (!token) identity.save(me);
  people.setMe(me, identity.pastIds());
  rooms.readAs(me.id);
  showMe();
}

/** A name is a new user: what was said before keeps the name it was said under. */
async function register(name) {
  const user = await rest.createUser(name, identity.handleFor(name));
  return { id: user.id, name: user.name };
}

async function changeName() {
  // The connection may come and go while the question stands.
  if (byId("name-dialog").open) return;
  const person = await askName({ current: me?.name, submit: register });
  if (!person) return;
  become(person);
  await rejoin();
}

async function join(roomId) {
  const answer = await socket.request("join", { user_id: me.id, chatroom_id: roomId });
  if (answer?.ok === false) throw Object.assign(new Error(answer.error.message), answer.error);
  joined.add(roomId);
}

/** Joins every room of this tab again, after a reconnect or under a new name. */
async function rejoin() {
  if (socket.state !== "connected" || !me) return;
  for (const roomId of joined) {
    try {
      await join(roomId);
    } catch (problem) {
      // The server was given a new database. It no longer knows us, so we introduce ourselves again ...
      if (problem.message === "User not found") return become(await register(me.name)), rejoin();
      // ... and the room is gone.
      if (problem.code === "not_found") joined.delete(roomId);
      return reportLoss(problem);
    }
  }
  showNotice();
  await openedRoom.catchUp();
  timeline.retryFailed();
  showEmpty();
}

function reportLoss(problem) {
  // While reconnecting the state at the top says enough; anything else wants a sentence.
  if (socket.state === "connected") showNotice(problem.message);
}

async function openRoom(room) {
  document.body.dataset.view = "room";
  if (fragment().get("room") !== room.id) history.pushState(null, "", address({ room: room.id }));
  rooms.setCurrent(room.id);
  byId("room-name").textContent = room.name;
  byId("room-note").textContent = room.kind === "public" ? "Open to everybody here." : "Members only.";
  composer.moveTo(room.id);
  joined.add(room.id);
  showNotice();
  const opening = openedRoom.open(room);
  showEmpty();
  if (matchMedia("(max-width: 720px)").matches) byId("room-name").focus();
  else composer.focus();
  try {
    // Joined first and read second: nothing can fall between the two.
    await rejoin();
    await opening;
    rooms.markRead(room.id, timeline.last);
  } catch (problem) {
    showNotice(problem.message);
  }
  showEmpty();
  showUnread();
}

/** Shows what the address names: a room, or on a phone the list of rooms. */
function followAddress() {
  const room = rooms.find(fragment().get("room"));
  if (room) return room.id === openedRoom.current?.id ? (document.body.dataset.view = "room") : openRoom(room);
  document.body.dataset.view = "rooms";
  byId("rooms").querySelector("[aria-current]")?.focus();
}

async function send(message) {
  const { roomId, text, clientMsgId, isNew } = message;
  if (isNew && roomId === openedRoom.current?.id) {
    timeline.pend(clientMsgId, text);
    showEmpty();
    openedRoom.toEnd();
  }
  try {
    const stored = await rest.send({ text, userId: me.id, roomId, clientMsgId });
    rooms.saw(roomId, stored.seq);
    if (roomId !== openedRoom.current?.id) return;
    timeline.settle(clientMsgId, stored);
    openedRoom.receive(stored);
  } catch (problem) {
    if (problem.retryAfterMs) {
      // Too fast: this one and those behind it wait their turn.
      await new Promise((resolve) => setTimeout(resolve, problem.retryAfterMs));
      return send({ ...message, isNew: false });
    }
    timeline.fail(clientMsgId, problem.message, () => composer.enqueue({ ...message, isNew: false }));
  }
}

async function refreshRooms() {
  if (document.hidden || socket.state === "refused") return;
  try {
    rooms.update(await rest.rooms());
    // What was written in one's rooms while they were not open.
    for (const room of me ? await rest.myRooms(me.id) : []) rooms.saw(room.id, room.last_message?.seq ?? 0);
  } catch (problem) {
    return reportLoss(problem);
  }
  byId("no-rooms").hidden = rooms.size > 0;
  showUnread();
}

async function onState(state, detail) {
  const status = byId("connection");
  status.dataset.state = state;
  status.firstElementChild.textContent = CONNECTION_WORDS[state];
  if (state === "refused") showRefusal(detail);
  if (state === "closed") showNotice("The server has ended this connection. Reload the page to come back.");
  if (state !== "connected" || token) return;
  if (!me) await changeName();
  await enter();
}

/** The server says who the token is. */
async function onWelcome({ user_id: id, username: name }) {
  if (!token) return;
  become({ id: String(id), name });
  await enter();
}

async function enter() {
  await rejoin().catch(reportLoss);
  await refreshRooms();
  if (!openedRoom.current) followAddress();
}

function showRefusal(detail) {
  const wantsToken = detail?.data?.code === "unauthorized" && !token;
  const advice = wantsToken ? " Open this page with #token=... behind its address." : "";
  showNotice(`The server refuses the connection: ${detail?.message ?? "no reason given"}.${advice}`);
}

function onMessage(message) {
  rooms.saw(message.chatroom_id, message.seq);
  if (message.chatroom_id === openedRoom.current?.id) {
    if (message.user_id === me?.id) timeline.dropTwin(message.message_text);
    openedRoom.receive(message);
    showEmpty();
  }
  showUnread();
}

socket
  .on("state", onState)
  .on("connected", onWelcome)
  .on("new_message", onMessage)
  .on("message_updated", onMessage)
  .on("message_deleted", ({ id }) => timeline.remove(id))
  .on("error", ({ message }) => showNotice(message));

byId("change-name").addEventListener("click", changeName);
byId("new-room").addEventListener("click", async () => {
  const room = await askRoom((name) => rest.createRoom(name));
  if (!room) return;
  rooms.add(room);
  byId("no-rooms").hidden = true;
  await openRoom(rooms.find(room.id));
});
byId("back").addEventListener("click", () => {
  history.pushState(null, "", address({}));
  followAddress();
});
addEventListener("popstate", followAddress);
document.addEventListener("visibilitychange", refreshRooms);
setInterval(refreshRooms, ROOMS_EVERY_MS);

showEmpty();
if (me) become(me);
byId("change-name").hidden = Boolean(token);
socket.connect();
