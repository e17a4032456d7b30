import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classify } from '../../src/tweet/classify';
import { KINDS } from '../../src/tweet/kinds';
import { expected, SAMPLES } from './samples';

describe('classify', () => {
  for (const sample of SAMPLES) {
    it(`knows ${sample.name}`, () => {
      const answer = expected(sample);
      assert.deepEqual(classify(sample.text), answer, 'as text');
      assert.deepEqual(classify(Buffer.from(sample.text)), answer, 'as bytes');
      assert.deepEqual(classify(JSON.parse(sample.text), sample.text), answer, 'parsed, with its text');
      assert.deepEqual(
        classify(JSON.parse(sample.text), Buffer.from(sample.text)),
        answer,
        'parsed, with its bytes',
      );
    });
  }

  it('has samples of all eleven kinds', () => {
    assert.deepEqual(new Set(SAMPLES.map((sample) => sample.kind)), new Set(KINDS));
  });

  it('leaves the message as it is', () => {
    for (const { text } of SAMPLES) {
      const message = deepFrozen(JSON.parse(text));
      classify(message, text);
      assert.deepEqual(message, JSON.parse(text));
    }
  });

  it('takes text with a byte order mark, line ends and indentation', () => {
    for (const sample of SAMPLES) {
      const text = `\ufeff${JSON.stringify(JSON.parse(quoteLongIds(sample.text)), null, 2)}\r\n`;
      assert.deepEqual(classify(unquoteLongIds(text)), expected(sample), sample.name);
    }
  });
});

/** Keeps numbers that JSON.parse would round as strings of their own kind for a while. */
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
