import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { root } from '../../dev/paths';
import { watchOptionsFrom } from '../../dev/stream/watch-arguments';
import { startXApi } from '../../dev/x-api/server';
import { until } from '../until';

type Line = { type: string } & Record<string, unknown>;

class Watch {
  readonly lines: Line[] = [];
  private readonly child: ChildProcess;

  constructor(t: TestContext, args: string[]) {
    const script = join(root, 'dev/stream/watch.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.lines.push(JSON.parse(line)));
    this.child = child;
    t.after(() => child.kill('SIGKILL'));
  }

  /** Resolves when a line has this type and these values. */
  has(type: string, values: object = {}): Promise<void> {
    const wanted = Object.entries(values);
    const matches = (line: Line): boolean =>
      line.type === type && wanted.every(([name, value]) => line[name] === value);
    return until(() => this.lines.some(matches), `${type} ${JSON.stringify(values)}`);
  }

  async end(signal: 'SIGINT' | 'SIGTERM'): Promise<[code: number | null, signal: string | null]> {
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    return (await closed) as [number | null, string | null];
  }
}

test('watch: a drop and a restart with --state -> events and counters as JSON lines, ends cleanly', async (t) => {
  const api = await startXApi({ rate: 50, noticeShare: 0 });
  t.after(() => api.close());
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const args = ['--url', api.url, '--token', api.settings.bearerToken, '--rule', 'kafka', '--state', folder];
  const first = new Watch(t, args);
  await first.has('event', { event: 'connected' });
  await until(() => first.lines.some(({ type, posts }) => type === 'counters' && Number(posts) > 0), 'posts');
  api.endStreams();
  await first.has('event', { event: 'gap' });
  assert.deepEqual(await first.end('SIGINT'), [0, null]);
  assert.equal(first.lines.at(-1)?.type, 'end');
  assert.ok(!first.lines.some(({ type }) => type === 'post'));
  assert.ok(!JSON.stringify(first.lines).includes(api.settings.bearerToken));
  await until(() => api.open === 0, 'no stream is open');

  const second = new Watch(t, [...args, '--posts', '--recover', 'search']);
  await second.has('post');
  await second.has('state', { state: 'recovering' });
  assert.deepEqual(await second.end('SIGTERM'), [0, null]);
  assert.equal(second.lines.at(-1)?.type, 'end');
});

test('watch: a wrong token -> failed with its problem, still ends cleanly', async (t) => {
  const api = await startXApi();
  t.after(() => api.close());
  const watch = new Watch(t, ['--url', api.url, '--token', 'wrong', '--rule', 'kafka']);
  await watch.has('state', { state: 'failed' });
  const failed = watch.lines.find(({ state }) => state === 'failed');
  assert.equal(typeof failed?.problem, 'string');
  assert.deepEqual(await watch.end('SIGTERM'), [0, null]);
});

test('watch: arguments -> options, or an error that names the invalid one', () => {
  const required = ['--url', 'https://api.x.com/', '--token', 'token', '--rule', 'one'];
  assert.deepEqual(watchOptionsFrom([...required, '--rule', 'two']), {
    url: 'https://api.x.com',
    token: 'token',
    rules: ['one', 'two'],
    recover: 'none',
    state: undefined,
    posts: false,
  });
  assert.equal(watchOptionsFrom(['--help']), undefined);
  for (const [args, name] of [
    [['--url', 'ftp://x', '--token', 'token', '--rule', 'one'], /--url/],
    [['--url', 'https://x', '--rule', 'one'], /--token/],
    [['--url', 'https://x', '--token', 'token'], /--rule/],
    [[...required, '--recover', 'all'], /--recover/],
    [[...required, '--what'], /--what/],
  ] as const)
    assert.throws(() => watchOptionsFrom([...args]), name);
});
