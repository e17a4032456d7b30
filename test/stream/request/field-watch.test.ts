import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldWatch } from '../../../src/stream/request/field-watch';

const requested = { 'tweet.fields': 'created_at,referenced_tweets' };
const post = (text: string, more: object = {}) => ({ data: { id: '1', text, ...more } });
const dated = { created_at: '2026-08-22T12:00:00.000Z' };

test('fields: post without the requested created_at -> one warning; not requested or present -> none', () => {
  const watch = new FieldWatch();
  assert.equal(watch.check(post('a', dated), requested), undefined);
  assert.equal(watch.check(post('a'), { 'tweet.fields': 'referenced_tweets' }), undefined);
  assert.equal(watch.check(post('a'), requested)?.key, 'fields-missing');
  assert.equal(watch.check(post('a'), requested), undefined);
  assert.equal(watch.check({ errors: [] }, requested), undefined);
});

test('fields: three posts with "RT @" without references -> one warning; any reference before -> none', () => {
  const watch = new FieldWatch();
  const keys = [1, 2, 3, 4].map(() => watch.check(post('RT @a: b', dated), requested)?.key);
  assert.deepEqual(keys, [undefined, undefined, 'references-missing', undefined]);
  const good = new FieldWatch();
  good.check(post('RT @a: b', { ...dated, referenced_posts: [{ type: 'retweeted', id: '2' }] }), requested);
  for (let count = 0; count < 5; count++) {
    assert.equal(good.check(post('RT @a: b', dated), requested), undefined);
  }
});
