import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../until';
import { post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

test('dispatch: rule ids, unknown ids, notices -> their subscribers', async (t) => {
  const { x, subscribe, ruleId, connects, syncs } = await setUpSharedStream(t);
  const a = subscribe('a');
  const b = subscribe('b');
  await a.connected();
  await b.connected();
  assert.deepEqual([syncs(), connects()], [1, 1]);
  assert.match(x.requests.at(-1) ?? '', /tweet\.fields=referenced_tweets$/);

  x.send(post('1', ruleId('rule of a')), post('2', ruleId('rule of b')));
  x.send(
    post('3', ruleId('rule of a'), ruleId('rule of b')),
    post('4'),
    post('5', '99999'),
    '',
    post('6', 'undefined'),
  );
  x.send('{"errors":[{"title":"x"}]}', 'not JSON');
  await until(() => b.lines.length === 7, 'all lines');
  const notices = ['{"errors":[{"title":"x"}]}', 'not JSON'];
  assert.deepEqual(a.ids, ['1', '3', '4', '5', '6', ...notices]);
  assert.deepEqual(b.ids, ['2', '3', '4', '5', '6', ...notices]);
});

test('dispatch: numeric rule ids -> matched like strings', async (t) => {
  const { x, subscribe, ruleId } = await setUpSharedStream(t);
  const a = subscribe('a');
  const b = subscribe('b');
  await a.connected();
  const id = Number(ruleId('rule of a'));
  x.send(JSON.stringify({ data: { id: '1' }, matching_rules: [{ id }] }), post('2', ruleId('rule of b')));
  await until(() => b.lines.length === 1, 'the post of b');
  assert.deepEqual(a.ids, ['1']);
});

test('dispatch: posts of foreign rules -> left out and counted, one warning', async (t) => {
  const { x, stream, subscribe, ruleId } = await setUpSharedStream(t);
  x.rules.push({ id: '1', value: 'foreign' });
  const a = subscribe('a');
  await a.connected();
  x.send(post('1', '1'), post('2', '1'), post('3', '1', ruleId('rule of a')));
  await until(() => a.lines.length === 1, 'the own post');
  assert.deepEqual(a.ids, ['3']);
  assert.equal(stream.leftOut, 2);
  assert.equal(a.warnings.length, 1);
  assert.match(a.warnings[0] ?? '', /“foreign”/);
});

test('dispatch: complete last line without a line end -> a message', async (t) => {
  const { x, subscribe, ruleId } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.streams[0]?.end(post('8', ruleId('rule of a')));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, []);
});

test('dispatch: line over the limit -> a problem, the next line is a message', async (t) => {
  const { x, subscribe } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.streams[0]?.write('z'.repeat(17 * 1024 * 1024));
  x.send('', post('1'));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, [['line-too-long', 'z'.repeat(120)]]);
});
