// Every fenced block of the README and of docs/ runs in some test, or is listed here with the reason why not.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROOMCAST, freePort, startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { blocks } from './lib/blocks.js';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const MODULES = join(ROOT, 'tests/clients/node_modules');
const VENV = [process.env.VENV, join(ROOT, 'tests/.cache/venv')].find((path) => path && existsSync(join(path, 'bin/python')));

const read = (name) => blocks(readFileSync(join(ROOT, name), 'utf8'));

/** What runs where, by document and by how a block begins. */
const RUN = [
  ['docs/production.md', '', 'production.test.js, in its order'],
  ['docs/getting-started.md', '', 'below, in its order'],
  ['README.md', 'import { io }', 'below'],
  ['README.md', 'import time', 'below, where the Python packages of the tests are installed'],
];

/** What does not run, with the reason. */
const EXCEPTIONS = [
  ['README.md', 'cargo build --release', 'the release build of tests/run is this one'],
  ['README.md', 'tests/run', 'it is what runs these tests'],
  ['README.md', 'cargo bench', '35 minutes on a quiet machine'],
];

/** The blocks that begin in this way. */
function documents() {
  return ['README.md', 'SECURITY.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'));
}

test('every block runs or is excused', () => {
  let count = 0;
  const used = new Set();
  for (const name of documents()) {
    for (const { line, text } of read(name)) {
      const rule = [...RUN, ...EXCEPTIONS].find(([document, start]) => document === name && text.startsWith(start));
      assert.ok(rule, `${name}:${line} runs nowhere:\n${text}`);
      used.add(rule);
      count += 1;
    }
  }
  assert.equal(used.size, RUN.length + EXCEPTIONS.length, 'a rule is about nothing');
  console.log(`${count} blocks in ${documents().length} documents, ${EXCEPTIONS.length} of them excused`);
});

/** Runs a program until it has printed `want`. */
async function prints(command, args, cwd, want) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  try {
    await until(() => `it prints ${want}; it printed:\n${said}`, () => want.test(said), 20_000);
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

function folder(t) {
  const own = temporaryDirectory('documents');
  t.after(own.remove);
  symlinkSync(MODULES, join(own.path, 'node_modules'));
  return own.path;
}

test('the twelve lines of the README hear what they say', async (t) => {
  const [server, place] = [await startRoomcast(), folder(t)];
  t.after(() => server.stop());
  const found = read('README.md');
  const script = found.find(({ language }) => language === 'js');
  writeFileSync(join(place, 'twelve.mjs'), script.text.replaceAll('http://localhost:8000', server.url));
  await prints('node', ['twelve.mjs'], place, /^1 Hello from JavaScript$/m);
  const program = found.find(({ language }) => language === 'python');
  assert.ok(program);
  if (!VENV) return t.diagnostic('no Python packages here: only the JavaScript ran');
  writeFileSync(join(place, 'twelve.py'), program.text.replaceAll('http://localhost:8000', server.url));
  await prints(join(VENV, 'bin/python'), ['twelve.py'], place, /^2 Hello from Python$/m);
});

test('getting-started.md is followed from its first block to its last', async (t) => {
  const place = folder(t);
  const ports = new Map();
  for (const port of [8000, 8001, 5000]) ports.set(port, await freePort());
  mkdirSync(join(place, 'home'));
  const filled = (text) => [...ports].reduce((all, [from, to]) => all.replaceAll(`127.0.0.1:${from}`, `127.0.0.1:${to}`), text)
    .replaceAll('target/release/roomcast', ROOMCAST);
  const env = { ...process.env, HOME: join(place, 'home'), XDG_DATA_HOME: '' };
  const serve = async (text) => {
    const child = spawn('bash', ['-c', `exec ${filled(text)}`], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (more) => { said += more; });
    await until(() => `it serves:\n${said}`, () => fetch(`http://127.0.0.1:${ports.get(8000)}/health/ready`).then(({ ok }) => ok, () => false), 20_000);
    return async () => { child.kill(); await once(child, 'close'); };
  };
  const [first, rest, live, several] = read('docs/getting-started.md');
  const stop = await serve(first.text);
  const said = spawnSync('bash', ['-euo', 'pipefail', '-c', filled(rest.text)], { env, encoding: 'utf8', timeout: 20_000 });
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stdout, /"message_text":"Good morning"/);
  assert.equal((await fetch(`http://127.0.0.1:${ports.get(8000)}/api-docs/`)).status, 200);
  writeFileSync(join(place, 'live.mjs'), filled(live.text));
  await prints('node', ['live.mjs'], place, /^joined true after 1$/m);
  await stop();
  await (await serve(several.text))();
});
