import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileRule } from '../../../dev/x-api/rules';
import { checkRule, maxRuleLength, rulesFromLines } from '../../../src/stream/filtered/rule-check';
import type { SentenceKey } from '../../../src/util/english';
import { Problem } from '../../../src/util/problem';

test('checkRule: what X always rejects -> its problem', () => {
  const cases: [string, SentenceKey][] = [
    ['a'.repeat(maxRuleLength + 1), 'rule-too-long'],
    ['is:retweet', 'rule-needs-company'],
    ['lang:en has:media', 'rule-needs-company'],
    ['sample:10', 'rule-needs-company'],
    ['sample:10 -cats', 'rule-needs-company'],
    ['IS:reply', 'rule-needs-company'],
    ['basketball OR lang:en', 'rule-needs-company'],
    ['(basketball OR is:quote) -is:retweet', 'rule-needs-company'],
    ['lang:en (has:media OR is:quote)', 'rule-needs-company'],
    ['-cats', 'rule-only-negated'],
    ['-cats -"big dogs" -is:retweet', 'rule-only-negated'],
    ['cats OR -dogs', 'rule-only-negated'],
    ['cats -(dogs OR birds)', 'rule-group-negated'],
    ['-(cats)', 'rule-group-negated'],
    ['"slam dunk', 'rule-quote-open'],
    ['slam dunk"', 'rule-quote-open'],
    ['"', 'rule-quote-open'],
    ['cats "slam \\"', 'rule-quote-open'],
    ['cats ""', 'rule-quotes-empty'],
    ['" "', 'rule-quotes-empty'],
    ['entity:""', 'rule-quotes-empty'],
    ['(cats', 'rule-parenthesis-open'],
    ['((cats) dogs', 'rule-parenthesis-open'],
    ['cats)', 'rule-parenthesis-extra'],
    [')cats(', 'rule-parenthesis-extra'],
    ['cats ()', 'rule-parentheses-empty'],
    ['OR cats', 'rule-or-edge'],
    ['cats OR', 'rule-or-edge'],
    ['cats OR OR dogs', 'rule-or-edge'],
    ['(OR cats) dogs', 'rule-or-edge'],
    ['(cats OR) dogs', 'rule-or-edge'],
    ['OR', 'rule-or-edge'],
  ];
  for (const [rule, key] of cases) {
    const found = checkRule(rule);
    assert.equal(found?.key, key, rule);
    assert.doesNotMatch(new Problem(key, found?.params).message, /__|^rule-/);
  }
});

test('checkRule: what X may accept -> no problem', () => {
  const rules = [
    '',
    '   ',
    'basketball',
    ' basketball lang:en -is:retweet ',
    '"slam dunk" OR "three pointer"',
    '(cats OR dogs) has:media',
    '((cats) (dogs OR birds)) -is:reply',
    'cats(dogs)',
    'from:NBA',
    '-is:retweet cats',
    'cats OR dogs -birds',
    '(lang:en cats) OR (lang:ko dogs)',
    'url:"https://example.com/a b" cats',
    '"say \\"hi\\" (now"',
    'point_radius:[2.355128 48.861118 16km]',
    'some_new_operator:7',
    'followers_count:1000',
    '#농구 OR 농구',
    'context:131.1220701888179359745',
    'or and',
    'a-b',
    ':) cats'.slice(3),
    '\u{1F600}'.repeat(maxRuleLength),
    `${'a'.repeat(maxRuleLength)}  `,
  ];
  for (const rule of rules) assert.equal(checkRule(rule), undefined, rule);
});

const word = fc.constantFrom(
  'cats',
  '"slam dunk"',
  'from:NBA',
  '#농구',
  'is:retweet',
  'lang:en',
  'has:media',
  '""',
);
const piece = fc.oneof(
  word,
  word.map((text) => `-${text}`),
  fc.constantFrom('OR', '(', ')', '"', '-', '-(', '\\', 'a"b', ' '),
);
const rules = fc
  .array(piece, { maxLength: 12 })
  .chain((pieces) => fc.constantFrom(pieces.join(' '), pieces.join('')));

test('checkRule: any text -> no exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), rules), (text) => {
      const found = checkRule(text);
      assert.ok(found === undefined || new Problem(found.key, found.params).message !== found.key);
    }),
  );
});

test('checkRule: rules that the simulator accepts -> no problem', () => {
  fc.assert(
    fc.property(rules, (rule) => {
      if ('rule' in compileRule(rule)) assert.equal(checkRule(rule), undefined);
    }),
    { numRuns: 2000 },
  );
});

test('rulesFromLines: lines with tabs -> rules with tags', () => {
  const pasted = 'basketball\tsport\r\n\r\n  "slam dunk" OR dunk \n\tno rule\nfrom:NBA\t nba \tmore\r농구';
  assert.deepEqual(rulesFromLines(pasted), [
    { value: 'basketball', tag: 'sport' },
    { value: '"slam dunk" OR dunk', tag: '' },
    { value: 'from:NBA', tag: 'nba' },
    { value: '농구', tag: '' },
  ]);
  assert.deepEqual(rulesFromLines(' \n'), []);
});
