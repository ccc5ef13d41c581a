// Pages of other origins, in a browser: whom the server lets in, with cookies.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../clients/lib/browser.js';
import { serve } from './lib/client.js';

const require = createRequire(new URL('../clients/package.json', import.meta.url));
const CLIENT = readFileSync(join(require.resolve('socket.io-client/package.json'), '../dist/socket.io.min.js'));

const house = serve();
let [browser, pages] = [];
before(async () => {
  pages = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>'));
  await once(pages.listen(0, '127.0.0.1'), 'listening');
  browser = await launch([`--host-resolver-rules=MAP *.example 127.0.0.1:${pages.address().port}`]);
});
after(async () => {
  await browser?.close();
  pages?.close();
});

/** What a page of that origin gets from a server: the echo, or the error. */
async function page(origin, name, transports) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(`${origin}/`);
  await tab.addScriptTag({ content: CLIENT.toString() });
  const said = await tab.evaluate(([url, options]) => new Promise((done) => {
    const socket = window.io(url, { reconnection: false, withCredentials: true, ...options });
    socket.on('connect_error', (error) => done(error.message));
    socket.emit('echo', 'hello', done);
  }), [house.server.url, { path: `/${name}/`, transports }]);
  await context.close();
  return said;
}

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  test(`pages of any origin may use a server for all: ${transports}`, async () => {
    assert.equal(await page('http://anybody.example', 'shared', transports), 'hello');
  });

  test(`only pages of listed origins may use a server with a list: ${transports}`, async () => {
    assert.equal(await page('http://chosen.example', 'chosen', transports), 'hello');
    assert.match(await page('http://other.example', 'chosen', transports), /^(xhr poll|websocket) error$/);
  });

  test(`no page of another origin may use a server without CORS over polling: ${transports}`, async () => {
    const said = await page('http://anybody.example', 'counted', transports);
    assert.equal(said, transports[0] === 'polling' ? 'xhr poll error' : 'hello');
  });
}
