// REST through a proxy whose certificate is of the tests' own authority.
import { request } from 'node:https';
import { CA } from './proxies.js';

/** One request; the answer is `{ status, headers, body }`, the body parsed when it is JSON. `more` is for the request: `localAddress`, `headers`. */
export function call(url, method, path, json, { headers = {}, ...more } = {}) {
  return new Promise((answer, fail) => {
    const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
    const sent = request(url + path, { method, ca: CA, headers: { ...type, ...headers }, ...more }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      const isJson = /json/.test(response.headers['content-type'] ?? '');
      answer({ status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(text) : text });
    });
    sent.on('error', fail).end(json && JSON.stringify(json));
  });
}
