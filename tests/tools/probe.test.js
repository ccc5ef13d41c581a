// `roomcast probe`: every vocabulary is exercised, in words, in JSON and by hand.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { ROOMCAST, freePort, startRoomcast, until } from '../clients/lib/process.js';
import { SECRET, token } from '../clients/lib/token.js';
import { tool } from './lib/tool.js';

const start = (profile) => startRoomcast({ args: ['--profile', profile, '--jwt-secret', SECRET] });

test('the commands of the platform, each with its latency', async () => {
  const server = await start('platform');
  const { status, json } = await tool(['probe', server.url, '--json']);
  assert.deepEqual([status, json.ok], [0, true], JSON.stringify(json));
  assert.deepEqual(json.steps.map(({ name }) => name), ['health', 'session', 'connect', 'ping', 'status', 'info', 'echo', 'message']);
  for (const { name, ok, ms } of json.steps) assert.ok(ok && ms > 0 && ms < 5000, `${name}: ${ms}`);
  const answer = (name) => json.steps.find((step) => step.name === name).answer;
  assert.equal(answer('status').server.name, 'YektaYar API Server');
  assert.deepEqual(answer('echo').received, { message: 'Hello!', data: [1, 2, 3] });
  assert.match(answer('session').token, /^\*\*\*.{6}$/, 'no token in a report');
  const text = await tool(['probe', server.url]);
  assert.equal(text.status, 0);
  assert.match(text.out, /^roomcast probe http:\/\/127\.0\.0\.1:\d+ \(platform\)\n/);
  assert.match(text.out, /\n {2}ok {3}ping +\d+\.\d ms {2}\{"timestamp":/);
  assert.match(text.out, /\n8 of 8 steps worked, in \d+\.\d ms\n$/);
  assert.ok(!text.out.includes('\u001b'), 'no colours in a pipe');
  const mine = await tool(['probe', server.url, '--token', token({ sub: 'ada' }), '--json']);
  assert.deepEqual([mine.status, mine.json.steps.length], [0, 7]);
  assert.equal(mine.json.steps.find(({ name }) => name === 'info').answer.session.userId, 'ada');
  await server.stop();
});

for (const vocabulary of ['chatty', 'messenger', 'shows', 'chats']) {
  test(`the commands of ${vocabulary}, twice`, async () => {
    const server = await start(vocabulary);
    const own = vocabulary === 'chatty' ? [] : ['--token', token({ sub: '7', username: 'ada' })];
    for (let time = 0; time < 2; time += 1) {
      const { status, json } = await tool(['probe', server.url, '--vocabulary', vocabulary, '--json', ...own]);
      assert.equal(status, 0, JSON.stringify(json.steps.filter(({ ok }) => !ok)));
      assert.ok(json.steps.length >= 5);
    }
    await server.stop();
  });
}

test('what does not work is exit status 1, and says why', async () => {
  const closed = await tool(['probe', `http://127.0.0.1:${await freePort()}`, '--json']);
  assert.deepEqual([closed.status, closed.json.ok, closed.json.steps.length], [1, false, 1]);
  assert.match(closed.json.steps[0].detail, /no connection to 127\.0\.0\.1/);
  const server = await start('platform');
  const refused = await tool(['probe', server.url, '--token', 'x'.repeat(43), '--json']);
  const last = refused.json.steps.at(-1);
  assert.deepEqual([refused.status, last.name, last.ok], [1, 'connect', false]);
  assert.match(last.detail, /unknown_session/);
  await server.stop();
  assert.equal((await tool(['probe', '--vocabulary', 'klingon'])).status, 2);
});

test('in a terminal it takes commands by hand, in colours', async () => {
  const server = await start('platform');
  const child = spawn('script', ['-qec', `'${ROOMCAST}' probe ${server.url}`, '/dev/null'], { env: { ...process.env, TERM: 'xterm', NO_COLOR: '' } });
  let out = '';
  child.stdout.on('data', (text) => { out += text; });
  const says = (pattern) => until(() => `${pattern} is shown; this was:\n${out}`, () => pattern.test(out));
  await says(/Type an event, `help` or `quit`/);
  assert.match(out, /\u001b\[32m8 of 8 steps worked/);
  child.stdin.write('echo Hello, server!\n');
  await says(/echo_response.*\{"received":"Hello, server!"/);
  child.stdin.write('nonsense {"a":1}\n');
  await says(/ack.*"ok":false/);
  child.stdin.write('quit\n');
  const [status] = await once(child, 'close');
  assert.equal(status, 0);
  await server.stop();
});
