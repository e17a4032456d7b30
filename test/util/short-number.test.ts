import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortNumber } from '../../src/util/short-number';

test('shortNumber: any count -> at most four characters, rounded down', () => {
  const cases: Array<[number, string]> = [
    [0, '0'],
    [999, '999'],
    [1000, '1k'],
    [1299, '1.2k'],
    [9999, '9.9k'],
    [12_999, '12k'],
    [999_999, '999k'],
    [1_000_000, '1M'],
    [1_990_000, '1.9M'],
    [2_500_000_000, '2.5G'],
    [Number.MAX_SAFE_INTEGER, '9P'],
  ];
  for (const [count, text] of cases) assert.equal(shortNumber(count), text);
});
