import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startXApi, type XApi, type XApiOptions } from '../../dev/x-api/server';
import { ask, RULES, StreamClient, until } from './client';

const folder = mkdtempSync(join(tmpdir(), 'x-api-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ALL =
  '?tweet.fields=attachments,author_id,context_annotations,conversation_id,created_at,display_text_range,' +
  'edit_controls,entities,geo,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,' +
  'referenced_tweets,reply_settings,source,withheld&expansions=author_id,referenced_tweets.id,' +
  'referenced_tweets.id.author_id,in_reply_to_user_id,attachments.media_keys,attachments.poll_ids,geo.place_id,' +
  'entities.mentions.username&user.fields=description,public_metrics,entities&media.fields=url,width&' +
  'poll.fields=end_datetime&place.fields=country_code';

async function withStream(
  options: XApiOptions,
  run: (api: XApi, client: StreamClient, sent: string[]) => Promise<void>,
  query = ALL,
) {
  const sent: string[] = [];
  const api = await startXApi({
    rules: [{ value: 'basketball' }],
    onLine: (line) => sent.push(line),
    ...options,
  });
  const client = await StreamClient.open(api, query);
  try {
    await run(api, client, sent);
  } finally {
    client.close();
    await api.close();
  }
}

function file(name: string, lines: Buffer[], { gzip = false, end = '\n' } = {}): string {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)]));
  const path = join(folder, name);
  writeFileSync(path, gzip ? gzipSync(bytes) : bytes);
  return path;
}

const awkward = [
  Buffer.from('{"text":"日本語 한국어 العربية हिन्दी 👩‍👩‍👧‍👦 𒀭"}'),
  Buffer.from('not JSON, and a \r in the middle'),
  Buffer.from([0x7b, 0xff, 0xfe, 0xe3, 0x81, 0x7d]),
  Buffer.from('x'),
  Buffer.from(`{"long":"${'é😀'.repeat(20_000)}"}`),
  Buffer.from('{"id":12345678901234567890123}'),
];

test('the head is X’s: 200, chunked, JSON', () =>
  withStream({ rate: 0 }, async (_api, { response }) => {
    assert.equal(response.statusCode, 200);
    assert.equal(response.headers['transfer-encoding'], 'chunked');
    assert.equal(response.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(response.headers['x-rate-limit-limit'], '50');
  }));

for (const seed of [1, 2, 3])
  test(`whatever the chunks, their bytes join to the very lines (seed ${seed})`, () =>
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

test('chunks can be whole lines', () =>
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
  test(`a file (${name}) comes byte for byte`, async () => {
    const path = file(`${name}.jsonl`, awkward, how);
    await withStream({ file: path, rate: Number.POSITIVE_INFINITY }, async (api, client) => {
      await until(() => client.lines.length >= awkward.length, 'all lines');
      assert.deepEqual(client.lines, awkward);
      assert.ok(api.finished);
    });
  });

test('a file is begun again where that is wanted', async () => {
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

test('keep-alives come while nothing else does', () =>
  withStream({ rate: 0, keepAliveMs: 5 }, async (api, client) => {
    await until(() => client.pieces.length >= 5, 'five keep-alives');
    assert.equal(client.lines.length, 0);
    api.sendLine('{"a":1}');
    await until(() => client.lines.length === 1, 'the line');
    assert.equal(api.sent, 1);
  }));

test('a stalled server sends nothing, not even keep-alives, until it goes on', () =>
  withStream({ rate: 0, keepAliveMs: 5 }, async (api, client) => {
    await until(() => client.pieces.length >= 2, 'keep-alives');
    api.stall();
    api.sendLine('held');
    // Whatever was under way has arrived once another exchange with the server is through.
    for (let count = 0; count < 5; count++) await ask(api, RULES);
    const before = client.bytes.length;
    for (let count = 0; count < 20; count++) await ask(api, RULES);
    assert.equal(client.bytes.length, before);
    api.resume();
    await until(() => client.lines[0]?.toString() === 'held', 'the line that was held');
  }));

test('a stalled server accepts a connection and says nothing, not even a head', async () => {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  api.stall();
  let client: StreamClient | undefined;
  const opening = StreamClient.open(api).then((opened) => {
    client = opened;
  });
  await until(() => api.connections === 1, 'the connection');
  await ask(api, RULES);
  assert.equal(client, undefined);
  api.resume();
  await opening;
  assert.equal((client as StreamClient | undefined)?.response.statusCode, 200);
  (client as StreamClient | undefined)?.close();
  await api.close();
});

test('posts have the fields that were asked for, and those alone', async () => {
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

test('posts name all rules they match, and no post comes that matches none', async () => {
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

test('a change of rules shows on the open stream', () =>
  withStream({ rate: 200, rules: [{ value: 'basketball' }], noticeShare: 0 }, async (api, client) => {
    await until(() => client.lines.length > 3, 'posts of the first rule');
    const added = await ask(api, RULES, { body: { add: [{ value: '"ice hockey"', tag: 'new' }] } });
    await ask(api, RULES, { body: { delete: { values: ['basketball'] } } });
    const { id } = added.body.data[0];
    await until(() => client.messages.at(-1).matching_rules[0].id === id, 'posts of the new rule');
    assert.deepEqual(client.messages.at(-1).matching_rules, [{ id, tag: 'new' }]);
    await ask(api, `${RULES}?delete_all=true`, { method: 'POST' });
    assert.equal(client.ended, false);
  }));

test('notices come in the share that is asked for', () =>
  withStream({ rate: Number.POSITIVE_INFINITY, total: 400, noticeShare: 0.25 }, async (_api, client) => {
    await until(() => client.lines.length >= 400, 'lines');
    const notices = client.messages.filter((message) => !message.matching_rules);
    assert.ok(notices.length > 60 && notices.length < 140, `${notices.length}`);
  }));

test('a drop cuts the stream where it is', () =>
  withStream({ rate: 0 }, async (api, client) => {
    api.sendLine('one');
    await api.dropConnections();
    await until(() => client.broken, 'the cut');
    assert.equal(client.ended, false);
    assert.deepEqual(client.lines, [Buffer.from('one')]);
  }));

test('a drop in the middle of a line leaves part of it, and the next stream gets it whole', async () => {
  const lines = Array.from({ length: 40 }, (_, index) =>
    Buffer.from(`{"n":${index},"text":"日本語 ${'é'.repeat(50)}"}`),
  );
  const path = file('cut.jsonl', lines);
  await withStream({ file: path, rate: 200 }, async (api, client) => {
    await until(() => client.lines.length >= 5, 'some lines');
    await api.dropConnections({ midLine: true });
    await until(() => client.broken, 'the cut');
    const whole = client.lines;
    assert.equal(api.sent, whole.length);
    const rest = client.bytes.subarray(Buffer.concat(whole).length + 2 * whole.length);
    const next = lines[whole.length] as Buffer;
    assert.ok(rest.length > 0 && rest.length < next.length);
    assert.deepEqual(rest, next.subarray(0, rest.length));

    const second = await StreamClient.open(api);
    await until(() => whole.length + second.lines.length >= lines.length, 'the other lines');
    assert.deepEqual([...whole, ...second.lines], lines);
    assert.equal(api.connections, 2);
    second.close();
  });
});

test('a stream can also end in order', () =>
  withStream({ rate: 0 }, async (api, client) => {
    api.sendLine('last');
    api.endStreams();
    await until(() => client.ended, 'the end');
    assert.equal(client.broken, false);
    assert.deepEqual(client.lines, [Buffer.from('last')]);
  }));

test('a client that does not read holds the feed back, and gets everything later', async () => {
  const lines = Array.from({ length: 600 }, (_, index) => Buffer.from(`${index}:${'x'.repeat(20_000)}`));
  await withStream(
    { file: file('large.jsonl', lines), rate: Number.POSITIVE_INFINITY, chunking: 'whole' },
    async (api, client) => {
      client.response.pause();
      let last = -1;
      await until(() => {
        const held = api.sent === last && api.sent > 0;
        last = api.sent;
        return held;
      }, 'the feed to pause');
      assert.ok(api.sent < lines.length, `${api.sent} lines went out to nobody`);
      client.response.resume();
      const total = lines.reduce((sum, line) => sum + line.length + 2, 0);
      await until(() => client.size >= total, 'all lines');
      assert.deepEqual(client.lines, lines);
    },
  );
});

test('a line goes to the open streams, and to nobody when there is none', async () => {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }] });
  assert.equal(api.sendLine('nobody'), 0);
  assert.equal(api.sent, 0);
  await api.close();
});
