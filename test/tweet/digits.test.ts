import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { digitsAt } from '../../src/tweet/digits';

const id = '1178007813257388033';

describe('digitsAt', () => {
  it('an integer at the path -> its digits', () => {
    assert.equal(digitsAt(`{"id":${id}}`, ['id']), id);
    assert.equal(digitsAt(` \r\n{ "a" : [ {"id":1} , "\\"id\\":2" ] , "id" :\t${id} }`, ['id']), id);
    assert.equal(digitsAt(`{"text":"{\\"id\\":5}","user":{"id":6},"\\u0069d":${id}}`, ['id']), id);
    assert.equal(digitsAt(`{"a\\\\":"\\\\","id":${id}}`, ['id']), id);
    assert.equal(digitsAt(`{"id":1,"id":${id}}`, ['id']), id);
    assert.equal(digitsAt(`{"a":{"id":1},"a":{"b":2}}`, ['a', 'id']), undefined);
    assert.equal(digitsAt(`{"":${id}}`, ['']), id);
  });

  it('any other value at the path -> undefined', () => {
    for (const value of ['1.5', '1e5', '-1', '"5"', 'null', 'true', '[5]', '{"id":5}', '']) {
      assert.equal(digitsAt(`{"id":${value}}`, ['id']), undefined, value);
    }
  });

  it('invalid JSON -> undefined', () => {
    for (const text of [
      '',
      '{',
      '{"',
      '{"id',
      '{"id"',
      '{"id":',
      '{"id":5',
      '{"id" 5}',
      '{"a":[{"id":5}',
      '[5]',
      '5',
      '{"a":"\\',
      '{"a":"x\\"}',
      `{"a" "id":5}`,
      '{"id":5,,}x',
    ]) {
      assert.equal(digitsAt(text, ['id']), undefined, text);
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ id5'), maxLength: 60 }), (text) => {
        let parsed: unknown;
        try {
          parsed = oracle(text, ['id']);
        } catch {
          digitsAt(text, ['id']);
          return;
        }
        assert.equal(digitsAt(text, ['id']), parsed);
      }),
      { numRuns: 5000 },
    );
  });

  it('any JSON -> the digits that a parser without rounding finds', () => {
    const name = fc.oneof(
      fc.constantFrom('id', 'status', 'delete', 'a"b', '\\', '\u0069d'),
      fc.string({ maxLength: 4 }),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.bigInt({ min: 0n, max: 2n ** 64n }),
        fc.string(),
        fc.constantFrom('"id":7', '{"delete":{"status":{"id":8}}}', '\\', null, true, -1.5),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.array(fc.tuple(name, tie('tree')), { maxLength: 5 }).map((members) => new Members(members)),
      ),
    }));
    const path = fc.array(name, { minLength: 1, maxLength: 4 });
    const space = fc.constantFrom('', ' ', '\n  ', '\t');
    fc.assert(
      fc.property(tree, path, space, fc.bigInt({ min: 1n, max: 2n ** 64n }), (tree, path, space, id) => {
        const random = write(tree, space);
        assert.equal(digitsAt(random, path), oracle(random, path));
        // And with an id inserted at the path.
        const withId = write(insertAt(tree, path, id), space);
        assert.equal(digitsAt(withId, path), String(id));
        assert.equal(oracle(withId, path), String(id));
      }),
      { numRuns: 2000 },
    );
  });

  it('a million backslashes and quotes -> scanned once', () => {
    const text = `{"a":"${'\\\\'.repeat(1_000_000)}${'\\"'.repeat(1_000_000)}","id":${id}}`;
    assert.equal(digitsAt(text, ['id']), id);
  });
});

class Members {
  constructor(readonly list: [string, unknown][]) {}
}

function insertAt(tree: unknown, path: string[], id: bigint): unknown {
  if (path.length === 0) return id;
  const [name, ...rest] = path as [string, ...string[]];
  const list = tree instanceof Members ? tree.list : [];
  const last = list.findLast(([other]) => other === name)?.[1];
  return new Members([...list, [name, insertAt(last, rest, id)]]);
}

function write(value: unknown, space: string): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => space + write(item, space)).join(',')}${space}]`;
  if (!(value instanceof Members)) return JSON.stringify(value);
  const members = value.list.map(
    ([name, member]) => `${space}${JSON.stringify(name)}${space}:${space}${write(member, space)}${space}`,
  );
  return `{${members.join(',')}${space}}`;
}

/** Quotes all numbers in a JSON text, parses it, and follows the path through own members. */
function oracle(text: string, path: string[]): string | undefined {
  JSON.parse(text);
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"number ${token}"`,
  );
  let value: unknown = JSON.parse(quoted);
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return typeof value === 'string' ? /^number (\d+)$/.exec(value)?.[1] : undefined;
}
