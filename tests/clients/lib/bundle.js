// Examples that need a build, as their authors build them: JSX, TypeScript, modules for a browser.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { MODULES } from './seed.js';

/**
 * Bundles `entry`, the text of a module beside the files of the seed. `around` gives for a file what stands before and behind its text:
 * the imports that it does not show, and the export of what it only defines.
 */
export async function bundle(seed, entry, { around = {}, define = {} } = {}) {
  const load = ({ path }) => {
    const name = path.slice(seed.folder.length + 1);
    const { before = '', behind = '', replace = [] } = around[name] ?? {};
    const shown = Buffer.from(seed.text(name), 'latin1').toString();
    const text = replace.reduce((whole, [part, other]) => whole.replace(part, other), shown);
    return { contents: `${before}\n${text}\n${behind}`, loader: name.endsWith('.ts') ? 'ts' : 'jsx', resolveDir: dirname(path) };
  };
  const examples = {
    name: 'examples',
    setup: (builder) => builder.onLoad({ filter: /fixtures\/seeds\// }, load),
  };
  const result = await build({
    stdin: { contents: entry, resolveDir: seed.folder, loader: 'jsx' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    nodePaths: [MODULES],
    define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false', ...define },
    plugins: [examples],
    logLevel: 'silent',
  });
  return result.outputFiles[0].text;
}

/** A page of another origin on this machine, with a script. */
export async function site(script) {
  const page = '<!DOCTYPE html><meta charset="utf-8"><div id="root"></div><script src="/app.js"></script>';
  const server = createServer((request, response) => {
    const [type, body] = request.url === '/app.js' ? ['text/javascript', script] : ['text/html', page];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

/** The script that the CDN has. */
export const cdn = () => readFileSync(join(MODULES, 'socket.io-client-4-5-4/dist/socket.io.min.js'), 'utf8');
