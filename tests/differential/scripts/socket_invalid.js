const hole = (num) => `{"_placeholder":true,"num":${num}}`;

/** A connected client that sends one packet and waits for what becomes of it. */
const bad = (name, packet) => ({ name, steps: ["connect w", `text w 4${packet}`, "closed w"] });

/** Why a socket ended, as a handler sees it. */
const why = (name, ...steps) => ({
  name: `${name}, as a handler sees it`,
  steps: ["connect v", "connect w", ...steps, "quiet w", "drop w", 'text v 421["watch","{w}"]', "recv v 1"],
});

export const SOCKET_INVALID = [
  bad("an empty message", ""),
  bad("an unknown type", "7"),
  bad("a type that is a letter", "abc"),
  bad("json that ends too soon", '2["message"'),
  bad("json with a comma too much", '2["message",]'),
  bad("json with something behind it", '2["message"]x'),
  bad("an event that is an object", "2{}"),
  bad("an event that is empty", "2[]"),
  bad("an event whose name is null", "2[null]"),
  bad("an event whose name is an object", "2[{}]"),
  bad("the reserved event connect", '2["connect"]'),
  bad("the reserved event disconnecting", '2["disconnecting"]'),
  bad("the reserved event newListener", '2["newListener"]'),
  bad("a connect whose auth is a list", "0/custom,[]"),
  bad("a connect whose auth is a text", '0/custom,"a"'),
  bad("a disconnect with a payload", "1{}"),
  bad("an ack that is an object", "31{}"),
  bad("attachments without a dash", '51["message"]'),
  bad("attachments without a number", '5a-["message"]'),
  bad("attachments with a sign", '5-1-["message"]'),
  bad("eleven attachments", '511-["message"]'),
  bad("a second connect", "0"),
  bad("an event of a namespace not joined", '2/custom,["message"]'),
  bad("an event of a namespace that does not exist", '2/x,["message"]'),
  bad("a connect error from a client", '4{"message":"x"}'),
  {
    name: "an event before any connect",
    steps: ["open w", "recv w 1", 'text w 42["message"]', "closed w"],
  },
  {
    name: "text instead of an attachment",
    steps: ["connect w", `text w 451-["message",${hole(0)}]`, 'text w 42["message"]', "closed w"],
  },
  {
    name: "an attachment of nothing",
    steps: ["connect w", "binary w 01", "closed w"],
  },
  {
    name: "a placeholder out of range",
    steps: ["connect w", `text w 451-["message",${hole(1)}]`, "binary w 01", "closed w"],
  },
  {
    name: "a placeholder that is no number",
    steps: ["connect w", `text w 451-["message",${hole('"0"')}]`, "binary w 01", "closed w"],
  },
  {
    name: "an undecodable packet over polling",
    steps: ["handshake a", "post a 40", "poll a 2", "post a 4abc", "get a", "get a"],
  },
  {
    name: "an event before any connect over polling",
    steps: ["handshake a", 'post a 42["message"]', "get a"],
  },
  why("a goodbye", "text w 41"),
  why("a goodbye by the server", 'text w 42["kick",false]'),
  why("a close by the server", 'text w 42["kick",true]'),
  why("a client that vanished", "drop w"),
  why("a websocket that closed", "frame w 0x88"),
  why("a websocket that broke a rule", "frame w 0x83"),
  why("an undecodable engine packet", "text w abc"),
  why("an undecodable packet", "text w 4abc"),
  why("a packet out of place", "text w 40"),
];
