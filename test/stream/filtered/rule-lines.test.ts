import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesFromLines } from '../../../src/stream/filtered/rule-lines';

test('a line is a rule, a tab stands before its tag', () => {
  const pasted = 'basketball\tsport\r\n\r\n  "slam dunk" OR dunk \n\tno rule\nfrom:NBA\t nba \tmore\r농구';
  assert.deepEqual(rulesFromLines(pasted), [
    { value: 'basketball', tag: 'sport' },
    { value: '"slam dunk" OR dunk', tag: '' },
    { value: 'from:NBA', tag: 'nba' },
    { value: '농구', tag: '' },
  ]);
  assert.deepEqual(rulesFromLines(' \n'), []);
});
