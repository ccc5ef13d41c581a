// What goes wrong, in words for who sits in front of the page.

/** A capital letter and a full stop. */
export const asSentence = (words) => `${words[0].toUpperCase()}${words.slice(1).replace(/\.$/, "")}.`;

function soon(ms) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 3) return "in a moment";
  return seconds < 120 ? `in ${seconds} seconds` : `in about ${Math.round(seconds / 60)} minutes`;
}

/** Why the server did not do what it was asked, by an event or over HTTP. */
export function refusal({ code, message, details, retry_after_ms: pause }) {
  if (code === "rate_limited") return `The server asks to slow down. Try again ${soon(pause ?? 0)}.`;
  const [size] = /\d+ bytes/.exec(details) ?? [];
  if (code === "too_large" && size) return `It is too long for this server, which takes at most ${size}.`;
  return asSentence(details || message);
}

/** Why messages wait although there is a connection, or null when they were refused for good. */
export function pace({ code, retry_after_ms: pause }) {
  if (code === "unavailable") return "The server cannot store messages at the moment. What waits here is sent as soon as it can.";
  if (pause === undefined) return null;
  return `The server asks to slow down. What waits here is sent by itself, the next message ${soon(pause)}.`;
}

const TOKENS = {
  expired: "it has expired",
  not_yet_valid: "it is not valid yet",
  signature: "it is not signed with a key of this server",
  malformed: "it is not a whole token",
  audience: "it is meant for another service",
  issuer: "it was given out by somebody this server does not know",
  unknown_session: "its session has ended",
};

export const tokenRefusal = ({ message, data }) => asSentence(`The token was refused: ${TOKENS[data?.reason] ?? message}`);

/** Why there is no connection: `{status, message}` of the refused handshake, or nothing when nobody answered. */
export function closedDoor(refused, wasIn) {
  const then = wasIn ? "What you write is sent as soon as it is back." : "This page keeps trying.";
  if (!refused) return `${wasIn ? "The connection is lost." : "The server does not answer."} ${then}`;
  return `${doorWords(refused)} ${then}`;
}

function doorWords({ status, message }) {
  if (status === 429) return "Too many connections come from your network at the moment.";
  if (status === 503) return /too many/i.test(message) ? "The server is full at the moment." : "The server is stopping or starting.";
  return asSentence(`The server refuses the connection: ${message ?? status}`);
}
