import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { isCatalogueKey } from '../../src/node-red/catalogue';
import { shortSentence, statusText } from '../../src/node-red/sentences';
import { english, type SentenceKey } from '../../src/util/english';
import { Problem } from '../../src/util/problem';
import { inWords } from '../nodes/server-language';

const RED = { _: inWords('ko') } as unknown as NodeAPI;
const keyOf = (key: SentenceKey): string =>
  `@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.${key}-short`;
type Texts = Record<string, string>;
const locales = join(__dirname, '../../src/locales');
const texts: Record<string, string | undefined> = english;
// Sentences that no status shows: parts of others, results of a Test button, hints of a dialog, and those in the log only.
const notForStatus =
  /^(kafka-)?probe-|^secret-|^rule-|^rules-(valid|in-use|app-not-deployed)$|^outage-|^recover-|^stream-state-|^clock-|^duration-|^cause-|^want|^value-(string|number|boolean|of-type)$|^resource-|^(keys-move|run-not-deployed)$|^option-(object|positive-integer|text|true-or-false|none|alone|choice|choices|names|replicas|time|age|integer|offset|offsets|group-offsets|ids|name|count)$|^(some-broker|no-keys|unknown-error|x-no-detail|rule-no-reason|no-answer-within|close-timeout|app-shared|app-twice|x-detail-clock|field-rejected|backfill-rejected|fields-missing|references-missing|proxy-not-deployed|timestamp-expired|replay-place|sasl-mechanism-none|config-node-invalid)$/;
// Their cause's short form stands for them.
const wrappers = ['not-delivered', 'not-delivered-in-doubt', 'admin-failed', 'admin-timeout'];

test('status text: every short form without values -> its key; with values -> a text', () => {
  const keys = Object.keys(english).filter((key) => `${key}-short` in english) as SentenceKey[];
  for (const key of keys) {
    const text = statusText(RED, new Problem(key));
    assert.equal(text === keyOf(key), !texts[`${key}-short`]?.includes('__'), key);
    assert.equal(isCatalogueKey(text), text === keyOf(key), key);
  }
});

test('status text: every problem that a status may show -> has a short form, or its cause has', () => {
  const missing = Object.keys(english).filter(
    (key) =>
      !key.endsWith('-short') &&
      !(`${key}-short` in english) &&
      !notForStatus.test(key) &&
      !wrappers.includes(key),
  );
  assert.deepEqual(missing, []);
});

test('status text: short forms -> at most 20 characters, in Korean 14; 4 more with a value filled in', () => {
  for (const [locale, longest] of [
    ['en-US', 20],
    ['ko', 14],
  ] as const) {
    const texts = ['kafka', 'node', 'stream', 'tweet'].flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(join(locales, locale, `${file}.json`), 'utf8')) as Texts),
    );
    const short = texts.filter(([key]) => key.endsWith('-short'));
    const long = short.filter(([, text]) => {
      const filled = text.replace(/__\w+__/g, '1234');
      return filled.length > longest + (filled === text ? 0 : 4);
    });
    assert.ok(short.length > 100);
    assert.deepEqual(long, [], locale);
  }
});

test('status text: problem without a short form -> its cause’s, at any depth', () => {
  const cause = new Problem('refused-connection', { place: 'kafka1:9092' });
  const expired = new Problem('not-delivered', { seconds: 120, cause });
  const failed = new Problem('admin-failed', { operation: 'topics.list' }, { cause: expired });
  assert.equal(statusText(RED, failed), keyOf('refused-connection'));
  assert.equal(shortSentence(RED, failed), '연결 거부됨');
  const noTopic = new Problem('admin-failed', {
    operation: 'x',
    cause: new Problem('topic-missing', { topic: 't' }),
  });
  assert.equal(statusText(RED, noTopic), shortSentence(RED, noTopic));
});

test('status text: no short form anywhere, or another error -> the server’s sentence', () => {
  const failed = new Problem('admin-failed', { operation: 'topics.list', cause: 'why' });
  assert.match(statusText(RED, failed), /^topics\.list.*why$/);
  assert.equal(statusText(RED, new Error('why')), 'why');
});
