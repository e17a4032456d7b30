import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startXApi, type XApi, type XApiOptions } from '../../dev/x-api/server';
import type { GeneratedPost } from '../../dev/x-api/streams/open-streams';
import { callApi, STREAM, StreamClient, until } from './client';

const RECENT = '/2/tweets/search/recent';
const ALL = '/2/tweets/search/all';
const FIELDS = 'tweet.fields=referenced_tweets,created_at';

/** A simulator that has generated 300 posts, of which no stream got one. */
async function withPosts(
  options: XApiOptions,
  run: (api: XApi, posts: GeneratedPost[]) => Promise<void>,
): Promise<void> {
  const posts: GeneratedPost[] = [];
  const api = await startXApi({
    rate: Number.POSITIVE_INFINITY,
    total: 300,
    generateWhileClosed: true,
    rules: [{ value: 'basketball' }],
    noticeShare: 0,
    searchDelayMs: 0,
    limits: { searchAllPerSecond: 100 },
    onPost: (post) => posts.push(post),
    ...options,
  });
  try {
    await until(() => posts.length >= 300, '300 posts');
    // The end of a search is at least 10 s ago: move X's clock.
    api.settings.clockOffsetMs += 60_000;
    await run(api, posts);
  } finally {
    await api.close();
  }
}

test('search: generated while closed -> every post except retweets, newest first, in pages', () =>
  withPosts({}, async (api, posts) => {
    assert.ok(posts.every(({ streams }) => streams === 0));
    assert.equal(api.sent, 0);
    const found: string[] = [];
    let pages = 0;
    for (let token = ''; pages === 0 || token; pages++) {
      const next = token && `&next_token=${token}`;
      const { status, body } = await callApi(
        api,
        `${RECENT}?query=basketball&max_results=100&${FIELDS}${next}`,
      );
      assert.equal(status, 200);
      assert.equal(body.meta.result_count, body.data.length);
      assert.deepEqual([body.meta.newest_id, body.meta.oldest_id], [body.data[0].id, body.data.at(-1).id]);
      for (const { referenced_tweets = [] } of body.data)
        assert.ok(!referenced_tweets.some(({ type }: { type: string }) => type === 'retweeted'));
      found.push(...body.data.map(({ id }: { id: string }) => id));
      token = body.meta.next_token ?? '';
    }
    assert.ok(pages > 1);
    assert.ok(found.length > 150 && found.length < 300, `${found.length}`);
    const ids = posts.map(({ id }) => id).reverse();
    assert.deepEqual(
      found,
      ids.filter((id) => found.includes(id)),
    );
    assert.equal(new Set(found).size, found.length);
  }));

test('search: times and index latency', () =>
  withPosts({}, async (api) => {
    const now = Date.now() + api.settings.clockOffsetMs;
    const seconds = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const results = async (query: string) => {
      const { body } = await callApi(api, `${RECENT}?query=basketball&max_results=100&${query}`);
      return body.meta.result_count;
    };
    assert.ok((await results(`start_time=${seconds(now - 120_000)}&end_time=${seconds(now - 15_000)}`)) > 0);
    assert.equal(await results(`end_time=${seconds(now - 120_000)}`), 0);
    assert.equal(await results(`start_time=${seconds(now - 45_000)}`), 0);
    api.settings.searchDelayMs = 3_600_000;
    assert.equal(await results(''), 0);
  }));

test('search: includes -> each object once', () =>
  withPosts({}, async (api) => {
    const { body } = await callApi(api, `${RECENT}?query=basketball&max_results=100&expansions=author_id`);
    const ids = body.includes.users.map(({ id }: { id: string }) => id);
    assert.equal(new Set(ids).size, ids.length);
  }));

test('search: invalid query -> 400', () =>
  withPosts({ total: 300 }, async (api) => {
    const long = 'x'.repeat(600);
    const now = Date.now() + api.settings.clockOffsetMs;
    for (const [path, query] of [
      [RECENT, ''],
      [RECENT, 'query=sample:10 cat'],
      [RECENT, 'query=cat bio_name:dog'],
      [RECENT, `query=${long}`],
      [ALL, `query=${long}${long}`],
      [RECENT, 'query=cat&max_results=9'],
      [RECENT, 'query=cat&max_results=101'],
      [RECENT, 'query=cat&end_time=2026'],
      [RECENT, `query=cat&end_time=${new Date(now - 1000).toISOString()}`],
      [RECENT, `query=cat&start_time=${new Date(now - 8 * 86_400_000).toISOString()}`],
      [RECENT, 'query=cat&next_token=!'],
    ])
      assert.equal((await callApi(api, `${path}?${query}`.replaceAll(' ', '%20'))).status, 400, query);
    assert.equal((await callApi(api, `${ALL}?query=${long}`)).status, 200);
    assert.equal(
      (await callApi(api, `${ALL}?query=basketball&max_results=500`)).body.data.length > 100,
      true,
    );
  }));

test('search: full archive -> one request per second', () =>
  withPosts({ limits: {} }, async (api) => {
    const statuses = await Promise.all(
      [1, 2, 3].map(async () => (await callApi(api, `${ALL}?query=cat`)).status),
    );
    assert.ok(statuses.includes(429), `${statuses}`);
    assert.ok(api.rejected429 > 0);
  }));

test('usage: posts read count, each once', () =>
  withPosts({ usage: { used: 1000, cap: 5000, resetDay: 7 } }, async (api) => {
    const read = (await callApi(api, `${RECENT}?query=basketball&max_results=50`)).body.meta.result_count;
    await callApi(api, `${RECENT}?query=basketball&max_results=50`);
    const { body } = await callApi(api, '/2/usage/tweets');
    const { project_usage, project_cap, cap_reset_day } = body.data;
    assert.deepEqual([project_usage, project_cap, cap_reset_day], [String(1000 + read), '5000', 7]);
    const some = await callApi(api, '/2/usage/tweets?usage.fields=project_cap');
    assert.deepEqual(some.body.data, { project_cap: '5000' });
  }));

test('backfill, recovery: without Enterprise -> 400 that names the parameter', () =>
  withPosts({}, async (api) => {
    for (const query of ['backfill_minutes=1', 'start_time=2026-01-01T00:00:00Z']) {
      const { status, body } = await callApi(api, `${STREAM}?${query}`);
      assert.equal(status, 400);
      assert.deepEqual(Object.keys(body.errors[0].parameters), [query.split('=')[0]]);
    }
  }));

test('backfill: the posts of the last minutes, oldest first', () =>
  withPosts({ enterprise: true }, async (api, posts) => {
    api.settings.clockOffsetMs -= 60_000;
    const client = await StreamClient.open(api, '?backfill_minutes=2');
    await until(() => client.lines.length >= 300, 'the posts');
    assert.deepEqual(
      client.messages.map(({ data }) => data.id),
      posts.map(({ id }) => id),
    );
    assert.equal(client.messages[0].matching_rules[0].id, api.rules()[0]?.id);
    client.close();
  }));

test('recovery: the posts of a period, then the end, beside the open stream', () =>
  withPosts({ enterprise: true }, async (api, posts) => {
    const open = await StreamClient.open(api);
    const now = Date.now() + api.settings.clockOffsetMs;
    const [from, to] = [new Date(now - 600_000).toISOString(), new Date(now - 1000).toISOString()];
    const recovery = await StreamClient.open(api, `?start_time=${from}&end_time=${to}`);
    assert.equal(recovery.response.statusCode, 200);
    await until(() => recovery.ended, 'the end');
    assert.deepEqual(
      recovery.messages.map(({ data }) => data.id),
      posts.map(({ id }) => id),
    );
    assert.deepEqual([open.ended, open.broken, api.maxOverlapMs], [false, false, 0]);
    assert.equal((await callApi(api, `${STREAM}?start_time=${from}`)).status, 400);
    open.close();
  }));
