import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
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

test('tweet-classifier: action "status" without a payload -> all counters, on the output event', async () => {
  const { event, tweet, caught } = await load();
  const startedAt = Date.now();
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
  assert.ok(Number(since) <= startedAt);
  assert.equal(msg.topic, 'kept');
  assert.equal(msg.action, 'status');
  assert.equal(msg.kind, undefined);
  assert.deepEqual([tweet.all.length, event.all.length, caught.all.length], [2, 1, 2]);
});

test('tweet-classifier: unknown action -> error; action in a message with a payload -> data', async () => {
  const { tweet, caught } = await load();
  give({ action: 'reset' });
  const error = await caught.next();
  assert.equal(codeOf(error), 'unknown-action');
  assert.match(sentenceOf(error), /reset.*Supported: status/);
  give({ action: 'reset', payload: post });
  assert.equal((await tweet.next()).action, 'reset');
  give({ action: 'status', payload: null });
  assert.equal(codeOf(await caught.next()), 'not-a-message');
});

test('tweet-classifier: another property -> a message that has it is data', async () => {
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

test('tweet-classifier: status -> most frequent kinds; after an error its sentence until the next message', async () => {
  const { tweet, caught } = await load();
  give({ payload: post });
  await tweet.next();
  assert.deepEqual(statusesOf('n-classify'), ['tweet 1']);
  give({ payload: { what: 'ever' } });
  await caught.next();
  await until(() => statusesOf('n-classify').length === 2, 'the status of the error');
  give({ payload: post });
  await until(() => statusesOf('n-classify').length === 3, 'the counters');
  assert.deepEqual(statusesOf('n-classify'), [
    'tweet 1',
    '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.unknown-message-short',
    'tweet 2',
  ]);
});
