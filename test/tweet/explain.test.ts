import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify, explain } from '../../src/tweet/classify';
import type { ClassificationRule } from '../../src/tweet/rule-match';
import { allSamples } from './samples';

const cases: ReadonlyArray<[text: string, rule: ClassificationRule, by: string]> = [
  ['{"text":"x","user":{}}', 'v1-post', 'text'],
  ['{"full_text":"x","in_reply_to_status_id":null}', 'v1-post', 'full_text'],
  ['{"text":"x","user":{},"retweeted_status":{}}', 'v1-retweet', 'retweeted_status'],
  ['{"text":"x","id_str":"5"}', 'v1-partial', 'id_str'],
  ['{"id":5,"in_reply_to_status_id":4}', 'v1-partial', 'in_reply_to_status_id'],
  ['{"id":5,"retweeted_status":{"id":4}}', 'v1-retweet', 'retweeted_status'],
  ['{"text":"x","id":5,"retweeted_status":{"id":4}}', 'v1-retweet', 'retweeted_status'],
  ['{"text":"x","id_str":"5","sender_id":1}', 'v1-message', 'sender_id'],
  ['{"user":{},"limit":{"track":1}}', 'v1-key', 'limit'],
  ['{"user_protect":{"id":1}}', 'v1-key', 'user_protect'],
  ['{"for_user":1,"message":{"friends":[]}}', 'v1-key', 'friends'],
  ['{"text":"x","sender_id":1}', 'v1-message', 'sender_id'],
  ['{"type":"connection_metadata"}', 'v1-metadata', 'type'],
  ['{"id":"tag:search.twitter.com,2005:1","verb":"share"}', 'verb', 'share'],
  ['{"objectType":"activity","verb":"share"}', 'verb', 'share'],
  ['{"data":{"id":"1","text":"RT @a: b"}}', 'v2-post', 'data'],
  [
    '{"data":{"id":"1","text":"b","referenced_posts":[{"type":"retweeted"}]}}',
    'v2-retweet',
    'referenced_posts',
  ],
  ['{"id":"1","text":"b","author_id":"7","edit_history_tweet_ids":["1"]}', 'v2-bare-post', 'author_id'],
  ['{"id":"1","text":"b","edit_history_tweet_ids":["1"]}', 'v2-bare-post', 'edit_history_tweet_ids'],
  [
    '{"id":"1","text":"b","author_id":"7","referenced_tweets":[{"type":"retweeted"}]}',
    'v2-retweet',
    'referenced_tweets',
  ],
  ['{"tweet":{"id_str":"1","full_text":"b"}}', 'archive', 'tweet'],
  ['{"tweet":{"id_str":"1","full_text":"b","retweeted_status":{}}}', 'v1-retweet', 'retweeted_status'],
  ['{"data":{"withheld":{"tweet":{}}}}', 'v2-key', 'withheld'],
  ['{"data":{"id":"a","liked_tweet_id":"1"}}', 'v2-key', 'liked_tweet_id'],
  ['{"data":{"event_type":"dm.sent","payload":{}}}', 'activity', 'dm.sent'],
  [
    '{"data":{"event_type":"post.create","payload":{"referenced_tweets":[{"type":"retweeted"}]}}}',
    'v2-retweet',
    'referenced_tweets',
  ],
  ['{"errors":[{"disconnect_type":"SlowReader"}]}', 'error-ends', 'errors'],
  ['{"error":{"message":"Invalid rule"}}', 'error-stays', 'error'],
  ['{"title":"Unauthorized","detail":"x"}', 'error-stays', 'title'],
];

describe('explain', () => {
  for (const [text, rule, by] of cases) {
    it(`${text} -> ${rule} by ${by}`, () => {
      const explained = explain(text);
      assert.deepEqual([explained.rule, explained.by], [rule, by]);
    });
  }

  it('every sample -> the result of classify, and a rule that matched a name in the message', () => {
    for (const { text, name } of allSamples) {
      const { rule, by, ...result } = explain(text);
      assert.deepEqual(result, classify(text), name);
      assert.ok(text.includes(`"${by}"`), `${rule} by ${by}: ${name}`);
    }
  });
});
