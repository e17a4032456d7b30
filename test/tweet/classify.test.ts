import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { KINDS } from '../../src/tweet/kinds';
import { allSamples, expected } from './samples';

describe('classify', () => {
  for (const sample of allSamples) {
    it(`${sample.name} -> ${sample.kind}`, () => {
      const result = expected(sample);
      assert.deepEqual(classify(sample.text), result, 'as text');
      assert.deepEqual(classify(Buffer.from(sample.text)), result, 'as bytes');
      assert.deepEqual(classify(JSON.parse(sample.text), sample.text), result, 'parsed, with its text');
      assert.deepEqual(
        classify(JSON.parse(sample.text), Buffer.from(sample.text)),
        result,
        'parsed, with its bytes',
      );
    });
  }

  it('samples: all eleven kinds', () => {
    assert.deepEqual(new Set(allSamples.map((sample) => sample.kind)), new Set(KINDS));
  });

  it('any message -> not changed', () => {
    for (const { text } of allSamples) {
      const message = deepFrozen(JSON.parse(text));
      classify(message, text);
      assert.deepEqual(message, JSON.parse(text));
    }
  });

  it('text with a byte order mark, line ends and indentation -> the same result', () => {
    for (const sample of allSamples) {
      const text = `\ufeff${JSON.stringify(JSON.parse(quoteLongIds(sample.text)), null, 2)}\r\n`;
      assert.deepEqual(classify(unquoteLongIds(text)), expected(sample), sample.name);
    }
  });
});

/** Replaces numbers that JSON.parse would round by strings; {@link unquoteLongIds} restores them. */
function quoteLongIds(text: string): string {
  return text.replace(/":(\d{17,})/g, '":"number $1"');
}

function unquoteLongIds(text: string): string {
  return text.replace(/"number (\d+)"/g, '$1');
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFrozen(member);
    Object.freeze(value);
  }
  return value;
}
