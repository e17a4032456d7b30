import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post } from '../x-server';
import { setUpSharedStream } from './shared-stream-setup';

test('dispatch: rule ids, unknown ids, notices -> their subscribers', async (t) => {
  const { x, app, subscribe, ruleId, connects, syncs, until } = await setUpSharedStream(t);
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
  await until(() => b.lines.length === 5, 'all lines');
  const notices = ['{"errors":[{"title":"x"}]}', 'not JSON'];
  assert.deepEqual(a.ids, ['1', '3', '4', ...notices]);
  assert.deepEqual(b.ids, ['2', '3', '4', ...notices]);
  assert.equal(app.counters.today().foreign, 2);
});

test('dispatch: numeric rule ids -> matched like strings', async (t) => {
  const { x, subscribe, ruleId, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  const b = subscribe('b');
  await a.connected();
  const id = Number(ruleId('rule of a'));
  x.send(JSON.stringify({ data: { id: '1' }, matching_rules: [{ id }] }), post('2', ruleId('rule of b')));
  await until(() => b.lines.length === 1, 'the post of b');
  assert.deepEqual(a.ids, ['1']);
});

test('dispatch: numeric rule ids above 2^53 -> their exact digits decide', async (t) => {
  const { x, subscribe, until } = await setUpSharedStream(t);
  const [idOfA, idOfB] = ['1377649934414049282', '1377649934414049283'];
  x.rules.push({ id: idOfA, value: 'rule of a' }, { id: idOfB, value: 'rule of b' });
  const a = subscribe('a');
  const b = subscribe('b');
  await a.connected();
  x.send(`{"data":{"id":"1"},"matching_rules":[{"id":${idOfA},"tag":null}]}`);
  x.send(`{"data":{"id":"2"},"matching_rules":[{"id":${idOfB},"tag":"]"}]}`, post('3', idOfB));
  await until(() => b.ids.includes('3'), 'the last post');
  assert.deepEqual([a.ids, b.ids], [['1'], ['2', '3']]);
});

test('dispatch: rule deleted by another client and restored -> posts with its old id still arrive', async (t) => {
  const { x, subscribe, ruleId, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  const before = ruleId('rule of a');
  x.rules.splice(0);
  x.rules.push({ id: '77', value: 'foreign' });
  x.send(post('1', '77'), post('2', before));
  await until(() => ruleId('rule of a') !== '' && a.ids.length === 1, 'restored');
  assert.notEqual(ruleId('rule of a'), before);
  x.send(post('3', before), post('4', ruleId('rule of a')));
  await until(() => a.ids.length === 3, 'the posts');
  assert.deepEqual(a.ids, ['2', '3', '4']);
});

test('dispatch: posts of a rule that a node no longer has -> to no node, without a request or a warning', async (t) => {
  const { x, stream, subscribe, ruleId, syncs, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  const b = subscribe('b');
  await b.connected();
  const gone = ruleId('rule of a');
  stream.unregister('a', 'stop');
  await until(() => ruleId('rule of a') === '', 'the rule is deleted');
  const before = syncs();
  x.send(post('1', gone), post('2', ruleId('rule of b')));
  await until(() => b.ids.length === 1, 'the other post');
  assert.deepEqual([a.ids, b.ids, b.warnings, syncs()], [[], ['2'], [], before]);
});

test('dispatch: posts of foreign rules -> left out and counted, one warning', async (t) => {
  const { x, app, subscribe, ruleId, until } = await setUpSharedStream(t);
  x.rules.push({ id: '1', value: 'foreign' });
  const a = subscribe('a');
  await a.connected();
  x.send(post('1', '1'), post('2', '1'), post('3', '1', ruleId('rule of a')));
  await until(() => a.lines.length === 1, 'the own post');
  assert.deepEqual(a.ids, ['3']);
  assert.equal(app.counters.today().foreign, 2);
  assert.equal(a.warnings.length, 1);
  assert.match(a.warnings[0] ?? '', /“foreign”/);
});

test('dispatch: complete last line without a line end -> a message', async (t) => {
  const { x, subscribe, ruleId, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.streams[0]?.end(post('8', ruleId('rule of a')));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, []);
});

test('dispatch: line over the limit -> a problem, the next line is a message', async (t) => {
  const { x, subscribe, until } = await setUpSharedStream(t);
  const a = subscribe('a');
  await a.connected();
  x.streams[0]?.write('z'.repeat(17 * 1024 * 1024));
  x.send('', post('1'));
  await until(() => a.lines.length === 1, 'the post');
  assert.deepEqual(a.problems, [['line-too-long', 'z'.repeat(120)]]);
});

test('dispatch: rule added by another client -> listed once; mode own gets only what its rules matched', async (t) => {
  const { x, app, subscribe, ruleId, syncs, until } = await setUpSharedStream(t);
  const own = subscribe('own');
  await own.connected();
  x.rules.push({ id: '77', value: 'foreign' });
  x.send(post('1', '77'), post('2', '77', ruleId('rule of own')), post('3', ruleId('rule of own')));
  await until(() => own.lines.length === 2 && app.counters.today().foreign === 1, 'the posts');
  assert.deepEqual(own.ids.sort(), ['2', '3']);
  assert.equal(syncs(), 2);
  const all = subscribe('all', { mode: 'app' });
  await all.connected();
  x.send(post('4', '77'));
  await until(() => all.lines.length === 1, 'the post in the mode app');
  assert.equal(own.lines.length, 2);
});

test('dispatch: list of rules that does not answer -> the post waits 5 s', async (t) => {
  const { x, clock, subscribe, ruleId, until } = await setUpSharedStream(t);
  const own = subscribe('own');
  await own.connected();
  x.onRules = () => true;
  const sentAt = clock.now;
  x.send(post('1', '99', ruleId('rule of own')), post('2', ruleId('rule of own')));
  await until(() => own.lines.length === 1, 'the other post');
  assert.deepEqual([own.ids, clock.now - sentAt], [['2'], 0]);
  await until(() => own.lines.length === 2, 'the post with the unknown rule');
  assert.equal(clock.now - sentAt, 5000);
});

test('dispatch: the same post again -> dropped where it is among the last ids, counted once', async (t) => {
  const { x, app, subscribe, ruleId, until } = await setUpSharedStream(t);
  const one = subscribe('one', { rules: [{ value: 'r', tag: '' }], dedupe: 1 });
  const off = subscribe('off', { rules: [{ value: 'r', tag: '' }], dedupe: 0 });
  await one.connected();
  await off.connected();
  for (const id of ['1', '1', '2', '1']) x.send(post(id, ruleId('r')));
  await until(() => off.lines.length === 4, 'all posts');
  assert.deepEqual(one.ids, ['1', '2', '1']);
  assert.equal(app.counters.today().delivered, 2);
});
