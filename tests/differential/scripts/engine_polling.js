const LIMIT = { maxPayload: 100 };

export const ENGINE_POLLING = [
  { name: "a polling handshake", steps: ["handshake a"] },
  {
    name: "a polling handshake of a server with other settings",
    options: { pingInterval: 10000, pingTimeout: 5000, maxPayload: 5000, allowUpgrades: false },
    steps: ["handshake a", "open w", "recv w 1"],
  },
  {
    name: "a server without websocket",
    options: { transports: ["polling"] },
    steps: ["handshake a", "open w", "upgrade w a", "post a 4x", "get a"],
  },
  {
    name: "a server without polling",
    options: { transports: ["websocket"] },
    steps: ["handshake a", "open w", "recv w 1"],
  },
  { name: "an echo over polling", steps: ["handshake a", "post a 4hello", "get a"] },
  {
    name: "an answer to a poll that waits",
    steps: ["handshake a", "start a", "post a 4hello", "answer a"],
  },
  {
    name: "texts of every kind over polling",
    steps: ["handshake a", "post a 4", "get a", "post a 4é€🙂", "get a", "post a 4\u0000\u2028 \"\\", "get a"],
  },
  {
    name: "many packets in one body",
    steps: ["handshake a", "post a 4a\u001e4b\u001e4c", "get a"],
  },
  {
    name: "base64 over polling",
    steps: ["handshake a", "post a bAQIDBA==\u001eb\u001ebAA==\u001e4bAQ==", "get a"],
  },
  {
    name: "sloppy base64 over polling",
    steps: ["handshake a", "post a bAQIDBA", "get a", "post a b-_8", "get a"],
  },
  { name: "junk in base64", steps: ["handshake a", "post a bAQ ID*BA==", "get a"] },
  {
    name: "a packet of no known type",
    steps: ["handshake a", "post a abc", "get a"],
  },
  {
    name: "an empty body",
    steps: ["handshake a", "post a ", "get a"],
  },
  {
    name: "an empty packet between others",
    steps: ["handshake a", "post a 4a\u001e\u001e4b", "get a"],
  },
  {
    name: "a bad packet behind a good one",
    steps: ["handshake a", "handshake b", "post a 4!say {b} first\u001ex\u001e4!say {b} second", "get b", "get a"],
  },
  {
    name: "a ping from a polling client",
    steps: ["handshake a", "post a 2", "get a", "open w", "recv w 1"],
  },
  {
    name: "a pong nobody asked for",
    steps: ["handshake a", "post a 3", "post a 4x", "get a"],
  },
  {
    name: "packets for other times over polling",
    steps: ["handshake a", "post a 5", "post a 6", "post a 4x", "get a"],
  },
  {
    name: "an open packet from a client over polling",
    steps: ["handshake a", "post a 0", "post a 4x", "get a"],
  },
  {
    name: "a close packet",
    steps: ["handshake a", "start a", "post a 1", "answer a", "get a", "post a 4x"],
  },
  {
    name: "a close packet before others",
    steps: ["handshake a", "handshake b", "post a 1\u001e4!say {b} late\u001ex", "post b 4fence", "get b", "get a"],
  },
  {
    name: "a close by the server with a poll waiting",
    steps: ["handshake a", "start a", "post a 4!close", "answer a", "get a"],
  },
  {
    name: "a close by the server without a poll",
    steps: ["handshake a", "post a 4!close", "get a", "get a"],
  },
  {
    name: "a second poll",
    steps: ["handshake a", "start a", "get a", "answer a", "get a"],
  },
  {
    name: "a body of the limit and above",
    options: LIMIT,
    steps: [
      "handshake a",
      `post a 4${"x".repeat(99)}`,
      "get a",
      `post a 4${"x".repeat(100)}`,
      `post a 4${"x".repeat(60)}\u001e4${"x".repeat(60)}`,
      `post a 4${"é".repeat(50)}`,
      "post a 4still here",
      "get a",
    ],
  },
  {
    name: "a body that is binary by its type",
    headers: { "Content-Type": "application/octet-stream" },
    steps: ["handshake a", "post a 4x", "get a"],
  },
  {
    name: "a body that is a form by its type",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    steps: ["handshake a", "post a 4x", "get a"],
  },
  {
    name: "a browser of old",
    headers: { "User-Agent": "Mozilla/4.0 (compatible;MSIE 8.0)" },
    steps: ["handshake a", "post a 4x", "get a"],
  },
  {
    name: "a client that takes compressed answers",
    headers: { "Accept-Encoding": "identity" },
    steps: ["handshake a", `post a 4${"x".repeat(2000)}`, "get a"],
  },
  {
    name: "a client that asks for jsonp",
    steps: ["handshake a ?EIO=4&transport=polling&j=0"],
  },
  {
    name: "twenty messages in one poll",
    steps: ["handshake a", "post a 4!send 20", "get a"],
  },
];
