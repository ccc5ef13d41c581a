const LIMIT = { maxPayload: 100 };
const WEBSOCKET = "?EIO=4&transport=websocket";

export const ENGINE_WEBSOCKET = [
  { name: "a websocket handshake", steps: ["open w", "recv w 1"] },
  {
    name: "messages over websocket",
    steps: ["open w", "recv w 1", "text w 4é🙂", "text w 4", "binary w 01020304", "binary w", "text w bAQI=", "recv w 5"],
  },
  {
    name: "a websocket of a client without binary",
    steps: [`open w ${WEBSOCKET}&b64=1`, "recv w 1", "binary w 01020304", "recv w 1", "text w 4x", "recv w 1"],
  },
  {
    name: "a packet of no known type over websocket",
    steps: ["open w", "recv w 1", "text w abc", "closed w"],
  },
  { name: "an empty text over websocket", steps: ["open w", "recv w 1", "text w ", "closed w"] },
  { name: "a ping from a websocket client", steps: ["open w", "recv w 1", "text w 2", "closed w"] },
  { name: "a probe on a websocket session", steps: ["open w", "recv w 1", "text w 2probe", "closed w"] },
  {
    name: "packets for other times over websocket",
    steps: ["open w", "recv w 1", "text w 3", "text w 5", "text w 6", "text w 4x", "recv w 1"],
  },
  {
    name: "an open packet from a client over websocket",
    steps: ["open w", "recv w 1", "text w 0", "text w 4x", "recv w 1"],
  },
  {
    name: "a close packet over websocket",
    steps: ["open w", "recv w 1", "text w 1", "text w 4x", "quiet w"],
  },
  {
    name: "a close by the server over websocket",
    steps: ["open w", "recv w 1", "text w 4!send 3", "text w 4!close", "closed w"],
  },
  {
    name: "a close by the client",
    steps: ["open w", "recv w 1", "frame w 0x88 03e8", "closed w"],
  },
  {
    name: "a close by the client without a status",
    steps: ["open w", "recv w 1", "frame w 0x88", "closed w"],
  },
  {
    name: "a close with a status of no meaning",
    steps: ["open w", "recv w 1", "frame w 0x88 03ed", "closed w"],
  },
  {
    name: "messages of the limit and above",
    options: LIMIT,
    steps: [
      "open w", "recv w 1", `text w 4${"x".repeat(99)}`, "recv w 1", `text w 4${"x".repeat(100)}`, "closed w",
      "open v", "recv v 1", `binary v ${"07".repeat(101)}`, "closed v",
    ],
  },
  {
    name: "fragments above the limit",
    options: LIMIT,
    steps: ["open w", "recv w 1", `frame w 0x01 ${"34".repeat(60)}`, `frame w 0x80 ${"34".repeat(60)}`, "closed w"],
  },
  { name: "text that is not utf-8", steps: ["open w", "recv w 1", "frame w 0x81 34ff", "closed w"] },
  { name: "a reserved bit", steps: ["open w", "recv w 1", "frame w 0xc1 3461", "closed w"] },
  { name: "an unknown opcode", steps: ["open w", "recv w 1", "frame w 0x83 3461", "closed w"] },
  { name: "a continuation of nothing", steps: ["open w", "recv w 1", "frame w 0x80 3461", "closed w"] },
  {
    name: "fragments around a ping",
    steps: ["open w", "recv w 1", "frame w 0x01 34c3", "frame w 0x89 6869", "frame w 0x80 a9", "recv w 2"],
  },
  {
    name: "offers of subprotocols",
    headers: { "Sec-WebSocket-Protocol": "one, two" },
    steps: ["open w", "recv w 1"],
  },
  {
    name: "an offer to compress frames",
    headers: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" },
    steps: ["open w", "recv w 1", "text w 4x", "recv w 1"],
  },
  {
    name: "a websocket of an old version",
    headers: { "Sec-WebSocket-Version": "7" },
    steps: ["open w"],
  },
  {
    name: "a heartbeat",
    options: { pingInterval: 200, pingTimeout: 200 },
    steps: ["open w", "recv w 2", "text w 3", "recv w 1", "text w 3", "recv w 1", "closed w"],
  },
  {
    name: "a heartbeat over polling",
    options: { pingInterval: 200, pingTimeout: 200 },
    steps: ["handshake a", "get a", "post a 3", "get a", "post a 3", "get a"],
  },
];
