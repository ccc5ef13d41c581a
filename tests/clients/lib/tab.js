// One tab with Roomcast's page, used as a person uses it: by roles and labels.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { until } from './process.js';

/** How long anything may take on a machine that does much else. */
const PATIENCE_MS = 45_000;

export class Tab {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    this.complaints = [];
    this.requests = [];
    page.on('pageerror', (error) => this.complaints.push(`page error: ${error}`));
    page.on('dialog', (dialog) => { this.complaints.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    // A script or a text that the policy refuses is a mistake of ours.
    page.on('console', (line) => { if (/Content Security Policy|Trusted ?(HTML|Script|Type)/i.test(line.text())) this.complaints.push(line.text()); });
    page.on('request', (request) => this.requests.push(request.url()));
  }

  /** Opens the page in a context of its own (a person of their own) and gives a name. */
  static async open(browser, server, name, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 780 }, ...options });
    const tab = new Tab(await context.newPage());
    tab.name = name;
    await tab.page.goto(`${server.url}/`);
    await tab.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await tab.page.getByRole('button', { name: 'Continue' }).click();
    await tab.page.locator('#my-name').filter({ hasText: name }).waitFor();
    await tab.connected();
    return tab;
  }

  close() {
    return this.page.context().close();
  }

  /** The id that the page speaks with. */
  async id() {
    return JSON.parse(await this.page.evaluate(() => sessionStorage.getItem('roomcast.me'))).id;
  }

  /** A message by its words. */
  message(text) {
    return this.page.locator('#log .message').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  /** A room in the list at the side. */
  room(name) {
    return this.page.locator('#room-lists .room-link').filter({ hasText: name });
  }

  /** The state in words is what a screen reader hears. */
  connected(ms = PATIENCE_MS) {
    return this.page.getByRole('status').filter({ hasText: /^Connected$/ }).waitFor({ timeout: ms });
  }

  async newRoom(name, kind = 'Everybody') {
    await this.page.getByRole('button', { name: 'New room' }).click();
    await this.page.getByRole('textbox', { name: 'Name of the room' }).fill(name);
    await this.page.getByRole('radio', { name: kind }).check();
    await this.page.getByRole('button', { name: 'Create' }).click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
    await this.page.locator('#empty').waitFor();
  }

  /** Rooms made by others show up when the page looks the next time; a reload looks now. */
  async enter(name) {
    const link = this.page.getByRole('navigation', { name: 'Rooms' }).getByText(name, { exact: true });
    if ((await link.count()) === 0) await this.page.reload();
    await link.click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
    // Joined and loaded.
    await this.page.locator('#log[aria-busy="false"]').waitFor({ state: 'attached' });
  }

  async say(text) {
    const field = this.page.getByRole('textbox', { name: 'Message' });
    await field.fill(text);
    await field.press('Enter');
  }

  /** The texts shown, oldest first. */
  texts() {
    return this.page.getByRole('log').locator('.text').allTextContents();
  }

  async shows(text, ms = PATIENCE_MS) {
    let shown = [];
    await until(() => `"${text}" is shown; these are: ${JSON.stringify(shown)}`, async () => {
      shown = await this.texts();
      return shown.includes(text);
    }, ms);
    assert.equal(shown.filter((one) => one === text).length, 1, `"${text}" is shown once`);
  }

  /** These texts, and no others, in this order. */
  async reads(texts) {
    let shown = [];
    await until(() => `these are shown: ${JSON.stringify(texts)}; it is ${JSON.stringify(shown)}`, async () => {
      shown = await this.texts();
      return isDeepStrictEqual(shown, texts);
    }, PATIENCE_MS);
  }

  /** Nothing went wrong in the page, and it spoke to nobody but the server. */
  assertClean(server) {
    assert.deepEqual(this.complaints, []);
    const elsewhere = this.requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'));
    assert.deepEqual(elsewhere, [], 'the page needs no network');
  }
}
