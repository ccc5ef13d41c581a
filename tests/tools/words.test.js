// What the binary says about itself: completions, the document, the version, its help.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startRoomcast } from '../clients/lib/process.js';
import { call } from '../clients/lib/rest.js';
import { REQUIRED } from '../clients/lib/token.js';
import { tool } from './lib/tool.js';

const COMMANDS = ['serve', 'bench', 'token', 'probe', 'doctor', 'backup', 'completions', 'openapi', 'version'];

test('bash completes the commands, and the flags of one', async () => {
  const { status, out } = await tool(['completions', 'bash']);
  assert.equal(status, 0);
  const complete = async (...words) => {
    const ask = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      ${/-F (\S+)/.exec(out)[1]} roomcast '${words.at(-1)}' '${words.at(-2)}'; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = await tool(['-c', ask], { command: 'bash' });
    assert.equal(answer.status, 0, answer.err);
    return answer.out.trim().split('\n');
  };
  assert.deepEqual((await complete('roomcast', 'do')), ['doctor']);
  assert.deepEqual((await complete('roomcast', 'doctor', '--or')), ['--origin']);
  assert.deepEqual((await complete('roomcast', 'token', 'n')), ['new']);
});

for (const shell of ['zsh', 'fish', 'elvish', 'powershell']) {
  test(`there is a script for ${shell} with every command`, async () => {
    const { status, out } = await tool(['completions', shell]);
    assert.equal(status, 0);
    for (const command of COMMANDS) assert.ok(out.includes(command), command);
  });
}

test('a shell that is not known is exit status 2', async () => {
  assert.equal((await tool(['completions', 'tcsh'])).status, 2);
});

test('openapi prints what a server answers at /openapi.json', async () => {
  for (const [args, flags, env] of [
    [[], [], {}],
    [REQUIRED, ['--auth', 'required'], {}],
    [REQUIRED, [], { ROOMCAST_AUTH: 'required' }],
  ]) {
    const server = await startRoomcast({ args, env: { ROOMCAST_DOCS_PASSWORD: 'hush' } });
    const authorization = `Basic ${btoa('docs:hush')}`;
    const { body } = await call(server, 'GET', '/openapi.json', undefined, { authorization });
    const { status, json } = await tool(['openapi', ...flags], { env });
    assert.equal(status, 0);
    assert.deepEqual(json, body);
    await server.stop();
  }
});

test('the version says what it was built from', async () => {
  const { status, json } = await tool(['version', '--json']);
  assert.equal(status, 0);
  assert.match(json.version, /^\d+\.\d+\.\d+$/);
  assert.match(json.rustc, /^rustc \d/);
  assert.ok(json.commit === null || /^[0-9a-f]{7,40}$/.test(json.commit), json.commit);
  assert.ok(json.features.includes('sqlite'));
  const { out } = await tool(['version']);
  assert.match(out, new RegExp(`^roomcast ${json.version}\\n`));
});

test('every command has examples and its exit status in --help', async () => {
  for (const words of [['serve'], ['bench'], ['config'], ['probe'], ['doctor'], ['backup'], ['completions'], ['openapi'], ['version'], ['token', 'new'], ['token', 'check']]) {
    const { status, out } = await tool([...words, '--help']);
    assert.equal(status, 0);
    assert.match(out, /\nExamples:\n {2}\S/, words.join(' '));
    assert.match(out, /\nExit status: 0/, words.join(' '));
  }
  const { out } = await tool(['--help']);
  for (const command of COMMANDS) assert.match(out, new RegExp(`\\n {2}${command} `));
});

// tests/operations/drain.test.js sees the last of them.
test('every exit status of a server is in its help and in docs/commands.md', async () => {
  const help = (await tool(['serve', '--help'])).out;
  const row = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8').split('\n').find((line) => line.startsWith('| `roomcast serve`'));
  for (const known of [0, 1, 2, 130]) {
    assert.match(help, new RegExp(`\\b${known} (it|a) `), `${known}`);
    assert.match(row, new RegExp(`\\b${known} (it|a) `), `${known}`);
  }
});

test('a reader that stops reading is no error', async () => {
  const { status, err } = await tool(['-o', 'pipefail', '-c', '"$0" openapi | head -c 1', process.env.ROOMCAST ?? 'roomcast'], { command: 'bash' });
  assert.deepEqual([status, err], [0, '']);
});
