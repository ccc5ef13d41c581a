import { CORS } from "./cors.js";
import { ENGINE_ERRORS } from "./engine_errors.js";
import { ENGINE_POLLING } from "./engine_polling.js";
import { ENGINE_UPGRADE } from "./engine_upgrade.js";
import { ENGINE_WEBSOCKET } from "./engine_websocket.js";
import { SOCKET_CONNECT } from "./socket_connect.js";
import { SOCKET_EVENTS } from "./socket_events.js";
import { SOCKET_INVALID } from "./socket_invalid.js";
import { SOCKET_ROOMS } from "./socket_rooms.js";

const of = (kind, scripts) => scripts.map((script) => ({ kind, ...script }));

/** Every script with the kind of server it is for. */
export const SCRIPTS = [
  ...of("engineio", [...ENGINE_ERRORS, ...ENGINE_POLLING, ...ENGINE_UPGRADE, ...ENGINE_WEBSOCKET, ...CORS]),
  ...of("socketio", [...SOCKET_CONNECT, ...SOCKET_EVENTS, ...SOCKET_INVALID, ...SOCKET_ROOMS]),
];
