import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { classify } from '../../src/tweet/classify';
import { isJsonObject } from '../../src/tweet/json-object';
import { isoOf, timeOfPosts, unknownName, unknownValue, v1Of } from './arbitraries';
import { allSamples, expected } from './samples';

const sample = fc.constantFrom(...allSamples);

describe('classify: any sample', () => {
  it('keys in another order, at every level -> the same result', () => {
    fc.assert(
      fc.property(sample, fc.infiniteStream(fc.nat()), (sample, numbers) => {
        const shuffled = reordered(JSON.parse(sample.text), () => numbers.next().value);
        assert.deepEqual(classify(shuffled, sample.text), expected(sample));
      }),
      { numRuns: 1000 },
    );
  });

  it('unknown members added, at every level -> the same result', () => {
    fc.assert(
      fc.property(
        sample,
        fc.dictionary(unknownName, unknownValue, { minKeys: 1, maxKeys: 3 }),
        fc.boolean(),
        (sample, more, first) => {
          const message = extended(JSON.parse(sample.text), more, first);
          assert.deepEqual(classify(message, sample.text), expected(sample));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('classify: the v1.1 and the v2 form of a post', () => {
  it('any post -> the same kind, key and timestamp', () => {
    const post = fc.record({
      id: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String),
      text: fc.string(),
      time: timeOfPosts,
      references: fc.subarray(['retweeted', 'quoted', 'replied_to']),
      renamed: fc.boolean(),
      withString: fc.boolean(),
    });
    fc.assert(
      fc.property(post, ({ id, text, time, references, renamed, withString }) => {
        const v1 = {
          created_at: v1Of(time),
          text,
          user: { id: 1 },
          in_reply_to_status_id: references.includes('replied_to') ? 1 : null,
          ...(references.includes('retweeted') && { retweeted_status: { text } }),
          ...(references.includes('quoted') && { quoted_status: { text } }),
          ...(withString && { id_str: id }),
        };
        const v1Text = `${JSON.stringify(v1).slice(0, -1)},"id":${id}}`;
        const v2 = {
          data: {
            id,
            text,
            created_at: isoOf(time),
            [renamed ? 'referenced_posts' : 'referenced_tweets']: references.map((type) => ({
              type,
              id: '1',
            })),
          },
        };
        const kind = references.includes('retweeted') ? 'retweet' : 'tweet';
        assert.deepEqual(classify(v1Text), { kind, key: id, timestamp: time });
        assert.deepEqual(classify(v2), { kind, key: id, timestamp: time });
      }),
      { numRuns: 1000 },
    );
  });
});

function reordered(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, next));
  if (!isJsonObject(value)) return value;
  const ranked = Object.entries(value).map((entry) => ({ entry, rank: next() }));
  ranked.sort((a, b) => a.rank - b.rank);
  return Object.fromEntries(ranked.map(({ entry: [name, member] }) => [name, reordered(member, next)]));
}

function extended(value: unknown, more: object, first: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => extended(item, more, first));
  if (!isJsonObject(value)) return value;
  const members = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, extended(member, more, first)]),
  );
  return first ? { ...more, ...members } : { ...members, ...more };
}
