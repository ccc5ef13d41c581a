const all = ["connect a", "connect b", "connect c"];
const join = (who, room) => [`text ${who} 427["join","${room}"]`, `recv ${who} 1`];

/** After everything else each client emits to itself, which shows that nothing else came. */
const fence = ["a", "b", "c"].flatMap((who) => [`text ${who} 42["message","fence"]`, `recv ${who} 1`]);

const script = (name, ...steps) => ({ name, steps: [...all, ...steps.flat(), ...fence] });

export const SOCKET_ROOMS = [
  script("rooms of a socket", join("a", "!r1"), 'text a 428["rooms"]', "recv a 1", 'text a 429["leave","!r1"]', "recv a 1", 'text a 420["rooms"]', "recv a 1"),
  script("a broadcast to a room", join("b", "r2"), join("c", "r2"), 'text a 42["emit",{"to":["r2"]},"news",1]', "recv b 1", "recv c 1"),
  script("a broadcast to two rooms", join("b", "r3"), join("b", "r4"), 'text a 42["emit",{"to":["r3","r4"]},"news"]', "recv b 1"),
  script("a broadcast with an exception", join("a", "r5"), join("b", "r5"), join("c", "r5"), join("b", "r6"), 'text a 42["emit",{"to":["r5"],"except":["r6"]},"news"]', "recv a 1", "recv c 1"),
  script("a broadcast of a socket", join("a", "r7"), join("b", "r7"), 'text a 42["send",{"to":["r7"]},"news"]', "recv b 1"),
  script("a message to one id", 'text a 42["emit",{"to":["{b}"]},"for you"]', "recv b 1"),
  script("a message to the own id", 'text a 42["send",{"to":["{a}"]},"for me"]'),
  script("a message to nobody", 'text a 42["emit",{"to":["r8"]},"news"]'),
  script("a room with an odd name", join("a", "__proto__"), 'text a 42["emit",{"to":["__proto__"]},"news"]', "recv a 1"),
  script(
    "a broadcast with an attachment",
    join("b", "r9"),
    'text a 451-["emit",{"to":["r9"]},"news",{"_placeholder":true,"num":0}]', "binary a 010203", "recv b 2",
  ),
  script("the number of members", join("a", "r10"), join("b", "r10"), 'text c 421["members","/","r10"]', "recv c 1", 'text c 422["members","/","{a}"]', "recv c 1"),
  script("a volatile message", join("b", "r11"), 'text a 42["emit",{"to":["r11"],"volatile":true},"news"]', "recv b 1"),
  {
    name: "a broadcast to a room on both transports",
    steps: [
      "handshake p", "post p 40", "poll p 2", 'post p 427["join","r12"]', "get p", "connect w", ...join("w", "r12"),
      'text w 42["emit",{"to":["r12"]},"news","é"]', "recv w 1", "get p",
    ],
  },
  {
    name: "a room of a socket that is gone",
    steps: ["connect a", "connect b", ...join("b", "r13"), "drop b", "quiet a", 'text a 421["members","/","r13"]', "recv a 1"],
  },
];
