import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import classifierNode from '../../nodes/tweet-classifier/tweet-classifier';
import { KINDS } from '../../src/tweet/kinds';
import { codeOf, helper, Inbox, onTab, sentenceOf, statusesOf } from './flow';

before(() => helper.startServer());
afterEach(() => helper.unload());
after(() => helper.stopServer());

const messages: Record<string, object> = {
  tweet: { data: { id: '1178007813257388033', text: 'basketball', created_at: '2026-11-22T10:00:00.000Z' } },
  retweet: {
    data: { id: '2', text: 'RT @a: b', referenced_tweets: [{ type: 'retweeted', id: '1' }] },
  },
  delete: { delete: { status: { id: 1, id_str: '1', user_id: 3, user_id_str: '3' } } },
  event: { event: 'follow', source: { id_str: '1' }, target: { id_str: '2' } },
  direct_message: { direct_message: { id_str: '5', text: 'hello' } },
  friends: { friends: [] },
  limit: { limit: { track: 22, timestamp_ms: '1477757470194' } },
  disconnect: { disconnect: { code: 4, stream_name: '', reason: '' } },
  warning: { warning: { code: 'FALLING_BEHIND', message: 'x', percent_full: 60 } },
  scrub_geo: { scrub_geo: { user_id: 1, user_id_str: '1', up_to_status_id: 2, up_to_status_id_str: '2' } },
  withheld: { status_withheld: { id: 1, user_id: 2, withheld_in_countries: ['DE'] } },
};

async function load(property?: string): Promise<{ inboxes: Inbox[]; caught: Inbox }> {
  await helper.load(
    [classifierNode],
    onTab([
      { id: 'n-classify', type: 'tweet-classifier', property, wires: KINDS.map((kind) => [`n-${kind}`]) },
      ...KINDS.map((kind) => ({ id: `n-${kind}`, type: 'helper' })),
    ]),
  );
  return { inboxes: KINDS.map((kind) => new Inbox(`n-${kind}`)), caught: new Inbox('n-caught') };
}

test('tweet-classifier: each kind -> its own output, with kind, key and timestamp; other properties unchanged', async () => {
  const { inboxes, caught } = await load();
  for (const [index, kind] of KINDS.entries()) {
    const payload = messages[kind];
    helper.getNode('n-classify').receive({ payload, topic: 'kept', key: 'of an earlier node' } as never);
    const msg = await (inboxes[index] as Inbox).next();
    assert.equal(msg.kind, kind);
    assert.deepEqual(msg.payload, payload);
    assert.equal(msg.topic, 'kept');
    assert.notEqual(msg.key, 'of an earlier node');
  }
  const [tweet] = (inboxes[0] as Inbox).all;
  assert.equal(tweet?.key, '1178007813257388033');
  assert.equal(tweet?.timestamp, Date.parse('2026-11-22T10:00:00.000Z'));
  assert.equal((inboxes[KINDS.indexOf('friends')] as Inbox).all[0]?.key, undefined);
  assert.deepEqual(
    inboxes.map((inbox) => inbox.all.length),
    KINDS.map(() => 1),
  );
  assert.equal(caught.all.length, 0);
});

test('tweet-classifier: not a message of X -> Catch, unchanged, with status; the next message is classified', async () => {
  const { inboxes, caught } = await load();
  for (const payload of [{}, { meta: 1, data: 2 }, [], 'Exceeded connection limit for user', 5, null]) {
    helper.getNode('n-classify').receive({ payload } as never);
    const msg = await caught.next();
    assert.deepEqual(msg.payload, payload);
    assert.ok(sentenceOf(msg).length > 20, sentenceOf(msg));
    assert.ok(codeOf(msg));
  }
  assert.ok(statusesOf('n-classify').length > 0);
  helper.getNode('n-classify').receive({ payload: messages.tweet } as never);
  assert.equal((await (inboxes[0] as Inbox).next()).kind, 'tweet');
});

test('tweet-classifier: another property -> classified, text unchanged', async () => {
  const { inboxes } = await load('post.text');
  const text = '{"delete":{"status":{"id":1178007813257388033,"user_id":3}}}';
  helper.getNode('n-classify').receive({ post: { text } } as never);
  const msg = await (inboxes[KINDS.indexOf('delete')] as Inbox).next();
  assert.equal(msg.key, '1178007813257388033');
  assert.deepEqual(msg.post, { text });
});
