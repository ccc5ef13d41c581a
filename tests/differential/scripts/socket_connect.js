export const SOCKET_CONNECT = [
  { name: "joining the main namespace", steps: ["connect w"] },
  {
    name: "joining with auth",
    steps: ["open w", "recv w 1", 'text w 40{"token":"abc","n":1}', "recv w 2"],
  },
  {
    name: "the main namespace spelled out",
    steps: ["open w", "recv w 1", 'text w 40/,{"a":1}', "recv w 2"],
  },
  {
    name: "joining a custom namespace",
    steps: ["open w", "recv w 1", "text w 40/custom,", "recv w 2", 'text w 42/custom,["message",1]', "recv w 1"],
  },
  {
    name: "joining a custom namespace without its comma",
    steps: ["open w", "recv w 1", "text w 40/custom", "recv w 2"],
  },
  {
    name: "unknown namespaces",
    steps: ["/x", "/custom?a=1", "/é€🙂", "/a-b[c", "/__proto__", "/", "//", "/custom/"].flatMap((name, i) => [
      `open w${i}`, `recv w${i} 1`, `text w${i} 40${name},`, `recv w${i} 1`,
    ]),
  },
  {
    name: "a namespace after an unknown one",
    steps: ["open w", "recv w 1", "text w 40/x,", "recv w 1", "text w 40", "recv w 2"],
  },
  {
    name: "a session that joins nothing",
    options: { connectTimeout: 200 },
    steps: ["open w", "recv w 1", "closed w"],
  },
  {
    name: "a session that joins nothing over polling",
    options: { connectTimeout: 200 },
    steps: ["handshake a", "get a", "get a"],
  },
  {
    name: "a session that left everything",
    options: { connectTimeout: 200 },
    steps: ["connect w", "text w 41", "quiet w", "quiet w", "text w 40", "recv w 2"],
  },
  {
    name: "a refusal by a middleware",
    steps: [
      "open w", "recv w 1", "text w 40/guarded,", "recv w 1", 'text w 40/guarded,{"why":1}', "recv w 1",
      'text w 40/guarded,{"token":"open"}', "recv w 1",
    ],
  },
  {
    name: "a room joined before a refusal",
    steps: ["connect w", "text w 40/trap,", "recv w 1", 'text w 421["members","/trap","trapped"]', "recv w 1"],
  },
  {
    name: "an emit before the connection",
    steps: ["open w", "recv w 1", "text w 40/early,", "recv w 3"],
  },
  {
    name: "two namespaces in one session",
    steps: [
      "connect w", "text w 40/custom,", "recv w 2", 'text w 42/custom,["message","c"]', 'text w 42["message","m"]',
      "recv w 2", "text w 41/custom,", 'text w 42["message","still here"]', "recv w 1",
    ],
  },
  {
    name: "leaving and joining again",
    steps: ["connect w", "text w 41", "quiet w", "text w 40", "recv w 2", 'text w 421["rooms"]', "recv w 1"],
  },
  {
    name: "the handshake object",
    headers: { Origin: "http://a.b" },
    steps: [
      "open w ?EIO=4&transport=websocket&key=va%20lue&empty=&twice=1&twice=2", "recv w 1", 'text w 40{"token":1}',
      "recv w 2", 'text w 421["handshake"]', "recv w 1",
    ],
  },
  {
    name: "joining over polling",
    steps: ["handshake a", "post a 40", "poll a 2", 'post a 42["message",1]', "get a"],
  },
  {
    name: "a goodbye over polling",
    steps: ["handshake a", "post a 40", "poll a 2", "post a 41", "post a 1", "get a"],
  },
];
