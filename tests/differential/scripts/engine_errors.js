const POLLING = "?EIO=4&transport=polling";

export const ENGINE_ERRORS = [
  {
    name: "queries without a usable transport",
    steps: [
      "request a GET ?EIO=4",
      "request a GET ?EIO=4&transport=",
      "request a GET ?EIO=4&transport=abc",
      "request a GET ?EIO=4&transport=__proto__",
      "request a GET ?EIO=4&transport=constructor",
      "request a POST ?EIO=4&transport=abc 4a",
      "open w ?EIO=4&transport=abc",
      "open w ?EIO=4",
    ],
  },
  {
    name: "unknown sessions",
    steps: [
      `request a GET ${POLLING}&sid=abc`,
      `request a POST ${POLLING}&sid=abc 4a`,
      `request a GET ${POLLING}&sid=__proto__`,
      `request a GET ${POLLING}&sid=AAAAAAAAAAAAAAAAAAAA`,
      "open w ?EIO=4&transport=websocket&sid=abc",
      "request a GET ?EIO=4&transport=websocket&sid=abc",
    ],
  },
  {
    name: "handshakes by another method",
    steps: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"].map(
      (method) => `request a ${method} ${POLLING} x`,
    ),
  },
  {
    name: "a HEAD request",
    steps: [`raw a HEAD /engine.io/${POLLING} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`],
  },
  {
    name: "other versions over polling",
    steps: ["", "&EIO=", "&EIO=3", "&EIO=5", "&EIO=04"].map(
      (version) => `request a GET ?transport=polling${version}`,
    ),
  },
  {
    name: "another version over websocket",
    steps: ["open w ?EIO=3&transport=websocket"],
  },
  {
    name: "a websocket handshake without an upgrade",
    steps: ["request a GET ?EIO=4&transport=websocket"],
  },
  {
    name: "polling a websocket session",
    steps: [
      "open w",
      "recv w 1",
      `request a GET ${POLLING}&sid={w}`,
      `request a POST ${POLLING}&sid={w} 4a`,
      "text w 4still here",
      "recv w 1",
    ],
  },
  {
    name: "a websocket request without an upgrade for a polling session",
    steps: ["handshake a", "request b GET ?EIO=4&transport=websocket&sid={a}", "post a 4x", "get a"],
  },
  {
    name: "other methods with a session",
    steps: [
      "handshake a",
      `request b PUT ${POLLING}&sid={a} x`,
      `request b DELETE ${POLLING}&sid={a} x`,
      `request b OPTIONS ${POLLING}&sid={a} x`,
      "post a 4x",
      "get a",
    ],
  },
  {
    name: "which rule is judged first",
    steps: [
      "request a POST ?EIO=3&transport=x&sid=y z",
      "request a POST ?EIO=3&transport=polling&sid=y z",
      "request a POST ?EIO=3&transport=polling z",
    ],
  },
  {
    name: "duplicate and encoded keys",
    steps: [
      "handshake a ?EIO=3&transport=x&transport=polling&EIO=4",
      "handshake b ?%45IO=4&transport=poll%69ng&sid=",
      "handshake c ?EIO=4&transport=polling&t=1&unknown=%F0%9F&&=",
    ],
  },
  {
    name: "paths below and beside",
    steps: [
      "handshake a anything?EIO=4&transport=polling",
      "handshake b a/b?EIO=4&transport=polling",
      "raw c GET /engine.io?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n\r\n",
      "raw d GET /other/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
  },
  {
    name: "an upgrade of a polling request",
    steps: ["handshake a", "open w ?EIO=4&transport=polling&sid={a}", "post a 4x", "get a"],
  },
  {
    name: "an upgrade by another method",
    steps: [
      "raw a POST /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n" +
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Content-Length: 0\r\n\r\n",
    ],
  },
];
