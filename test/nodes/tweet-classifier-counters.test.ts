import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { CounterLight } from '../../nodes/tweet-classifier/counter-light';
import classifierNode from '../../nodes/tweet-classifier/tweet-classifier';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { until } from '../until';
import { codeOf, helper, Inbox, onTab, sentenceOf, statusesOf } from './flow';

before(() => helper.startServer());
afterEach(() => helper.unload());
after(() => helper.stopServer());

const post = { id_str: '5', text: 'hello', user: {} };

async function load(property?: string): Promise<Record<Kind | 'caught', Inbox>> {
  const names = [...KINDS, 'caught'] as const;
  await helper.load(
    [classifierNode],
    onTab([
      { id: 'n-classify', type: 'tweet-classifier', property, wires: KINDS.map((kind) => [`n-${kind}`]) },
      ...KINDS.map((kind) => ({ id: `n-${kind}`, type: 'helper' })),
    ]),
  );
  return Object.fromEntries(names.map((name) => [name, new Inbox(`n-${name}`)])) as Record<
    Kind | 'caught',
    Inbox
  >;
}

const give = (msg: object): void => helper.getNode('n-classify').receive(msg as never);

test('action "status" without a payload answers with all counters, by the output event', async () => {
  const { event, tweet, caught } = await load();
  const began = Date.now();
  for (const payload of [post, post, { limit: { track: 1 } }, { what: 'ever' }, 5]) give({ payload });
  give({ action: 'status', topic: 'kept' });
  const msg = await event.next();
  const { since, ...counts } = msg.payload as Record<string, number>;
  assert.deepEqual(counts, {
    ...Object.fromEntries(KINDS.map((kind) => [kind, 0])),
    tweet: 2,
    limit: 1,
    unknown: 2,
    total: 5,
  });
  assert.ok(Number(since) <= began);
  assert.equal(msg.topic, 'kept');
  assert.equal(msg.action, 'status');
  assert.equal(msg.kind, undefined);
  assert.deepEqual([tweet.all.length, event.all.length, caught.all.length], [2, 1, 2]);
});

test('an unknown action is an error; data that carries action is data', async () => {
  const { tweet, caught } = await load();
  give({ action: 'reset' });
  const refused = await caught.next();
  assert.equal(codeOf(refused), 'unknown-action');
  assert.match(sentenceOf(refused), /reset.*knows status/);
  give({ action: 'reset', payload: post });
  assert.equal((await tweet.next()).action, 'reset');
  give({ action: 'status', payload: null });
  assert.equal(codeOf(await caught.next()), 'not-a-message');
});

test('where another property is classified, a message that has it is data', async () => {
  const { tweet, event, caught } = await load('post.text');
  give({ action: 'status', post: { text: JSON.stringify(post) } });
  assert.equal((await tweet.next()).key, '5');
  give({ action: 'status' });
  assert.equal(((await event.next()).payload as { total: number }).total, 1);
  give({ post: 5 });
  assert.equal(codeOf(await caught.next()), 'not-a-message');
  give({ action: 'status', payload: 'data of another node' });
  assert.equal(codeOf(await caught.next()), 'not-a-message');
});

test('the status shows the most frequent kinds, and what went wrong until the next message', async () => {
  const { tweet, caught } = await load();
  give({ payload: post });
  await tweet.next();
  assert.deepEqual(statusesOf('n-classify'), ['tweet 1']);
  give({ payload: { what: 'ever' } });
  await caught.next();
  await until(() => statusesOf('n-classify').length >= 2);
  give({ payload: post });
  await until(() => statusesOf('n-classify').length >= 3);
  assert.deepEqual(statusesOf('n-classify'), ['tweet 1', 'not a message of X', 'tweet 2']);
});

test('counters are shown once a second at most, the newest in the end, and not at all while nothing comes', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let count = 0;
  const shown: number[] = [];
  const light = new CounterLight(() => shown.push(count));
  const change = (): void => {
    count++;
    light.touch();
  };
  for (let i = 0; i < 100; i++) change();
  assert.deepEqual(shown, [1]);
  t.mock.timers.tick(999);
  assert.deepEqual(shown, [1]);
  t.mock.timers.tick(1);
  assert.deepEqual(shown, [1, 100]);
  t.mock.timers.tick(60_000);
  assert.deepEqual(shown, [1, 100]);
  change();
  assert.deepEqual(shown, [1, 100, 101]);
  change();
  light.yield();
  t.mock.timers.tick(60_000);
  assert.deepEqual(shown, [1, 100, 101]);
  change();
  change();
  light.close();
  t.mock.timers.tick(60_000);
  assert.deepEqual(shown, [1, 100, 101, 103]);
});
