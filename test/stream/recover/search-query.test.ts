import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { searchQueryOf } from '../../../src/stream/recover/search-query';

test('search query: rule -> the rule itself', () => {
  for (const rule of [
    'basketball',
    '(cats OR "two dogs") lang:en -is:retweet has:links',
    'from:XDevelopers url:"https://example.com"',
    'in_reply_to_tweet_id:1539382664746020864 OR retweets_of_tweet_id:1',
    'point_radius:[2.35 48.86 16km]',
    'entity:"Michael Jordan"',
    '농구 -축구',
  ])
    assert.deepEqual(searchQueryOf(` ${rule} `), { query: rule, endpoint: 'recent' });
});

test('search query: operator that search lacks -> not recoverable, also where negated', () => {
  for (const [rule, operator] of [
    ['cats sample:10', 'sample:'],
    ['cats -bio:"cat lover"', 'bio:'],
    ['(cats OR dogs) BIO_NAME:kim', 'bio_name:'],
    ['cats bio_location:seoul', 'bio_location:'],
    ['cats followers_count:100..200', 'followers_count:'],
    ['cats min_followers:5', 'min_followers:'],
    ['cats tweets_count:5', 'tweets_count:'],
    ['cats following_count:5', 'following_count:'],
    ['cats listed_count:5', 'listed_count:'],
    ['url_title:cats', 'url_title:'],
    ['url_description:cats', 'url_description:'],
    ['url_contains:cats', 'url_contains:'],
    ['cats source:"Twitter for iPhone"', 'source:'],
    ['embedding:"furry pets" embedding_threshold:0.5', 'embedding:'],
    ['from_affiliate_of:X', 'from_affiliate_of:'],
    ['to_affiliate_of:X', 'to_affiliate_of:'],
    ['"cats dogs"~5', '"cats dogs"~5'],
  ] as const)
    assert.deepEqual(searchQueryOf(rule), { problem: 'operator', operator }, rule);
});

test('search query: operator only in a phrase or a word -> recoverable', () => {
  for (const rule of ['"the sample:10 of"', 'my_sample', '#source', '"a"~b'])
    assert.ok('query' in searchQueryOf(rule), rule);
});

test('search query: length in characters -> recent, full archive, or too long', () => {
  // An emoji is two UTF-16 units and one character.
  for (const letter of ['a', '가', '😀']) {
    const outcome = (length: number) => searchQueryOf(letter.repeat(length));
    assert.deepEqual(outcome(512), { query: letter.repeat(512), endpoint: 'recent' });
    assert.deepEqual(outcome(513), { query: letter.repeat(513), endpoint: 'all' });
    assert.deepEqual(outcome(1024), { query: letter.repeat(1024), endpoint: 'all' });
    assert.deepEqual(outcome(1025), { problem: 'too-long', length: 1025 });
  }
  const long = `entity:"Michael Jordan" ${'cats '.repeat(120)}`;
  assert.deepEqual(searchQueryOf(long), { problem: 'operator', operator: 'entity:' });
});

test('search query: any string -> a result; what is not a rule is left to X', () => {
  assert.deepEqual(searchQueryOf('"open -('), { query: '"open -(', endpoint: 'recent' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1200 }), (rule) => {
      const result = searchQueryOf(rule);
      assert.ok('problem' in result || result.query === rule.trim());
    }),
  );
});
