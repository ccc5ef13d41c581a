const POLLING = "?EIO=4&transport=polling";
const headers = { Origin: "https://example.org" };
const asking = {
  ...headers,
  "Access-Control-Request-Method": "POST",
  "Access-Control-Request-Headers": "X-One",
};

export const CORS = [
  { name: "another origin without cors", headers, steps: ["handshake a", "post a 4x", "get a"] },
  { name: "a preflight without cors", headers: asking, steps: [`request a OPTIONS ${POLLING}`] },
  {
    name: "any origin",
    options: { cors: "*" },
    headers,
    steps: ["handshake a", "post a 4x", "get a", "request b GET ?EIO=4", "open w", "recv w 1"],
  },
  {
    name: "a preflight for any origin",
    options: { cors: "*" },
    headers: asking,
    steps: [`request a OPTIONS ${POLLING}`],
  },
  {
    name: "the one origin that is allowed",
    options: { cors: "https://example.org", credentials: true },
    headers,
    steps: ["handshake a", "post a 4x", "get a", "open w", "recv w 1"],
  },
  {
    name: "an origin that is not allowed",
    options: { cors: "https://other.org", credentials: true },
    headers,
    steps: ["handshake a", "open w"],
  },
];
