// Headless Chromium, driven by playwright-core.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const HERE = resolve(fileURLToPath(import.meta.url), '..');
const SCREENSHOTS = process.env.SCREENSHOTS ?? resolve(HERE, '../../.cache/screenshots');

export function launch(args = []) {
  const executablePath = PATHS.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no chromium: apt-get install chromium');
  return chromium.launch({ executablePath, args: [...FLAGS, ...args] });
}

/** Answers the seed's CDN address with the npm package of the same version. */
export function answerCdn(context) {
  const script = readFileSync(join(require.resolve('socket.io-client-4-5-4/package.json'), '../dist/socket.io.min.js'));
  return context.route('https://cdn.socket.io/4.5.4/socket.io.min.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
}

/** Keeps a picture for a person to look at. */
export async function screenshot(page, name) {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
