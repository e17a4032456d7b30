import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

test('restart: state file -> one gap from the last line; posts of the last 30 s are dropped', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'));
  const setup = await setUpSharedStream(t, { folder });
  const { x, clock, subscribe, ruleId, until } = setup;
  const a = subscribe('a');
  await a.connected();
  x.send(post('1', ruleId('rule of a')), post('2', ruleId('rule of a')));
  await until(() => a.lines.length === 2, 'the posts');
  const lastLineAt = clock.now;
  await clock.advance(3000);
  await setup.restart();
  await clock.advance(20_000);
  const again = subscribe('a');
  const fresh = subscribe('fresh');
  await again.connected();
  x.send(post('2', ruleId('rule of a')), post('3', ruleId('rule of a')));
  await until(() => again.lines.length === 1, 'the new post');
  assert.deepEqual(again.ids, ['3']);
  const gaps = again.events.filter(({ event }) => event === 'gap');
  assert.equal(gaps.length, 1);
  assert.equal(gaps[0]?.from, lastLineAt);
  assert.equal(gaps[0]?.lastId, '2');
  assert.equal(gaps[0]?.cause, 'restart');
  assert.ok(fresh.events.every(({ event }) => event !== 'gap'));
});

test('restart: rule removed while the process was stopped -> deleted; user tags and foreign rules stay', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'));
  const setup = await setUpSharedStream(t, { folder });
  const { x, subscribe } = setup;
  x.rules.push({ id: '1', value: 'foreign', tag: 'sport' });
  const a = subscribe('a', {
    rules: [
      { value: 'one', tag: 'sport' },
      { value: 'two', tag: 'sport' },
    ],
  });
  await a.connected();
  await setup.restart();
  const again = subscribe('a', { rules: [{ value: 'two', tag: 'sport' }] });
  await again.connected();
  assert.deepEqual(
    x.rules.map(({ value, tag }) => `${value} ${tag}`),
    ['foreign sport', 'two sport'],
  );
});

test('stop by a person -> no gap; the connect budget survives a restart', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'streams-'));
  const setup = await setUpSharedStream(t, { folder });
  const { clock, subscribe, connects } = setup;
  for (let times = 0; times < 40; times++) {
    const a = subscribe('a');
    await a.connected();
    setup.stream.unregister('a', 'stop');
    assert.ok(a.events.every(({ event }) => event !== 'gap'));
    await clock.advance(500);
  }
  await setup.restart();
  const a = subscribe('a');
  await clock.advance(1000);
  assert.equal(connects(), 40);
  assert.equal(a.problemKey(), 'x-request-budget');
});
