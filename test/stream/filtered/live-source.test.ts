import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LiveSource } from '../../../src/stream/filtered/live-source';
import type { SourceState, StreamEvent } from '../../../src/stream/source';
import { post } from '../x-server';
import { type SharedStreamSetup, setUpSharedStream } from './shared-stream-setup';

/** A node's source with a daily limit, and what it sent. */
function sourceOf(setup: SharedStreamSetup, dailyLimit: number, node = 'n') {
  const lines: string[] = [];
  const events: StreamEvent[] = [];
  const states: SourceState[] = [];
  const source = new LiveSource(
    setup.app,
    {
      source: 'filtered',
      parameters: {},
      node,
      mode: 'own',
      rules: [{ value: `rule of ${node}`, tag: '' }],
      fields: { fields: 'default' },
      stallTimeoutMs: 30_000,
      dedupe: 100_000,
      recover: 'none',
      takeOver: false,
      dailyLimit,
    },
    {
      onMessage: (line) => lines.push(String(line.text)),
      onEvent: (event) => events.push(event),
      onState: (state) => states.push(state),
      onProblem: () => {},
      onWarning: () => {},
    },
  );
  return { source, lines, events, states, connected: () => states.at(-1)?.state === 'connected' };
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('daily limit: reached -> the node leaves, exact to the post; 00:00 UTC -> it resumes', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, until, ruleId } = setup;
  const { source, lines, events, states, connected } = sourceOf(setup, 2);
  const other = sourceOf(setup, 0, 'other');
  source.start();
  source.start();
  other.source.start();
  await until(connected, 'connected');
  const rule = ruleId('rule of n');
  x.send(post('1', rule), '{"errors":[{"title":"not a post"}]}', post('2', rule), post('3', rule));
  await until(() => lines.length === 3, 'the posts');
  await clock.advance(1000);
  assert.equal(lines.length, 3);
  assert.deepEqual(
    events.filter(({ event }) => event === 'limit').map(({ cause, lastId }) => [cause, lastId]),
    [['daily limit', '2']],
  );
  const last = states.at(-1);
  assert.ok(last?.state === 'waiting' && last.problem.key === 'daily-limit');
  // The other node stays connected: X must not charge for posts of this one.
  assert.equal(ruleId('rule of n'), '');
  assert.equal(x.rules.length, 1);
  const keepAlives = setInterval(() => x.streams.at(-1)?.write('\r\n'), 20_000);
  t.after(() => clearInterval(keepAlives));
  await clock.advance(last.untilMs - clock.now + 1000);
  assert.ok(connected());
  x.send(post('4', ruleId('rule of n')));
  await until(() => lines.length === 4, 'the post of the next day');
});

test('daily limit: three restarts -> the posts of one limit', async (t) => {
  const folder = folderFor(t);
  const setup = await setUpSharedStream(t, { folder });
  const { x, clock, until, ruleId } = setup;
  let received = 0;
  for (let starts = 0; starts < 4; starts++) {
    const { source, lines, states } = sourceOf(setup, 100);
    source.start();
    await until(() => ['connected', 'waiting'].includes(states.at(-1)?.state ?? ''), 'a state');
    if (starts > 0) assert.equal(states.at(-1)?.state, 'waiting');
    for (let id = 1; id <= 150; id++) x.send(post(String(1000 * starts + id), ruleId('rule of n')));
    await clock.advance(1000);
    received += lines.length;
    await setup.restart();
  }
  assert.equal(received, 100);
  const saved = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8'));
  assert.deepEqual(saved.today.nodes, { n: 100 });
});

test('report: posts delivered, of foreign rules, and what was included -> counted once per day', async (t) => {
  const setup = await setUpSharedStream(t);
  const { x, clock, until, ruleId } = setup;
  x.rules.push({ id: '9', value: 'foreign' });
  const { source, lines, connected } = sourceOf(setup, 0);
  source.start();
  await until(connected, 'connected');
  const line = JSON.stringify({
    data: { id: '1', text: 't' },
    includes: { users: [{}, {}], tweets: [{}] },
    matching_rules: [{ id: ruleId('rule of n') }],
  });
  x.send(line, line, post('2', '9'));
  await until(() => lines.length === 1, 'the post');
  await clock.advance(100);
  const { today, received } = source.report() as { today: Record<string, unknown>; received: number };
  assert.deepEqual(
    [today.delivered, today.foreign, today.includedUsers, today.includedPosts, received],
    [1, 1, 2, 1, 1],
  );
  assert.equal(source.postsToday, 2);
});

test('stop: before the state is loaded -> never registered', async (t) => {
  const setup = await setUpSharedStream(t);
  const { source } = sourceOf(setup, 1);
  source.start();
  await source.stop('stop');
  await setup.clock.advance(1000);
  assert.equal(setup.x.requests.length, 0);
});
