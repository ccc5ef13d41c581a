// The API to read, in a browser: behind its password, complete, and without a word to anybody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, screenshot } from '../clients/lib/browser.js';
import { startRoomcast } from '../clients/lib/process.js';
import { REQUIRED } from '../clients/lib/token.js';

const PAGES = ['/api-docs/', '/api-docs/events', '/openapi.json'];
const status = async (server, path, headers = {}) => (await fetch(server.url + path, { headers })).status;

test('the page shows every operation behind its password and loads nothing from elsewhere', async (t) => {
  const server = await startRoomcast({ args: REQUIRED, env: { ROOMCAST_DOCS_PASSWORD: 'hush' } });
  t.after(() => server.stop());
  for (const path of PAGES) assert.equal(await status(server, path), 401, path);
  const basic = { authorization: `Basic ${btoa('docs:hush')}` };
  for (const path of PAGES) assert.equal(await status(server, path, basic), 200, path);
  const document = await (await fetch(`${server.url}/openapi.json`, { headers: basic })).json();
  assert.match(document.openapi, /^3\.1\./);
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.ok(operations >= 18, `${operations}`);

  const browser = await launch();
  t.after(() => browser.close());
  const context = await browser.newContext({ httpCredentials: { username: 'docs', password: 'hush' } });
  const page = await context.newPage();
  const [complaints, requests] = [[], []];
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${server.url}/api-docs`);
  await page.locator('.opblock').first().waitFor({ timeout: 20_000 });
  assert.equal(await page.locator('.opblock').count(), operations);
  await screenshot(page, 'api-docs');
  // The browser asks without the password first.
  assert.deepEqual(complaints.filter((text) => !text.includes('401')), []);
  assert.deepEqual(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:')), []);
});

test('without a password it is there in development only', async (t) => {
  const open = await startRoomcast();
  t.after(() => open.stop());
  for (const path of PAGES) assert.equal(await status(open, path), 200, path);
  const required = await startRoomcast({ args: REQUIRED });
  t.after(() => required.stop());
  for (const path of PAGES) assert.equal(await status(required, path), 404, path);
});
