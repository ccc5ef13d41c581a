// The examples of one seed, and the server they were written for: its profile on its documented port. When that port is taken, what the
// examples send there is redirected outside of their text (lib/redirect).
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { launch } from './browser.js';
import { freePort, portIsFree, startRoomcast, temporaryDirectory, until } from './process.js';
import { redirect } from './redirect/node.mjs';
import { SECRET } from './token.js';

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const HERE = dirname(fileURLToPath(import.meta.url));
const SEEDS = resolve(HERE, '../fixtures/seeds');
const MODULES = resolve(HERE, '../node_modules');
const PYTHON = process.env.PYTHON ?? resolve(HERE, '../../.cache/venv/bin/python');

/** A program of a seed that runs. */
class Example {
  constructor(child) {
    Object.assign(this, { child, printed: '' });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { this.printed += text; });
  }

  /** Waits until it has printed all of these. */
  async prints(...texts) {
    for (const text of texts) await until(() => `"${text}" is printed; this was:\n${this.printed}`, () => this.printed.includes(text));
  }

  stop() {
    this.child.kill('SIGKILL');
  }
}

export class Seed {
  /** Serves `profile`, whose documented port is `port`. */
  static async start(folder, profile, port) {
    const seed = Object.assign(new Seed(), { folder: join(SEEDS, folder), port, placeholders: [], scratch: temporaryDirectory('seed') });
    seed.redirected = !(await portIsFree(port));
    const args = ['--profile', profile, ...(profile === 'chatty' ? [] : ['--jwt-secret', SECRET])];
    seed.server = await startRoomcast(seed.redirected ? { port: await freePort(), args } : { port, listen: false, args });
    console.log(seed.redirected ? `port ${port} is taken: redirected to ${seed.server.port}` : `roomcast on port ${port}, as documented`);
    if (seed.redirected) redirect(port, seed.server.port);
    seed.environment = { ...process.env, CURL_HOME: seed.scratch.path, PYTHONIOENCODING: 'utf-8' };
    if (seed.redirected) Object.assign(seed.environment, { PYTHONPATH: join(HERE, 'redirect'), REDIRECT: `${port}=${seed.server.port}` });
    const curl = seed.redirected ? `connect-to = "localhost:${port}:127.0.0.1:${seed.server.port}"\n` : '';
    writeFileSync(join(seed.scratch.path, '.curlrc'), curl);
    return seed;
  }

  async stop() {
    await this.browser?.close();
    await this.server?.stop();
    this.scratch?.remove();
  }

  /** A file of the seed with its placeholders filled in, and not a byte else. */
  text(name) {
    const text = readFileSync(join(this.folder, name), 'latin1');
    return this.placeholders.reduce((filled, [placeholder, value]) => filled.replaceAll(placeholder, value), text);
  }

  write(name, folder = this.scratch.path) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, this.text(name), 'latin1');
    return path;
  }

  /** Runs lines for a shell, with more lines behind them; answers what they print. */
  async bash(name, more = '') {
    const path = this.write(name);
    if (more) writeFileSync(path, `${this.text(name)}${more}\n`, 'latin1');
    const { stdout } = await run('bash', [path], { env: this.environment, cwd: this.scratch.path });
    return stdout;
  }

  /** Starts a JavaScript program with a stock client of that name in reach. */
  node(name, { client = 'socket.io-client', preload = [], text } = {}) {
    const folder = join(this.scratch.path, `node-${client}-${name.replaceAll('/', '-')}`);
    const modules = join(folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    symlinkSync(dirname(require.resolve(`${client}/package.json`)), join(modules, 'socket.io-client'));
    const path = this.write(name, folder);
    const program = text ? join(folder, 'program.mjs') : path;
    if (text) writeFileSync(program, text, 'latin1');
    const before = [...preload, ...(this.redirected ? [join(HERE, 'redirect/node.mjs')] : [])];
    const imports = before.flatMap((file) => ['--import', pathToFileURL(file).href]);
    return new Example(spawn(process.execPath, [...imports, program], { env: this.environment, cwd: folder }));
  }

  python(name) {
    return new Example(spawn(PYTHON, ['-u', this.write(name)], { env: this.environment, cwd: this.scratch.path }));
  }

  /** Runs a few lines of JavaScript that need names from around them; answers the value of `result`. */
  lines(name, scope, result = 'undefined') {
    return new Function(...Object.keys(scope), `${this.text(name)}\nreturn ${result};`)(...Object.values(scope));
  }

  /** A browser of its own in which the documented port is the server's. */
  async open(options) {
    this.browser ??= await launch(this.redirected ? [`--host-resolver-rules=MAP localhost:${this.port} 127.0.0.1:${this.server.port}`] : []);
    return this.browser.newContext(options);
  }
}

export { MODULES };
