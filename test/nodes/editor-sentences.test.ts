import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, type ProblemData } from '../../src/util/problem';
import { inWords } from './server-language';

type Sentence = (key: string, params: ProblemData['params'], fallback?: string) => string;
// Required, not imported: its types are those of the browser.
const { sentence } = require('../../nodes/sentences.editor') as { sentence: Sentence };
const translate = inWords('ko');
Object.assign(globalThis, {
  RED: {
    _: (key: string, params: { defaultValue?: string }) => {
      const text = translate(key, params);
      return text === key ? (params.defaultValue ?? key) : text;
    },
  },
});

/** A problem as the Test button receives it. */
const received = (problem: Problem): ProblemData =>
  JSON.parse(JSON.stringify({ key: problem.key, params: problem.params })) as ProblemData;

test('editor sentence: nested problem as received -> all parts in the editor’s language', () => {
  const cause = new Problem('refused-connection', { place: 'kafka1:9092' });
  const { key, params } = received(new Problem('connection-failed', {}, { cause }));
  const text = sentence(key, params, 'the text in English');
  assert.equal(text, sentence('connection-failed', { cause }));
  assert.match(text, /kafka1:9092/);
  assert.doesNotMatch(text, /[a-z]{3,} [a-z]{3,}/);
});

test('editor sentence: key of a newer server -> the server’s text', () => {
  const { params } = received(new Problem('no-config', { what: 'kafka-cluster' }));
  assert.equal(sentence('of-a-newer-server', params, 'the text'), 'the text');
});
