// nginx and HAProxy with the very files of deploy/; only addresses, ports and paths are filled in.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, temporaryDirectory, until } from '../../clients/lib/ground.js';

const DEPLOY = fileURLToPath(new URL('../../../deploy', import.meta.url));
const TLS = fileURLToPath(new URL('../../clients/fixtures/tls', import.meta.url));
export const CA = readFileSync(join(TLS, 'cert.pem'));
const PATH = `${process.env.PATH}:/usr/sbin`;

const running = new Set();
after(() => {
  // Not SIGKILL: the worker of an nginx that is killed lives on, and holds its output open.
  for (const child of running) child.kill('SIGTERM');
});

/** A file of deploy/ with the places filled in. A place that is not there fails: the file has changed. */
function filled(name, places) {
  let text = readFileSync(join(DEPLOY, name), 'utf8');
  for (const [from, to] of places) {
    if (!text.includes(from)) throw new Error(`${name} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const servers = (ports) => ports.map((port, index) => [`127.0.0.1:${8000 + index}`, `127.0.0.1:${port}`]);

/** nginx reads its site inside of a frame, as Debian's does. */
function nginx(directory, site) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${directory}/${kind};`);
  const frame = [
    // The directory belongs to whoever runs the tests.
    ...(process.getuid() === 0 ? ['user root;'] : []),
    'daemon off;', `pid ${directory}/nginx.pid;`, 'error_log stderr warn;', 'worker_processes 1;',
    'events { worker_connections 1024; }', 'http {', 'access_log off;', ...temporary, `include ${directory}/site.conf;`, '}',
  ];
  writeFileSync(join(directory, 'site.conf'), site);
  writeFileSync(join(directory, 'nginx.conf'), frame.join('\n'));
  return ['nginx', '-p', directory, '-e', 'stderr', '-c', join(directory, 'nginx.conf')];
}

function haproxy(directory, text) {
  writeFileSync(join(directory, 'haproxy.cfg'), text);
  return ['haproxy', '-db', '-f', join(directory, 'haproxy.cfg')];
}

const KINDS = {
  nginx: (file, { plain, encrypted, ports, directory }) => nginx(directory, filled(file, [
    ['listen 80;', `listen 127.0.0.1:${plain};`], ['listen 443 ssl', `listen 127.0.0.1:${encrypted} ssl`],
    ['/etc/roomcast/tls/cert.pem', join(TLS, 'cert.pem')], ['/etc/roomcast/tls/key.pem', join(TLS, 'key.pem')], ...servers(ports),
  ])),
  haproxy: (file, { plain, encrypted, ports, directory, health }) => {
    const both = ['cert.pem', 'key.pem'].map((name) => readFileSync(join(TLS, name), 'utf8')).join('\n');
    writeFileSync(join(directory, 'chat.pem'), both);
    return haproxy(directory, filled(file, [
      ['bind :80', `bind 127.0.0.1:${plain}`], ['bind :443', `bind 127.0.0.1:${encrypted}`],
      // As many as a machine of tests lets open.
      ['/etc/haproxy/chat.pem', join(directory, 'chat.pem')], ['maxconn 100000', 'maxconn 1000'],
      ['GET /health/ready', `GET ${health}`], ...servers(ports),
    ]));
  },
};

/** nginx alone, with a site as it is. */
export function spawnNginx(directory, site) {
  const [command, ...args] = nginx(directory, site);
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, PATH } });
  running.add(child);
  return child;
}

/** The files of deploy/ for each proxy: for one instance, and for several. */
export const PROXIES = [
  { kind: 'nginx', one: 'nginx.conf', several: 'nginx-several.conf' },
  { kind: 'haproxy', one: 'haproxy.cfg', several: 'haproxy-several.cfg' },
];

/** Starts a proxy in front of servers on these ports; `health` is where they say that they are ready. */
export async function startProxy(kind, file, ports, health = '/health/ready') {
  const own = temporaryDirectory(kind);
  const [plain, encrypted] = [await freePort(), await freePort()];
  mkdirSync(own.path, { recursive: true });
  const [command, ...args] = KINDS[kind](file, { plain, encrypted, ports, health, directory: own.path });
  const check = spawnSync(command, [kind === 'nginx' ? '-t' : '-c', ...args.filter((arg) => arg !== '-db')], { env: { ...process.env, PATH }, encoding: 'utf8' });
  if (check.status !== 0) throw new Error(`${file}: ${check.error ?? ''}${check.stdout}${check.stderr}`);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH } });
  running.add(child);
  const proxy = { url: `https://127.0.0.1:${encrypted}`, plain: `http://127.0.0.1:${plain}`, log: '', exited: once(child, 'close') };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { proxy.log += text; });
  const isUp = () => fetch(proxy.plain, { redirect: 'manual' }).then(() => true, () => false);
  await until(() => `${kind} answers, its log:\n${proxy.log}`, isUp, 20_000);
  proxy.stop = async () => {
    // At once: nobody is waited for.
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 2000);
    await proxy.exited;
    clearTimeout(late);
    running.delete(child);
    own.remove();
  };
  return proxy;
}
