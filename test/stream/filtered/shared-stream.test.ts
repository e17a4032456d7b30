import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

test('mode "app": no rules at X -> failed; rules at X -> all posts', async (t) => {
  const { x, subscribe, connects, until } = await setUpSharedStream(t);
  const empty = subscribe('app', { mode: 'app' });
  await until(() => empty.problemKey() === 'app-without-rules', 'the problem');
  assert.equal(connects(), 0);
  x.rules.push({ id: '1', value: 'foreign' });
  const app = subscribe('app', { mode: 'app' });
  await app.connected();
  x.send(post('1', '1'));
  await until(() => app.lines.length === 1, 'the post');
});

test('later subscriber: same fields -> same connection; more fields -> reconnect', async (t) => {
  const { x, stream, subscribe, ruleId, connects, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const b = subscribe('b');
  await b.connected();
  assert.equal(connects(), 1);
  assert.deepEqual(b.eventsWithCause, ['connected']);
  const c = subscribe('c', { fields: { fields: 'all' } });
  await c.connected();
  await a.connected();
  assert.equal(connects(), 2);
  assert.match(x.requests.at(-1) ?? '', /expansions=.*author_id.*referenced_tweets\.id/);
  assert.deepEqual(c.eventsWithCause, ['connected']);
  assert.deepEqual(a.eventsWithCause, [
    'connected',
    'disconnected settings changed',
    'connected',
    'gap settings changed',
  ]);
  stream.unregister('c', 'stop');
  await until(() => ruleId('rule of c') === '', 'the rule of c is gone');
  assert.equal(connects(), 2);
});

test('unregister: last subscriber -> connection closed', async (t) => {
  const { x, stream, subscribe, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  const b = subscribe('b');
  await a.connected();
  stream.unregister('a', 'stop');
  x.send(post('1'));
  await until(() => b.lines.length === 1, 'the post of b');
  assert.deepEqual(a.lines, []);
  stream.unregister('b', 'stop');
  await until(() => x.sockets.size === 0, 'no socket left');
});

test('unregister: before the first sync -> no request for its rules', async (t) => {
  const { stream, subscribe, ruleId, syncs } = await setUpSharedStream(t);
  subscribe('a');
  stream.unregister('a', 'stop');
  const b = subscribe('b');
  await b.connected();
  assert.equal(syncs(), 1);
  assert.equal(ruleId('rule of a'), '');
});

test('rejected rules: all -> failed, not connected; one accepted -> connected', async (t) => {
  const { x, subscribe, ruleId, connects, until } = await setUpSharedStream(t);
  x.rejects = (value) =>
    value.includes('bad') ? { value, detail: `no such operator in ${value}` } : undefined;
  const bad = subscribe('bad', { rules: [{ value: 'bad:1', tag: '' }] });
  await until(() => bad.problemKey() === 'all-rules-refused', 'the problem');
  assert.equal(connects(), 0);
  assert.deepEqual(bad.problems, [['rule-refused', undefined]]);
  const half = subscribe('half', { rules: ['bad:2', 'good'].map((value) => ({ value, tag: '' })) });
  await half.connected();
  assert.deepEqual(half.problems, [['rule-refused', undefined]]);
  x.send(post('1', ruleId('good')));
  await until(() => half.lines.length === 1, 'the post');
  assert.deepEqual(bad.lines, []);
  const none = subscribe('none', { rules: [] });
  await until(() => none.problemKey() === 'no-rules', 'the problem');
});

test('close: during a sync -> no socket left', async (t) => {
  const { x, stream, subscribe, syncs, until } = await setUpSharedStream(t);
  x.onRules = () => true;
  const a = subscribe('a');
  await until(() => syncs() === 1, 'the sync');
  stream.close();
  await until(() => x.sockets.size === 0, 'no socket left');
  assert.equal(a.last.state, 'connecting');
});
