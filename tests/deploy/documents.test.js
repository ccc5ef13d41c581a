// Every block of every document runs here, or is listed with the reason why not; every link leads somewhere.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { launch } from '../clients/lib/browser.js';
import { ROOMCAST, freePort, startRoomcast, temporaryDirectory, until } from '../clients/lib/process.js';
import { ROOT, anchors, fenced, files, indented, read } from './lib/blocks.js';
import { Machine } from './lib/production.js';
import { UNIT, complaints, startUnit } from './lib/systemd.js';

const MODULES = join(ROOT, 'tests/clients/node_modules');
const VENV = [process.env.VENV, join(ROOT, 'tests/.cache/venv')].find((path) => path && existsSync(join(path, 'bin/python')));
const DEPLOY = files('', 'deploy');
const DOCUMENTS = files('.md');

/** What does not run: the document, how the block begins, and the reason. */
const EXCEPTIONS = [
  ['README.md', 'cargo build --release', 'a release build takes minutes; tests/run makes one that is optimised less, and what it makes is started here'],
  ['README.md', 'tests/run', 'it is what runs this'],
  ['README.md', 'cargo bench', 'its two lines take 5 and 30 minutes on a quiet machine'],
  ['docs/production.md', 'sudo apt-get install', 'it installs packages on the machine; the tests have a list of their own, tests/steps/install.sh'],
  ['deploy/roomcast.service', 'systemctl reload roomcast', 'there is no systemd where the tests run; its signals are sent in tests/clients/settings.test.js and unit.test.js'],
  ['fuzz/README.md', 'cargo install cargo-fuzz', 'it needs a nightly compiler and a minute; tests/run long fuzzes every target'],
  ['socketio/src/features.md', '', 'cargo test runs them, as the documentation of the crate'],
  ['tests/clients/README.md', 'cargo build --release', 'tests/run runs the same commands'],
];

const ran = new Set();
const reasons = new Set();
const blocks = (name) => (DEPLOY.includes(name) ? indented(read(name)) : fenced(read(name)));
const exception = (name, text) => EXCEPTIONS.find(([document, start]) => document === name && text.startsWith(start));

/** The blocks of a document that are not excused, for the test that runs them: as many as it knows of. */
function run(name, count) {
  const found = blocks(name).filter(({ text }) => !exception(name, text));
  assert.equal(found.length, count, `${name} has other blocks than this test knows`);
  for (const { line } of found) ran.add(`${name}:${line}`);
  return found.map(({ text }) => text);
}

function folder(t) {
  const own = temporaryDirectory('documents');
  t.after(own.remove);
  symlinkSync(MODULES, join(own.path, 'node_modules'));
  return own.path;
}

/** Starts a program; `says` waits until it has printed something. */
function start(t, command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const exited = once(child, 'close');
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { said += text; });
  return {
    says: (want) => until(() => `it prints ${want}; it printed:\n${said}`, () => want.test(said), 20_000),
    end: async () => { child.kill(); await exited; },
  };
}

test('the program of the README hears what it says', async (t) => {
  const [script] = run('README.md', 1);
  const [server, place] = [await startRoomcast(), folder(t)];
  t.after(() => server.stop());
  writeFileSync(join(place, 'first.mjs'), script.replaceAll('http://localhost:8000', server.url));
  await start(t, 'node', ['first.mjs'], { cwd: place }).says(/^1 Hello from JavaScript$/m);
});

test('getting-started.md is followed from its first block to its last', async (t) => {
  const [first, rest, live, python, several] = run('docs/getting-started.md', 5);
  const place = folder(t);
  const ports = new Map();
  for (const port of [8000, 8001, 5000]) ports.set(port, await freePort());
  mkdirSync(join(place, 'home'));
  const filled = (text) => [...ports].reduce((all, [from, to]) => all.replaceAll(`127.0.0.1:${from}`, `127.0.0.1:${to}`), text)
    .replaceAll('target/release/roomcast', ROOMCAST);
  const options = { cwd: place, env: { ...process.env, HOME: join(place, 'home'), XDG_DATA_HOME: '' } };
  const serve = async (text) => {
    const server = start(t, 'bash', ['-c', `exec ${filled(text)}`], options);
    const [port] = ports.values();
    await until('it serves', () => fetch(`http://127.0.0.1:${port}/health/ready`).then(({ ok }) => ok, () => false), 20_000);
    return server;
  };
  const server = await serve(first);
  const said = spawnSync('bash', ['-euo', 'pipefail', '-c', filled(rest)], { ...options, encoding: 'utf8', timeout: 20_000 });
  assert.equal(said.status, 0, said.stderr);
  assert.match(said.stdout, /"message_text":"Good morning"/);
  assert.equal((await fetch(`http://127.0.0.1:${ports.get(8000)}/api-docs/`)).status, 200);
  writeFileSync(join(place, 'live.mjs'), filled(live));
  const listener = start(t, 'node', ['live.mjs'], options);
  await listener.says(/^joined true after 1$/m);
  if (VENV) {
    writeFileSync(join(place, 'live.py'), filled(python));
    await start(t, join(VENV, 'bin/python'), ['live.py'], options).says(/^2 Hello from Python$/m);
    await listener.says(/^2 Hello from Python$/m);
  } else t.diagnostic('the Python packages of the tests are not installed here: its block did not run');
  await server.end();
  await (await serve(several)).end();
});

test('production.md is followed to a chat in the browser', async (t) => {
  const [binary, secret, certificate, settings, service, proxy, token, hosts, look, without] = run('docs/production.md', 10);
  const begun = Date.now();
  const machine = await Machine.make();
  t.after(machine.remove);
  for (const text of [binary, secret, certificate]) machine.run(text);
  assert.match(machine.run(settings), /^ok$/m);
  // systemd is not here: the unit is started as it would be, up to the word that it is ready.
  const [install, reload, enable, health] = service.trim().split('\n');
  machine.run([install, reload, enable].join('\n'));
  assert.deepEqual(machine.asked(), ['daemon-reload', 'enable --now roomcast']);
  const unit = await startUnit(machine.moved(machine.file('etc/systemd/system/roomcast.service')), { directory: machine.place });
  t.after(() => unit.child.kill('SIGKILL'));
  assert.match(machine.run(health), /"status":"ok"/);
  machine.run(proxy);
  assert.deepEqual(machine.asked(), ['nginx -t', 'reload nginx']);
  await machine.proxy(t);
  machine.run(token);
  machine.run(hosts);
  assert.equal(machine.file('etc/hosts'), '127.0.0.1 chat.example.com\n');

  const address = new URL(machine.run(look).trim().split('\n').at(-1));
  assert.equal(address.host, 'chat.example.com');
  const map = `MAP ${address.host}:443 127.0.0.1:${machine.encrypted}`;
  const browser = await launch([`--host-resolver-rules=${map}`, '--ignore-certificate-errors']);
  t.after(() => browser.close());
  const ada = await visit(browser, address.href);
  await ada.getByRole('button', { name: 'Make a room' }).click();
  await ada.getByLabel('Name of the room').fill('Garden');
  await ada.getByRole('button', { name: 'Create' }).click();
  await ada.locator('#text').fill('Good morning');
  await ada.locator('#text').press('Enter');
  machine.run(token.replace('--user ada --name Ada', '--user bob --name Bob'));
  const bob = await visit(browser, machine.run('echo "https://$NAME/#token=$TOKEN"').trim());
  await bob.getByText('Garden').first().click();
  await bob.locator('#log').getByText('Good morning').waitFor({ timeout: 20_000 });
  assert.equal(await status(machine.encrypted, '/chatrooms/'), 401, 'nobody without a token');

  const [listen, ...tls] = without.split('\n');
  const file = machine.file('etc/roomcast/roomcast.toml').replace(/^listen.*$/m, listen).replace(/^trusted_proxies.*$/m, '');
  machine.run(`echo '${file}${tls.join('\n')}' > $PLACE/alone.toml\nroomcast config check --config $PLACE/alone.toml`);
  assert.equal(await unit.stop(), 0);
  console.log(`a chat in the browser after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
});

/** A page of its own, once it is connected. */
async function visit(browser, address) {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await page.goto(address);
  await page.getByRole('status').filter({ hasText: /^Connected$/ }).waitFor({ timeout: 20_000 });
  return page;
}

function status(port, path) {
  return new Promise((answer, fail) => {
    request({ host: '127.0.0.1', port, path, rejectUnauthorized: false }, (response) => { response.resume(); answer(response.statusCode); }).on('error', fail).end();
  });
}

test('what the files of deploy/ say in comments is right', (t) => {
  const place = folder(t);
  for (const name of DEPLOY.filter((path) => /\.(conf|cfg)$/.test(path))) {
    const [line] = run(name, 1);
    const file = join(place, 'proxy.toml');
    writeFileSync(file, `${line}\n`);
    const said = spawnSync(ROOMCAST, ['config', 'check', '--config', file], { encoding: 'utf8' });
    assert.equal(said.status, 0, said.stderr);
  }
  const [rights] = run('deploy/roomcast.service', 1);
  const unit = UNIT.replace(/^CapabilityBoundingSet=$/m, rights);
  assert.notEqual(unit, UNIT);
  const said = complaints(unit, place);
  if (said) assert.deepEqual(said, []);
  else t.diagnostic('no systemd-analyze here: it was not asked about the rights');
});

test('commands.md has every command, and exit statuses as --help has them', () => {
  const help = (...command) => spawnSync(ROOMCAST, [...command, '--help'], { encoding: 'utf8' }).stdout;
  const page = read('docs/commands.md');
  const commands = /^Commands:\n((?:  .*\n)+)/m.exec(help())[1].matchAll(/^  ([a-z]+) /gm);
  for (const [, command] of commands) if (command !== 'help') assert.ok(page.includes(`\`roomcast ${command}`), command);
  const rows = [...page.matchAll(/^\| `roomcast ([^`]+)`.*\| ([^|]+) \|$/gm)];
  assert.ok(rows.length >= 12, `${rows.length}`);
  for (const [, command, exits] of rows) {
    const words = command.split(' ').filter((word) => /^[a-z]+$/.test(word));
    const said = help(...words).includes('Exit status') ? help(...words) : help(words[0]);
    assert.ok(said.includes(`Exit status: ${exits}`), `${command}: ${exits}`);
  }
});

test('rest.md has every operation of the API', () => {
  const { paths } = JSON.parse(spawnSync(ROOMCAST, ['openapi'], { encoding: 'utf8' }).stdout);
  const page = read('docs/rest.md');
  let count = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations).filter((name) => /^(get|post|put|patch|delete)$/.test(name))) {
      assert.ok(page.includes(`\`${method.toUpperCase()} ${path}\``), `${method} ${path}`);
      count += 1;
    }
  }
  assert.ok(count >= 18, `${count}`);
});

test('every link leads somewhere', () => {
  let count = 0;
  // Documents of crates link to items; those links are cargo doc's to check.
  for (const name of DOCUMENTS.filter((path) => !path.includes('/src/'))) {
    for (const [, target] of read(name).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path, anchor] = target.split('#');
      const file = path ? normalize(join(dirname(name), path)) : name;
      assert.ok(existsSync(join(ROOT, file)), `${name}: ${target}`);
      if (anchor) assert.ok(anchors(read(file)).includes(anchor), `${name}: ${target}`);
      count += 1;
    }
  }
  assert.ok(count > 40, `${count}`);
});

test('every block ran or is excused, and every excuse is needed', () => {
  const all = [...DOCUMENTS, ...DEPLOY].flatMap((name) => blocks(name).map((block) => ({ name, ...block })));
  for (const { name, line, text } of all) {
    const excuse = exception(name, text);
    if (excuse) reasons.add(excuse);
    else assert.ok(ran.has(`${name}:${line}`), `${name}:${line} runs nowhere:\n${text}`);
  }
  const idle = EXCEPTIONS.filter((excuse) => !reasons.has(excuse));
  assert.deepEqual(idle, [], 'there is no such block');
  assert.match(read('socketio/src/features.rs'), /include_str!\("features\.md"\)/);
  console.log(`${all.length} blocks, ${ran.size} ran here; not run:`);
  for (const [name, start, reason] of EXCEPTIONS) console.log(`  ${name}, ${start || 'all'}: ${reason}`);
});
