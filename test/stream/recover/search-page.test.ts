import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineOf, type Post, readPage } from '../../../src/stream/recover/search-page';

const user = (id: string, username = `name${id}`) => ({ id, username });

const lineFor = (post: Post, includes: object, errors: object[] = []): Record<string, unknown> => {
  const page = readPage({ data: [post], includes, errors, meta: {} });
  assert.ok(page);
  return JSON.parse(lineOf(post, page, [{ id: '7', tag: 'cats' }]).toString());
};

test('line: post without references -> the shape of the stream, without includes', () => {
  const post = { id: '1', text: 'é 😀' };
  const line = lineOf(post, { includes: { users: [user('2')] }, errors: [] }, [{ id: '7', tag: '' }]);
  assert.equal(line.toString(), '{"data":{"id":"1","text":"é 😀"},"matching_rules":[{"id":"7","tag":""}]}');
});

test('line: includes of a page -> only what the post refers to, in their order', () => {
  const post = {
    id: '1',
    author_id: '10',
    in_reply_to_user_id: '11',
    text: 'name19',
    conversation_id: '3',
    edit_history_tweet_ids: ['1'],
    referenced_tweets: [{ type: 'quoted', id: '2' }],
    attachments: { media_keys: ['3_1'], poll_ids: ['50'], media_source_tweet_id: ['4'] },
    entities: { mentions: [{ username: 'name12', id: '12' }, { username: 'old' }] },
    note_tweet: { entities: { mentions: [{ id: '13', username: 'name13' }] } },
    article: { cover_media: '3_2', media_entities: ['3_3'] },
    geo: { place_id: 'seoul' },
  };
  const quoted = {
    id: '2',
    author_id: '14',
    attachments: { media_keys: ['3_4'] },
    referenced_tweets: [{ type: 'quoted', id: '3' }],
    entities: { mentions: [{ id: '16', username: 'name16' }] },
  };
  const users = ['10', '11', '12', '13', '14', '16', '19'].map((id) => user(id));
  const media = ['3_1', '3_2', '3_3', '3_4', '3_9'].map((key) => ({ media_key: key }));
  const includes = {
    users: [...users, user('15', 'old')],
    tweets: [{ id: '1' }, quoted, { id: '3' }, { id: '4' }, { id: '5' }],
    media,
    polls: [{ id: '50' }, { id: '51' }],
    places: [{ id: 'seoul' }, { id: 'busan' }],
    topics: [{ id: '99' }],
  };
  const { includes: included } = lineFor(post, includes);
  assert.deepEqual(included, {
    users: [...['10', '11', '12', '13', '14'].map((id) => user(id)), user('15', 'old')],
    tweets: [{ id: '1' }, quoted, { id: '4' }],
    media: media.slice(0, 4),
    polls: [{ id: '50' }],
    places: [{ id: 'seoul' }],
  });
});

test('line: names after the rename of tweets to posts -> included too', () => {
  const post = {
    id: '1',
    referenced_posts: [{ type: 'quoted', id: '2' }],
    edit_history_post_ids: ['0', '1'],
  };
  const posts = [{ id: '0' }, { id: '2', author_id: '9' }, { id: '3' }];
  const { includes } = lineFor(post, { posts, users: [user('9')] });
  assert.deepEqual(includes, { posts: posts.slice(0, 2), users: [user('9')] });
});

test('line: errors of a page -> those about objects that the post refers to', () => {
  const post = { id: '1', referenced_tweets: [{ type: 'quoted', id: '2' }] };
  const errors = [
    { resource_id: '2', title: 'Not Found Error' },
    { value: '8', title: 'Not Found Error' },
  ];
  assert.deepEqual(lineFor(post, {}, errors).errors, [errors[0]]);
  assert.equal('errors' in lineFor({ id: '3' }, {}, errors), false);
});

test('page: answers of search -> posts with decimal ids, and the next page', () => {
  const page = readPage({ data: [{ id: '1' }, { id: 2 }, { id: 'x' }, null], meta: { next_token: 't' } });
  assert.deepEqual(page, { posts: [{ id: '1' }], includes: {}, errors: [], nextToken: 't' });
  assert.deepEqual(readPage({ meta: { result_count: 0 } }), {
    posts: [],
    includes: {},
    errors: [],
    nextToken: undefined,
  });
});

test('page: any JSON -> a page or undefined; lines of its posts are JSON', () => {
  for (const value of [undefined, null, 1, 'text', [], {}, { data: {} }, { errors: [{}] }])
    assert.equal(readPage(value), undefined, JSON.stringify(value));
  const answer = fc.record({
    data: fc.array(
      fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('id', 'geo', 'entities'), fc.jsonValue())),
    ),
    includes: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('users', 'tweets'), fc.jsonValue())),
    errors: fc.jsonValue(),
    meta: fc.jsonValue(),
  });
  fc.assert(
    fc.property(answer, (body) => {
      const page = readPage(body);
      for (const post of page?.posts ?? []) JSON.parse(lineOf(post, page ?? assert.fail(), []).toString());
      assert.ok(page);
    }),
  );
});
