import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callApi, RULES, until } from './client';
import { file, withStream } from './helpers';

const awkward = [
  Buffer.from('{"text":"日本語 한국어 العربية हिन्दी 👩‍👩‍👧‍👦 𒀭"}'),
  Buffer.from('not JSON, and a \r in the middle'),
  Buffer.from([0x7b, 0xff, 0xfe, 0xe3, 0x81, 0x7d]),
  Buffer.from('x'),
  Buffer.from(`{"long":"${'é😀'.repeat(20_000)}"}`),
  Buffer.from('{"id":12345678901234567890123}'),
];

test('stream: response headers -> 200, chunked, JSON', () =>
  withStream({ rate: 0 }, async (_api, { response }) => {
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['transfer-encoding'], 'chunked');
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(response.headers['x-rate-limit-limit'], '50');
  }));

for (const seed of [1, 2, 3])
  test(`stream: random chunks (seed ${seed}) -> the exact lines`, () =>
    withStream(
      { rules: [{ value: '猫 lang:ja' }], rate: Number.POSITIVE_INFINITY, total: 300, seed },
      async (api, client, sent) => {
        await until(() => client.lines.length >= 300, '300 lines');
        assert.ok(api.finished);
        assert.equal(api.sent, 300);
        assert.deepEqual(
          client.lines.map((line) => line.toString('utf8')),
          sent,
        );
        const ends = client.chunks.filter((chunk) => chunk.at(-1) !== 0x0a);
        assert.ok(ends.length > 100, 'most chunks end in the middle of a line');
        const inCharacter = client.chunks.filter((chunk) => ((chunk[0] ?? 0) & 0xc0) === 0x80);
        assert.ok(inCharacter.length > 0, 'some chunks begin in the middle of a character');
      },
    ));

test('stream: whole chunks -> one line per chunk', () =>
  withStream({ rate: Number.POSITIVE_INFINITY, total: 50, chunking: 'whole' }, async (_api, client) => {
    await until(() => client.lines.length >= 50, '50 lines');
    assert.ok(client.chunks.length < 60);
  }));

for (const [name, how] of [
  ['plain', {}],
  ['gzip', { gzip: true }],
  ['with CRLF', { end: '\r\n' }],
  ['with empty lines', { end: '\n\n' }],
] as const)
  test(`stream: file (${name}) -> its lines byte for byte`, async () => {
    const path = file(`${name}.jsonl`, awkward, how);
    await withStream({ file: path, rate: Number.POSITIVE_INFINITY }, async (api, client) => {
      await until(() => client.lines.length >= awkward.length, 'all lines');
      assert.deepEqual(client.lines, awkward);
      assert.ok(api.finished);
    });
  });

test('stream: file with repeat -> loops', async () => {
  const path = file('again.jsonl', awkward.slice(0, 2));
  await withStream(
    { file: path, repeat: true, total: 5, rate: Number.POSITIVE_INFINITY },
    async (_api, client) => {
      await until(() => client.lines.length >= 5, 'five lines');
      assert.deepEqual(
        client.lines,
        [0, 1, 0, 1, 0].map((index) => awkward[index]),
      );
    },
  );
});

test('stream: fields and expansions -> only those requested', async () => {
  const options = { rate: Number.POSITIVE_INFINITY, total: 150, noticeShare: 0 };
  await withStream(
    options,
    async (_api, client) => {
      await until(() => client.lines.length >= 150, 'lines');
      for (const message of client.messages) {
        assert.deepEqual(Object.keys(message), ['data', 'matching_rules']);
        assert.deepEqual(Object.keys(message.data).sort(), ['edit_history_tweet_ids', 'id', 'text']);
      }
    },
    '',
  );
  await withStream(options, async (_api, client) => {
    await until(() => client.lines.length >= 150, 'lines');
    const { messages } = client;
    const retweet = messages.find(({ data }) => data.referenced_tweets?.[0].type === 'retweeted');
    assert.equal(retweet.includes.tweets[0].id, retweet.data.referenced_tweets[0].id);
    for (const { data, includes } of messages) {
      const author = includes.users.find((user: { id: string }) => user.id === data.author_id);
      assert.equal(typeof author.description, 'string');
      assert.equal(author.location, undefined);
    }
    assert.ok(messages.some(({ includes }) => includes.media));
  });
});

test('stream: posts -> list all rules that they match, at least one', async () => {
  const rules = [
    { value: 'basketball', tag: 'ball' },
    { value: 'basketball OR 농구 OR #バスケ', tag: 'world' },
    { value: 'from:XDevelopers lang:en -is:retweet' },
  ];
  await withStream(
    { rules, rate: Number.POSITIVE_INFINITY, total: 200, noticeShare: 0 },
    async (api, client) => {
      await until(() => client.lines.length >= 200, 'lines');
      const [ball, world, developers] = api.rules();
      const counts = new Map<string, number>();
      for (const message of client.messages) {
        const found: { id: string; tag: string }[] = message.matching_rules;
        assert.ok(found.length > 0);
        for (const { id, tag } of found) {
          counts.set(id, (counts.get(id) ?? 0) + 1);
          assert.equal(tag, api.rules().find((rule) => rule.id === id)?.tag ?? '');
        }
        const ids = found.map(({ id }) => id);
        if (ids.includes(ball?.id as string)) assert.ok(ids.includes(world?.id as string));
      }
      for (const rule of [ball, world, developers])
        assert.ok((counts.get(rule?.id as string) ?? 0) > 20, rule?.value);
    },
  );
});

test('stream: rules change -> open stream follows', () =>
  withStream({ rate: 200, rules: [{ value: 'basketball' }], noticeShare: 0 }, async (api, client) => {
    await until(() => client.lines.length > 3, 'posts of the first rule');
    const added = await callApi(api, RULES, { body: { add: [{ value: '"ice hockey"', tag: 'new' }] } });
    await callApi(api, RULES, { body: { delete: { values: ['basketball'] } } });
    const { id } = added.body.data[0];
    await until(() => client.messages.at(-1).matching_rules[0].id === id, 'posts of the new rule');
    assert.deepEqual(client.messages.at(-1).matching_rules, [{ id, tag: 'new' }]);
    await callApi(api, `${RULES}?delete_all=true`, { method: 'POST' });
    assert.equal(client.ended, false);
  }));

test('stream: notice share -> as requested', () =>
  withStream({ rate: Number.POSITIVE_INFINITY, total: 400, noticeShare: 0.25 }, async (_api, client) => {
    await until(() => client.lines.length >= 400, 'lines');
    const notices = client.messages.filter((message) => !message.matching_rules);
    assert.ok(notices.length > 60 && notices.length < 140, `${notices.length}`);
  }));
