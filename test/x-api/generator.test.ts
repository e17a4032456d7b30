import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGenerator, type FullPost, type NoticeKind } from '../../dev/x-api/generator';
import { snowflakeTime } from '../../dev/x-api/generator/snowflake';
import type { Entities } from '../../dev/x-api/generator/types';

const START = Date.UTC(2026, 7, 1);

function clock() {
  let now = START;
  return () => (now += 7);
}

function posts(count: number, seed = 1, topics: string[] = []): FullPost[] {
  const generator = createGenerator({ seed, now: clock(), topics });
  return Array.from({ length: count }, () => generator.post());
}

const many = posts(2000);

test('generator: same seed and clock -> same posts and notices', () => {
  assert.deepEqual(posts(50, 7), posts(50, 7));
  assert.notDeepEqual(posts(50, 7), posts(50, 8));
  const notices = (seed: number) => {
    const generator = createGenerator({ seed, now: clock() });
    return Array.from({ length: 50 }, () => generator.notice());
  };
  assert.deepEqual(notices(7), notices(7));
});

test('generator: same seed, other time -> same texts', () => {
  const texts = (now: () => number) => {
    const generator = createGenerator({ seed: 3, now });
    return Array.from({ length: 100 }, () => generator.post().data.text);
  };
  assert.deepEqual(
    texts(() => START),
    texts(() => START + 86_400_000),
  );
});

test('generator: ids -> increasing decimal strings from the clock', () => {
  const frozen = createGenerator({ seed: 1, now: () => START });
  const ids = Array.from({ length: 1500 }, () => frozen.post().data.id);
  for (const id of ids) assert.match(id, /^\d{19}$/);
  assert.ok(ids.every((id, index) => index === 0 || BigInt(id) > BigInt(ids[index - 1] as string)));
  for (const { data } of many) {
    const made = snowflakeTime(data.id);
    assert.ok(made > START && made <= START + 7 * 3100 * 3);
    assert.equal(data.created_at, `${new Date(made).toISOString().slice(0, 19)}.000Z`);
  }
});

test('generator: entities -> positions match the text', () => {
  const checked = { hashtags: 0, mentions: 0, urls: 0, annotations: 0 };
  const check = (text: string, entities: Entities = {}) => {
    const characters = [...text];
    const at = (start: number, end: number) => characters.slice(start, end).join('');
    for (const { start, end, tag } of entities.hashtags ?? []) assert.equal(at(start, end), `#${tag}`);
    for (const { start, end, username } of entities.mentions ?? [])
      assert.equal(at(start, end), `@${username}`);
    for (const { start, end, url } of entities.urls ?? []) assert.equal(at(start, end), url);
    for (const { start, end, normalized_text } of entities.annotations ?? [])
      assert.equal(at(start, end + 1), normalized_text);
    for (const name of ['hashtags', 'mentions', 'urls', 'annotations'] as const)
      checked[name] += entities[name]?.length ?? 0;
    assert.doesNotMatch(text, /&(?!(amp|lt|gt);)|[<>]/, 'unescaped character');
  };
  for (const { data, includes } of many)
    for (const post of [data, ...includes.tweets]) {
      check(post.text, post.entities);
      if (post.note_tweet) check(post.note_tweet.text, post.note_tweet.entities);
    }
  for (const [name, count] of Object.entries(checked)) assert.ok(count > 300, `only ${count} ${name}`);
});

test('generator: kinds of posts -> shares of the real stream', () => {
  const share = (type?: string) =>
    many.filter(({ data }) => data.referenced_tweets?.[0]?.type === type).length / many.length;
  const near = (actual: number, expected: number) =>
    assert.ok(Math.abs(actual - expected) < 0.04, `${actual}`);
  near(share(undefined), 0.35);
  near(share('replied_to'), 0.25);
  near(share('quoted'), 0.1);
  near(share('retweeted'), 0.3);
});

test('generator: languages, scripts, emoji, attachments, long posts -> all occur', () => {
  const count = (is: (post: FullPost) => unknown) => many.filter(is).length;
  const languages = new Set(many.map(({ data }) => data.lang));
  assert.ok(languages.size >= 15, [...languages].join(' '));
  for (const code of ['en', 'ja', 'ko', 'ar', 'hi']) assert.ok(languages.has(code));
  for (const script of ['Hiragana', 'Hangul', 'Arabic', 'Devanagari', 'Thai', 'Cyrillic'])
    assert.ok(count(({ data }) => new RegExp(`\\p{sc=${script}}`, 'u').test(data.text)) > 5, script);
  assert.ok(count(({ data }) => /[\u{10000}-\u{10ffff}]/u.test(data.text)) > 300);
  assert.ok(count(({ data }) => data.text.includes('\u200d')) > 50);
  assert.ok(count(({ data }) => data.note_tweet) > 30);
  assert.ok(count(({ includes }) => includes.media.length > 0) > 200);
  assert.ok(count(({ includes }) => includes.polls.length > 0) > 10);
  assert.ok(count(({ includes }) => includes.places.length > 0) > 10);
  assert.ok(count(({ data }) => data.context_annotations) > 500);
  assert.ok(count(({ errors }) => errors.length > 0) > 5);
});

test('generator: sizes -> like real posts with all fields', () => {
  const sizes = many.map((post) => Buffer.byteLength(JSON.stringify(post))).sort((one, other) => one - other);
  const at = (share: number) => sizes[Math.floor(share * (sizes.length - 1))] as number;
  assert.ok(
    at(0.05) > 1200 && at(0.5) > 2000 && at(0.5) < 5000 && at(0.95) < 9000,
    `${at(0.05)} ${at(0.5)} ${at(0.95)}`,
  );
});

test('generator: retweet -> includes the original', () => {
  const retweets = many.filter(({ data }) => data.referenced_tweets?.[0]?.type === 'retweeted');
  for (const { data, includes } of retweets) {
    const [original] = includes.tweets;
    assert.equal(original?.id, data.referenced_tweets?.[0]?.id);
    assert.ok(BigInt(original?.id as string) < BigInt(data.id));
    const author = includes.users.find((user) => user.id === original?.author_id);
    assert.ok(data.text.startsWith(`RT @${author?.username}: `), data.text);
    assert.ok([...data.text].length <= 140);
  }
});

test('generator: topics -> in most posts', () => {
  const talking = posts(300, 2, ['basketball']).filter((post) => /basketball/i.test(JSON.stringify(post)));
  assert.ok(talking.length > 180);
});

const shapes: Record<NoticeKind, { v1: RegExp; v2?: RegExp }> = {
  delete: { v1: /^{"delete":/, v2: /^{"data":{("delete":|.*"event_type":"post\.delete")/ },
  event: {
    v1: /"event":|"user_suspend"|"drop"/,
    v2: /^{"data":{"(user_|drop|undrop|tweet_edit|public_|event_uuid)/,
  },
  direct_message: { v1: /^{"direct_message":/, v2: /"event_type":"dm\.received"/ },
  friends: { v1: /^{"friends(_str)?":\[/ },
  limit: { v1: /^{"limit":{"track":\d+/ },
  disconnect: { v1: /^{"disconnect":{"code":\d+/, v2: /^{"errors":\[{"title":"operational-disconnect"/ },
  warning: { v1: /^{"warning":{"code"/, v2: /^{"errors":\[{/ },
  scrub_geo: { v1: /^{"scrub_geo":/, v2: /^{"data":{"scrub_geo":/ },
  withheld: { v1: /^{"(status|user)_withheld":/, v2: /^{"data":{"(user_)?withheld":/ },
};

test('generator: notice of each kind, v1.1 and v2 -> its format', () => {
  const generator = createGenerator({ seed: 4 });
  generator.post();
  for (const [kind, { v1, v2 }] of Object.entries(shapes))
    for (let count = 0; count < 20; count++) {
      const older = generator.notice(kind as NoticeKind, 'v1');
      assert.match(older, v1);
      JSON.parse(older);
      if (v2) assert.match(generator.notice(kind as NoticeKind, 'v2'), v2);
      else
        assert.throws(
          () => generator.notice(kind as NoticeKind, 'v2'),
          /A (friends|limit) notice does not exist in the v2 format/,
        );
      JSON.parse(generator.notice(kind as NoticeKind));
    }
});

test('generator: v1.1 ids -> exact numbers above 2^53', () => {
  const generator = createGenerator({ seed: 4 });
  generator.post();
  const line = generator.notice('scrub_geo', 'v1');
  assert.match(line, /"up_to_status_id":(\d{19}),"up_to_status_id_str":"\1"/);
});

test('generator: notice without a kind -> any but disconnect, mostly deletes', () => {
  const generator = createGenerator({ seed: 4 });
  const lines = Array.from({ length: 2000 }, () => generator.notice());
  const share = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length / lines.length;
  assert.ok(share(/"delete":|post\.delete/) > 0.5);
  for (const kind of ['friends', 'limit', 'warning', 'scrub_geo', 'withheld', 'direct_message'])
    assert.ok(
      lines.some((line) => shapes[kind as NoticeKind].v1.test(line)),
      kind,
    );
  assert.equal(share(/^{"disconnect"|operational-disconnect/), 0);
});
