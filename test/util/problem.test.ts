import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flatten, Problem } from '../../src/util/problem';

const root = join(__dirname, '../..');
const locales = join(root, 'src/locales/en-US');
const files = readdirSync(locales).map((file) => JSON.parse(readFileSync(join(locales, file), 'utf8')));
const known = new Set(files.flatMap((texts) => Object.keys(texts)));

test('a chain of causes becomes one line, each message once', () => {
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

test('a sentence is filled in, for the log and for the status', () => {
  const problem = new Problem('topic-missing', { topic: 'tweets' });
  assert.match(problem.message, /^The topic “tweets” does not exist/);
  assert.equal(problem.short, 'no topic tweets');
});

test('every problem that the code names has its sentence, and no key stands in two files', () => {
  const named = new Set<string>();
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join('src', file))
    .concat(
      readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' }).map((file) =>
        join('nodes', file),
      ),
    )
    .filter((file) => file.endsWith('.ts'));
  for (const file of sources) {
    const code = readFileSync(join(root, file), 'utf8');
    for (const [, key] of code.matchAll(/new (?:Problem|XFailure)\(\s*'([\w-]+)'/g)) named.add(key as string);
  }
  assert.ok(named.size > 30);
  assert.deepEqual(
    [...named].filter((key) => !known.has(key)),
    [],
  );
  const all = files.flatMap((texts) => Object.keys(texts));
  assert.equal(all.length, known.size);
});
