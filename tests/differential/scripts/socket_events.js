const hole = (num) => `{"_placeholder":true,"num":${num}}`;

/** A connected client that sends packets and reads as many. */
const echo = (...packets) => [
  "connect w",
  ...packets.flatMap((packet) => [`text w 4${packet}`, "recv w 1"]),
];

export const SOCKET_EVENTS = [
  {
    name: "values of every kind",
    steps: echo('2["message"]', '2["message",1,"2",{"3":[true,null]},[[]],-1.5]', '2["message",""]'),
  },
  {
    name: "text of every script",
    steps: echo('2["message","é€🙂 مرحبا 你好"]', '2["message","\\u0000\\u001f\\"\\\\\\n"]', '2["message","\u2028\u007f"]'),
  },
  { name: "escapes that need not be", steps: echo('2["message","\\u0061\\/"]') },
  { name: "a lone surrogate", steps: echo('2["message","\\ud800"]') },
  { name: "space between the values", steps: echo('2[ "message" , { "a" : 1 } ]') },
  { name: "numbers in the safe range", steps: echo('2["message",0,-1,9007199254740991,0.5,1e-7]') },
  { name: "numbers in other spellings", steps: echo('2["message",1.0,1e3,-0,1E+2]') },
  { name: "numbers beyond the safe range", steps: echo('2["message",12345678901234567890,1e400]') },
  { name: "a key that comes twice", steps: echo('2["message",{"a":1,"a":2}]') },
  { name: "keys that look like numbers", steps: echo('2["message",{"b":1,"2":2,"1":3}]') },
  { name: "the key __proto__", steps: echo('2["message",{"__proto__":{"a":1}}]') },
  {
    name: "events nobody listens to",
    steps: [
      "connect w", 'text w 42["nothing",1]', 'text w 42[""]', 'text w 42["__proto__"]', 'text w 42["constructor"]',
      "text w 42[1]", 'text w 421["nothing"]', 'text w 42["message","after"]', "recv w 1",
    ],
  },
  { name: "an event without its list", steps: ["connect w", "text w 42", 'text w 42["message",1]', "quiet w"] },
  { name: "an ack", steps: echo('2456["message-with-ack",1,"2",{"3":[false]}]', '20["message-with-ack"]') },
  { name: "an ack id of the safe range", steps: echo('29007199254740991["message-with-ack"]') },
  { name: "an ack id beyond the safe range", steps: echo('29007199254740993["message-with-ack"]') },
  { name: "an ack id with zeros before it", steps: echo('2007["message-with-ack"]') },
  { name: "an ack called twice", steps: [...echo('25["ack-twice"]'), 'text w 42["message",1]', "recv w 1"] },
  {
    name: "a question and its answer",
    steps: ["open w", "recv w 1", "text w 40/custom,", "recv w 2", 'text w 42/custom,["ask","how"]', "quiet w"],
    options: { pingInterval: 20000 },
  },
  {
    name: "a question with the answer in time",
    options: { pingInterval: 20001 },
    steps: ["connect w", 'text w 42["ask",1]', "recv w 1", 'text w 430["fine",2]', "recv w 1"],
  },
  {
    name: "a question without an answer",
    options: { pingInterval: 20002 },
    steps: ["connect w", 'text w 42["ask"]', "recv w 2", "text w 430[1]", 'text w 42["message",1]', "recv w 1"],
  },
  {
    name: "an answer without its list",
    options: { pingInterval: 20003 },
    steps: ["connect w", 'text w 42["ask"]', "recv w 1", "text w 430", "recv w 1"],
  },
  {
    name: "acks nobody asked for",
    steps: ["connect w", "text w 4399[1]", "text w 4318446744073709551616[]", 'text w 42["message",1]', "recv w 1"],
  },
  {
    name: "one attachment",
    steps: ["connect w", `text w 451-["message",${hole(0)}]`, "binary w 010203", "recv w 2"],
  },
  {
    name: "attachments in depth",
    steps: [
      "connect w", `text w 452-["message",{"b":${hole(0)}},[[${hole(1)}]],"x"]`, "binary w 01", "binary w", "recv w 3",
    ],
  },
  {
    name: "attachments in another order",
    steps: ["connect w", `text w 452-["message",${hole(1)},${hole(0)}]`, "binary w 01", "binary w 02", "recv w 3"],
  },
  {
    name: "an attachment named twice",
    steps: ["connect w", `text w 451-["message",${hole(0)},${hole(0)}]`, "binary w 01", "recv w 1", "quiet w"],
  },
  {
    name: "an attachment that is not named",
    steps: ["connect w", `text w 452-["message",${hole(1)}]`, "binary w 01", "binary w 02", "recv w 2"],
  },
  { name: "a placeholder in a plain event", steps: echo(`2["message",${hole(0)}]`) },
  {
    name: "an ack with an attachment",
    steps: ["connect w", `text w 451-7["message-with-ack",${hole(0)}]`, "binary w 01", "recv w 2"],
  },
  {
    name: "a binary event of no attachments",
    steps: ["connect w", 'text w 450-["message",1]', "recv w 1", 'text w 42["message",2]', "quiet w"],
  },
  {
    name: "attachments over polling",
    steps: [
      "handshake a", "post a 40", "poll a 2", `post a 451-["message",${hole(0)}]`, "post a bAQID", "poll a 2",
    ],
  },
  {
    name: "a transport that changes before the attachment",
    steps: [
      "handshake a", "post a 40", "poll a 2", `post a 451-["message",${hole(0)}]`, "upgrade w a", "text w 2probe",
      "recv w 1", "text w 5", "binary w 010203", "recv w 2",
    ],
  },
  {
    name: "many events in one go",
    steps: ["connect w", 'text w 42["count",50]', "recv w 50"],
  },
];
