import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type GapSearchOptions, searchGap } from '../../../src/stream/recover/gap-search';
import { RequestBudget } from '../../../src/stream/state/request-budget';
import { type Archive, FakeSearch, idsFrom } from './fake-search';

const noon = Date.UTC(2026, 7, 22, 12);
const first = 1178007813257388033n;

const budget = (count: number, windowMs = 15 * 60_000) => new RequestBudget({ count, windowMs });

/** A search on a clock that only its own waits advance. */
function setUp(t: TestContext | undefined, archive: Archive, options: Partial<GapSearchOptions> = {}) {
  t?.mock.timers.enable({ apis: ['Date'], now: noon });
  const search = new FakeSearch(archive);
  search.now = noon;
  const posts: { id: string; rules: string[] }[] = [];
  const run = () =>
    searchGap({
      request: search.request,
      rules: Object.keys(archive).map((value, at) => ({ id: String(at + 1), value, tag: `tag of ${value}` })),
      fields: { 'tweet.fields': 'created_at' },
      from: noon - 6 * 60_000,
      to: noon - 30_000,
      now: () => search.now,
      budgets: { recent: [budget(450)], all: [budget(300), budget(1, 1000)] },
      room: () => Number.POSITIVE_INFINITY,
      onFound: () => {},
      onPost: (line, id) => {
        const { data, matching_rules: rules } = JSON.parse(line.toString());
        assert.equal(data.id, id);
        posts.push({ id, rules: rules.map((rule: { id: string }) => rule.id) });
      },
      stopped: () => false,
      ready: async () => {},
      sleep: async (ms) => {
        search.now += ms;
        t?.mock.timers.setTime(search.now);
      },
      ...options,
    });
  return { search, posts, run, ids: () => posts.map(({ id }) => id) };
}

test('gap search: two rules, several pages -> each post once, oldest first, with its rules', async (t) => {
  const cats = idsFrom(first, 250);
  const dogs = idsFrom(first + 200n, 100);
  const { search, posts, run } = setUp(t, { cats, dogs });
  const result = await run();
  assert.deepEqual(result, { posts: 300, requests: 4, notRecovered: [], retweets: false });
  assert.deepEqual(
    posts.map(({ id }) => id),
    idsFrom(first, 300),
  );
  assert.deepEqual(
    posts.filter(({ rules }) => rules.length === 2).map(({ id }) => id),
    idsFrom(first + 200n, 50),
  );
  assert.deepEqual(search.requests.map(({ path, query }) => [path, query]).slice(0, 2), [
    [
      'tweets/search/recent',
      {
        query: 'cats',
        start_time: '2026-08-22T11:53:50Z',
        end_time: '2026-08-22T11:59:31Z',
        max_results: '100',
        'tweet.fields': 'created_at',
      },
    ],
    [
      'tweets/search/recent',
      {
        query: 'cats',
        start_time: '2026-08-22T11:53:50Z',
        end_time: '2026-08-22T11:59:31Z',
        max_results: '100',
        'tweet.fields': 'created_at',
        next_token: '100',
      },
    ],
  ]);
});

test('gap search: any archive -> all posts of all rules, as a model', async () => {
  const id = fc.integer({ min: 0, max: 400 }).map((offset) => String(first + BigInt(offset)));
  const archives = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'long '.repeat(120).trim()),
    fc.uniqueArray(id, { maxLength: 150 }),
  );
  await fc.assert(
    fc.asyncProperty(archives, async (archive) => {
      const { posts, run } = setUp(undefined, archive, {
        budgets: { recent: [budget(450)], all: [budget(300)] },
      });
      const result = await run();
      const rules = Object.keys(archive);
      const all = [...new Set(Object.values(archive).flat())].sort();
      assert.deepEqual(
        posts,
        all.map((one) => ({
          id: one,
          rules: rules.flatMap((rule, at) => (archive[rule]?.includes(one) ? [String(at + 1)] : [])),
        })),
      );
      assert.equal(result.posts, all.length);
      const pages = rules.map((rule) => Math.max(1, Math.ceil((archive[rule]?.length ?? 0) / 100)));
      assert.equal(
        result.requests,
        pages.reduce((sum, count) => sum + count, 0),
      );
    }),
    { numRuns: 50 },
  );
});

test('gap search: end of the outage just now -> end_time 10 s before now', async (t) => {
  const { search, run } = setUp(t, { cats: [] }, { to: noon - 1 });
  await run();
  assert.equal(search.requests[0]?.query.end_time, '2026-08-22T11:59:50Z');
});

test('gap search: outage of 10 days -> the last 7 days, and the rest is reported', async (t) => {
  const archive = { cats: [String(first)], ['dog '.repeat(200).trim()]: [] };
  const { search, ids, run } = setUp(t, archive, { from: noon - 10 * 24 * 3600_000 });
  const { notRecovered } = await run();
  assert.deepEqual(
    notRecovered.map(({ rule, reason }) => [rule.id, reason]),
    [['1', 'too-old']],
  );
  assert.deepEqual(
    search.requests.map(({ query }) => query.start_time),
    ['2026-08-15T12:01:00Z', '2026-08-12T11:59:50Z'],
  );
  assert.deepEqual(ids(), [String(first)]);
});

test('gap search: rules that search lacks -> reported without a request', async (t) => {
  const archive = { 'x sample:1': ['1'], ['y'.repeat(1025)]: ['2'], cats: ['3'] };
  const { search, ids, run } = setUp(t, archive);
  const { notRecovered } = await run();
  assert.deepEqual(
    notRecovered.map(({ rule, ...failure }) => ({ id: rule.id, ...failure })),
    [
      { id: '1', reason: 'operator', operator: 'sample:' },
      { id: '2', reason: 'too-long', operator: undefined },
    ],
  );
  assert.equal(search.requests.length, 1);
  assert.deepEqual(ids(), ['3']);
});

test('gap search: long rules -> full archive, one request per second', async (t) => {
  const rule = 'cat '.repeat(200).trim();
  const { search, ids, run } = setUp(t, { [rule]: idsFrom(first, 250) });
  await run();
  assert.deepEqual(
    search.requests.map(({ path }) => path),
    Array(3).fill('tweets/search/all'),
  );
  const [one = 0, two = 0, three = 0] = search.requests.map(({ at }) => at);
  assert.ok(two - one >= 1000 && three - two >= 1000);
  assert.equal(ids().length, 250);
});

test('gap search: more requests than X allows -> waits for the window', async (t) => {
  const { search, ids, run } = setUp(
    t,
    { cats: idsFrom(first, 1000) },
    { budgets: { recent: [budget(4)], all: [] } },
  );
  await run();
  assert.equal(ids().length, 1000);
  for (const { at } of search.requests) {
    const inWindow = search.requests.filter((other) => other.at >= at && other.at < at + 15 * 60_000);
    assert.ok(inWindow.length <= 4);
  }
});

test('gap search: a node near its daily limit -> a page as long as needed, then nothing', async (t) => {
  let room = 14;
  const found: number[] = [];
  const { search, ids, run } = setUp(
    t,
    { cats: idsFrom(first, 500), dogs: idsFrom(first, 5) },
    {
      room: () => room,
      onFound: (_rule, posts) => {
        found.push(posts);
        room -= posts;
      },
    },
  );
  const { notRecovered } = await run();
  assert.deepEqual(
    search.requests.map(({ query }) => query.max_results),
    ['14'],
  );
  assert.deepEqual(found, [14]);
  assert.deepEqual(
    notRecovered.map(({ reason }) => reason),
    ['limit', 'limit'],
  );
  assert.deepEqual(ids(), idsFrom(first + 486n, 14));
});

test('gap search: stopped after the first page -> no further request, nothing sent', async (t) => {
  let pages = 0;
  const { search, ids, run } = setUp(
    t,
    { cats: idsFrom(first, 300), dogs: ['1'] },
    { stopped: () => pages > 0, onFound: () => pages++ },
  );
  await run();
  assert.equal(search.requests.length, 1);
  assert.deepEqual(ids(), []);
});

test('gap search: stopped while it sends -> sends nothing more', async (t) => {
  const received: string[] = [];
  const { run } = setUp(
    t,
    { cats: idsFrom(first, 300) },
    { stopped: () => received.length === 5, onPost: (_line, id) => received.push(id) },
  );
  await run();
  assert.deepEqual(received, idsFrom(first, 5));
});

test('gap search: a next page that is the same page -> ends', async (t) => {
  const { run } = setUp(
    t,
    { cats: [] },
    { request: async () => ({ body: { data: [{ id: '1' }], meta: { next_token: 'same' } } }) },
  );
  assert.deepEqual(await run(), { posts: 1, requests: 2, notRecovered: [], retweets: false });
});

test('gap search: an answer that is not X’s -> the rule is reported, the next one searched', async (t) => {
  const search = new FakeSearch({ dogs: ['1'] });
  const { ids, run } = setUp(
    t,
    { cats: [], dogs: [] },
    {
      request: async (path, query) =>
        query.query === 'cats' ? { body: undefined } : search.request(path, query),
    },
  );
  const { notRecovered } = await run();
  assert.deepEqual(
    notRecovered.map(({ rule, reason }) => [rule.value, reason]),
    [['cats', 'failed']],
  );
  assert.deepEqual(ids(), ['1']);
});
