export const ENGINE_UPGRADE = [
  {
    name: "an upgrade",
    steps: [
      "handshake a", "upgrade w a", "text w 2probe", "recv w 1", "text w 5", "text w 4hello", "recv w 1",
      "get a", "post a 4x",
    ],
  },
  {
    name: "an upgrade with a poll waiting",
    steps: ["handshake a", "upgrade w a", "start a", "text w 2probe", "recv w 1", "answer a", "text w 5", "text w 4x", "recv w 1"],
  },
  {
    name: "an upgrade that does not wait for its poll",
    steps: ["handshake a", "upgrade w a", "start a", "text w 5", "answer a", "text w 4x", "recv w 1"],
  },
  {
    name: "what is buffered at the switch",
    steps: [
      "handshake a", "handshake b", "upgrade w a", "text w 2probe", "recv w 1",
      "post b 4!say {a} one\u001e4!say {a} two", "text w 5", "text w 4three", "recv w 3",
    ],
  },
  {
    name: "a message before the upgrade is done",
    steps: ["handshake a", "upgrade w a", "text w 2probe", "recv w 1", "text w 4early", "closed w", "post a 4x", "get a"],
  },
  {
    name: "a wrong probe",
    steps: ["handshake a", "upgrade w a", "text w 2other", "closed w", "post a 4x", "get a"],
  },
  {
    name: "a binary message before the upgrade is done",
    steps: ["handshake a", "upgrade w a", "binary w 0102", "closed w", "post a 4x", "get a"],
  },
  {
    name: "an undecodable packet before the upgrade is done",
    steps: ["handshake a", "upgrade w a", "text w abc", "closed w", "post a 4x", "get a"],
  },
  {
    name: "a probe that takes too long",
    options: { upgradeTimeout: 200 },
    steps: ["handshake a", "upgrade w a", "closed w", "post a 4x", "get a"],
  },
  {
    name: "a second websocket during the probe",
    steps: [
      "handshake a", "upgrade w a", "text w 2probe", "recv w 1", "upgrade v a", "closed v", "text w 5",
      "text w 4x", "recv w 1",
    ],
  },
  {
    name: "a second websocket after the upgrade",
    steps: ["handshake a", "upgrade w a", "text w 5", "text w 4x", "recv w 1", "upgrade v a", "closed v", "text w 4y", "recv w 1"],
  },
  {
    name: "a websocket for a websocket session",
    steps: ["open w", "recv w 1", "upgrade v w", "quiet v", "text w 4x", "recv w 1"],
  },
  {
    name: "a second try after a websocket that vanished",
    steps: ["handshake a", "upgrade w a", "text w 2probe", "recv w 1", "drop w", "quiet w", "post a 4x", "get a", "upgrade v a", "text v 5", "text v 4y", "recv v 1"],
  },
  {
    name: "a goodbye during the probe",
    steps: ["handshake a", "upgrade w a", "text w 2probe", "recv w 1", "post a 1", "closed w", "get a"],
  },
  {
    name: "an upgrade where upgrades are not offered",
    options: { allowUpgrades: false },
    steps: ["handshake a", "upgrade w a", "text w 2probe", "recv w 1", "text w 5", "text w 4x", "recv w 1"],
  },
  {
    name: "a probe and the upgrade in one segment",
    steps: ["handshake a", "upgrade w a", "text w 2probe", "text w 5", "text w 4x", "recv w 2"],
  },
];
