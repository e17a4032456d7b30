import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { english } from '../../src/util/english';
import { flatten, Problem } from '../../src/util/problem';

const root = join(__dirname, '../..');
const locales = join(root, 'src/locales/en-US');
const files = readdirSync(locales).map((file) => JSON.parse(readFileSync(join(locales, file), 'utf8')));

test('flatten: a chain of causes -> one line with each message once', () => {
  const cause = new Error('connect ECONNREFUSED\n 127.0.0.1:1');
  const error = new Error('Connection error: connect ECONNREFUSED 127.0.0.1:1', { cause });
  assert.equal(flatten(error), 'Connection error: connect ECONNREFUSED 127.0.0.1:1');
  assert.equal(flatten(new Error('outer', { cause: new Error('inner') })), 'outer: inner');
  assert.equal(flatten(new AggregateError([new Error('first'), new Error('second')])), 'first');
  const odd = {
    toString() {
      throw new Error('no text');
    },
  };
  for (const thrown of [undefined, null, odd]) assert.equal(flatten(thrown), 'unknown error');
});

test('Problem: params -> filled into the sentence and its short form', () => {
  const problem = new Problem('topic-missing', { topic: 'tweets' });
  assert.match(problem.message, /^Topic “tweets” does not exist/);
  assert.equal(problem.short, 'no topic tweets');
});

test('Problem: a Problem as cause -> stays a Problem, and its sentence is in the message', () => {
  const cause = new Problem('topic-missing', { topic: 'tweets' });
  const problem = new Problem('config-invalid', { what: 'kafka-cluster' }, { cause });
  assert.equal(problem.params.cause, cause);
  assert.ok(problem.message.includes(cause.message));
});

test('sentence keys: unique over the files', () => {
  assert.equal(files.flatMap((texts) => Object.keys(texts)).length, Object.keys(english).length);
});
