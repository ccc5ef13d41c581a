// Puts the page together: what each part hears from the others.

import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { Details } from "./details.js";
import { confirmed } from "./dialogs.js";
import { Drawer } from "./drawer.js";
import { byId } from "./element.js";
import { fromRest, fromSocket } from "./message.js";
import { Outbox } from "./outbox.js";
import { Pending } from "./pending.js";
import { People } from "./people.js";
import { Place } from "./place.js";
import { Receipts } from "./receipts.js";
import { Rest } from "./rest.js";
import { OpenRoom } from "./room.js";
import { Rooms } from "./rooms.js";
import { View } from "./scroll.js";
import { Session } from "./session.js";
import { Side } from "./side.js";
import { sameOriginUrl, Socket } from "./socket.js";
import { Status } from "./status.js";
import { Timeline } from "./timeline.js";
import { TypingLine, TypingTeller } from "./typing.js";
import { refusal } from "./words.js";
import { listenForShortcuts, Walk } from "./keyboard.js";

// Not everything is told: rooms that others make, and people who join. Asked for this often while the page is seen.
const REFRESH_MS = 10_000;
// One mark for a burst of messages.
const READ_MS = 150;

const rest = new Rest();
const people = new People(rest, onPerson);
const session = new Session(rest, { became, ready: () => place.arrive() });
const socket = new Socket(sameOriginUrl(location), () => session.auth());
const status = new Status(socket);
const announcer = new Announcer(byId("announcer"));
const outbox = new Outbox(socket, { changed: drawPending, stored: onStored });
const rooms = new Rooms(rest, people, onRooms);
const timeline = new Timeline(byId("messages"), people, { edit: startEdit, remove });
const openRoom = new OpenRoom(rest, timeline, {
  enter: (room) => place.join(room.id),
  state: (name, detail) => status.room(name, detail),
  edges: (edges) => status.edges(edges, (work) => view.keep(work)),
  failed: (problem) => status.problem(problem),
  arrived,
  seen,
  drawn,
  holds: (message) => people.isMe(message.userId) && outbox.holds(message),
  isMine: (message) => people.isMe(message.userId),
});
const view = new View(byId("scroll"), byId("messages"), () => openRoom.scrolled());
const receipts = new Receipts(timeline, people, view);
const pending = new Pending(byId("pending"), outbox, (entry) => {
  outbox.discard(entry.clientMsgId);
  composer.rewrite(entry.text);
});
const side = new Side(rooms, people, (room) => place.go(room));
const details = new Details(rest, people, {
  members,
  message: (userId) => place.writeTo(userId),
  changed: (counts) => place.describe(counts),
});
const typingLine = new TypingLine(byId("typing"), people);
const teller = new TypingTeller((event, payload) => socket.tell(event, payload));
const composer = new Composer(byId("composer"), {
  send,
  edit,
  typing: (roomId, writes) => (writes ? teller.write(roomId) : teller.stop()),
  editLast: () => startEdit(timeline.newestOwn()),
});
const drawer = new Drawer();
const place = new Place({ rest, socket, session, people, rooms, side, openRoom, details, drawer, composer, status, entered });
const walk = new Walk(byId("messages"), {
  edit: (seq) => startEdit(ownAt(seq)),
  remove: (seq) => remove(ownAt(seq)),
});
openRoom.watch(view);
session.watch(socket);

function became(me, pastIds, isRenamed) {
  people.setMe(me, pastIds);
  outbox.readAs(me.id, pastIds, isRenamed);
  side.draw();
}

/** A name or a presence became known. */
function onPerson(id) {
  if (id) timeline.sign(id);
  side.draw();
  details.draw();
  receipts.draw();
  typingLine.draw();
  place.title();
}

function onRooms() {
  side.draw();
  place.title();
}

/** Another room is shown. */
function entered() {
  typingLine.clear();
  receipts.clear();
  drawPending();
}

function drawPending() {
  view.keep(() => pending.draw(openRoom.current?.id));
  drawn();
}

function drawn() {
  walk.settle();
  receipts.draw();
  status.isEmpty(timeline.length === 0 && pending.isEmpty);
}

function send(roomId, text) {
  teller.sent();
  outbox.add(roomId, text);
  openRoom.toEnd();
}

function onStored(message) {
  rooms.saw(message);
  openRoom.receive(message);
}

function onMessage(message) {
  const { userId, roomId, name } = message;
  people.learn(userId, name);
  if (rooms.find(roomId)) rooms.saw(message);
  else place.refreshSoon();
  if (roomId !== openRoom.current?.id) return;
  typingLine.stop(userId);
  if (!message.edited && people.isMe(userId) && outbox.holds(message)) return;
  openRoom.receive(message);
  receipts.set(userId, message.seq);
  acquaint(userId);
}

function members(all, hasNew) {
  for (const member of all) receipts.set(member.user_id, member.read_seq);
  if (hasNew) place.lookAround();
}

/** A message was added at the end of what is shown. */
function arrived(message) {
  if (!people.isMe(message.userId)) announcer.say(`${people.nameOf(message.userId)}: ${message.text}`);
}

let readTimer = 0;
let lastSeen = null;

/** This message, and all before it, was in the view. */
function seen(message) {
  const room = rooms.find(message.roomId);
  if (!room || message.seq <= room.readSeq) return;
  rooms.markRead(room.id, message.seq);
  lastSeen = message;
  clearTimeout(readTimer);
  readTimer = setTimeout(tellSeen, READ_MS);
}

function tellSeen() {
  if (lastSeen) socket.tell("message:read", { chatId: lastSeen.roomId, messageId: lastSeen.id });
}

function onRead({ messageId, chatId, userId }) {
  if (chatId !== openRoom.current?.id) return people.isMe(userId) ? place.refreshSoon() : undefined;
  const message = timeline.byId(messageId);
  if (people.isMe(userId)) return message && rooms.markRead(chatId, message.seq);
  if (message) receipts.set(userId, message.seq);
  acquaint(userId, !message);
}

function onTyping({ chatId, userId }, writes) {
  if (chatId !== openRoom.current?.id || people.isMe(userId)) return;
  if (!writes) return typingLine.stop(userId);
  typingLine.start(userId);
  acquaint(userId);
}

/** Somebody does something here who is not on the list: they have joined meanwhile. */
function acquaint(userId, always = false) {
  if (always || !(details.has(userId) || people.isMe(userId))) details.refresh().catch(() => {});
}

const ownAt = (seq) => {
  const message = timeline.atOrBefore(seq)?.message;
  return message && people.isMe(message.userId) && !message.deleted ? message : null;
};

function startEdit(message) {
  if (message) composer.startEdit(message);
}

async function edit(message, text) {
  const isChanged = await change(rest.edit(message.id, text));
  // What was written is not lost with the answer.
  if (!isChanged) composer.takeBack(message, text);
}

async function remove(message) {
  if (!message) return;
  const question = { title: "Delete this message?", detail: "Its words disappear for everybody in the room.", action: "Delete" };
  if (await confirmed(question)) await change(rest.delete(message.id));
}

async function change(asked) {
  try {
    openRoom.receive(fromRest(await asked));
    return true;
  } catch (problem) {
    status.problem(problem);
    return false;
  }
}

async function onState(state, detail) {
  status.connection(state);
  drawPending();
  if (state !== "connected") place.lost();
  if (state === "refused" && !(await session.refused(detail))) status.refused(detail);
}

async function onWelcome(greeting) {
  try {
    await session.welcome(greeting);
    tellSeen();
    outbox.resume();
  } catch (problem) {
    status.problem(problem);
  }
}

const ENDED = { token_expired: "expired", session_ended: "unknown_session" };

function onError(error) {
  const { code, message } = error;
  if (code in ENDED) session.refused({ message, data: { code: "unauthorized", reason: ENDED[code] } });
  else status.notice(code === "rate_limited" ? refusal(error) : message);
}

socket
  .on("state", onState)
  .on("door", (refused) => status.door(refused))
  .on("connected", onWelcome)
  .on("message:new", (message) => onMessage(fromSocket(message)))
  .on("message:updated", (message) => onMessage(fromSocket(message, true)))
  .on("message:deleted", (message) => onMessage(fromSocket(message, true)))
  .on("message:read", onRead)
  .on("typing:start", (typing) => onTyping(typing, true))
  .on("typing:stop", (typing) => onTyping(typing, false))
  .on("user:status", ({ userId, status: now }) => people.setOnline(userId, now === "online"))
  // A conversation that somebody has just begun is not joined yet, and is heard in this way.
  .on("receive_personal_message", () => place.refreshSoon())
  .on("error", onError);

status.on({
  retry: () => openRoom.refresh(),
  earlier: () => openRoom.loadEarlier(),
  toEnd: () => openRoom.toEnd(),
});
listenForShortcuts({
  find: () => place.find(),
  help: () => status.help(),
  escape: () => drawer.uncover(),
  previous: () => side.step(-1),
  next: () => side.step(1),
  previousUnread: () => side.step(-1, true),
  nextUnread: () => side.step(1, true),
});
for (const event of ["visibilitychange", "focus"]) addEventListener(event, () => openRoom.scrolled(), true);
document.addEventListener("visibilitychange", () => place.refresh());
setInterval(() => place.refresh(), REFRESH_MS);

status.room("none");
session.start();
socket.connect();
