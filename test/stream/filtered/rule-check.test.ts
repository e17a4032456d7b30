import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileRule } from '../../../dev/x-api/rules';
import { checkRule, maxRuleLength, rulesFromLines } from '../../../src/stream/filtered/rule-check';
import type { SentenceKey } from '../../../src/util/english';

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
    ['a AND b', 'rule-and'],
    ['cats and dogs', 'rule-and'],
    ['(cats And dogs) lang:en', 'rule-and'],
    ['has:media AND', 'rule-and'],
    ['from:', 'rule-value-missing'],
    ['from: nasa', 'rule-value-missing'],
    ['cats to: OR dogs', 'rule-value-missing'],
    ['url: https://x.com', 'rule-value-missing'],
    ['cats lang: en', 'rule-value-missing'],
    ['from:(nasa OR esa)', 'rule-value-missing'],
    ['cats -from:', 'rule-value-missing'],
    ['#', 'rule-sign-alone'],
    ['cats @', 'rule-sign-alone'],
    ['$ TSLA', 'rule-sign-alone'],
    ['cats -#', 'rule-sign-alone'],
    ["'slam dunk'", 'rule-single-quote'],
    ["(pepsi OR cola OR 'coca cola')", 'rule-single-quote'],
    ['[(cats OR dogs)]', 'rule-bracket'],
    ['cats is:nullcast', 'rule-nullcast'],
    ['cats -sample:10', 'rule-never-negated'],
    ['cats -embedding:"pets"', 'rule-never-negated'],
    ['embedding_threshold:0.45', 'rule-needs-company'],
    ['-', 'rule-negation-empty'],
    ['cats -', 'rule-negation-empty'],
    ['(cats -) dogs', 'rule-negation-empty'],
    ['cats - OR dogs', 'rule-negation-empty'],
    ['cats - (dogs OR birds)', 'rule-group-negated'],
    ['"slam dunk"~5 ""~2', 'rule-quotes-empty'],
  ];
  for (const [rule, key] of cases) {
    const { error, hint } = checkRule(rule);
    assert.equal(error?.key, key, rule);
    assert.equal(hint, undefined, rule);
    assert.doesNotMatch(error?.message ?? '', /__|^rule-/);
  }
});

test('checkRule: what X probably takes otherwise than it looks -> a hint, no error', () => {
  const cases: [string, SentenceKey][] = [
    ['cats or dogs', 'rule-hint-or'],
    ['(cats Or dogs) lang:en', 'rule-hint-or'],
    ['cats || dogs', 'rule-hint-or'],
    ['cats | dogs', 'rule-hint-or'],
    ['cats||dogs', 'rule-hint-or'],
    ['cats ＯＲ dogs', 'rule-hint-or'],
    ['cats, dogs', 'rule-hint-or'],
    ['cats,dogs', 'rule-hint-or'],
    ['cats && dogs', 'rule-hint-and'],
    ['cats & dogs', 'rule-hint-and'],
    ['cats + dogs', 'rule-hint-and'],
    ['+cats dogs', 'rule-hint-and'],
    ['cats NOT dogs', 'rule-hint-not'],
    ['cats not (dogs OR birds)', 'rule-hint-not'],
    ['cats !dogs', 'rule-hint-not'],
    ['cats –dogs', 'rule-hint-not'],
    ['cats — dogs', 'rule-hint-not'],
    ['cats - dogs', 'rule-hint-dash'],
    ['cats --dogs', 'rule-hint-dash'],
    ['cats - "big dogs"', 'rule-hint-dash'],
    ['“slam dunk”', 'rule-hint-quote'],
    ['‘slam dunk’', 'rule-hint-quote'],
    ['„slam dunk“', 'rule-hint-quote'],
    ['«slam dunk»', 'rule-hint-quote'],
    ['＂slam dunk＂', 'rule-hint-quote'],
    ['「猫」', 'rule-hint-quote'],
    ["from:'nasa'", 'rule-hint-quote'],
    ['entity:“Michael Jordan”', 'rule-hint-quote'],
    ['（cats OR dogs） birds', 'rule-hint-sign'],
    ['from：nasa', 'rule-hint-sign'],
    ['＃농구', 'rule-hint-sign'],
    ['basket*', 'rule-hint-wildcard'],
    ['cats ...', 'rule-hint-start'],
    ['$100 cats', 'rule-hint-start'],
    ['from:@nasa', 'rule-hint-user'],
    ['from:nasa,esa', 'rule-hint-user'],
    ['cats lang:english', 'rule-hint-lang'],
    ['cats has:image', 'rule-hint-value'],
    ['cats -is:retweets', 'rule-hint-value'],
    ['form:nasa', 'rule-hint-operator-like'],
    ['retweet_of:nasa', 'rule-hint-operator-like'],
    ['cats since:2020-01-01', 'rule-hint-operator'],
    ['cats filter:media', 'rule-hint-operator'],
    ['some_new_operator:7', 'rule-hint-operator'],
    ['https://example.com/a', 'rule-hint-url'],
    ['the', 'rule-hint-stopword'],
    ['cats OR via', 'rule-hint-stopword'],
    ['you lang:en', 'rule-hint-stopword'],
  ];
  for (const [rule, key] of cases) {
    const { error, hint } = checkRule(rule);
    assert.equal(error, undefined, rule);
    assert.equal(hint?.key, key, rule);
    assert.doesNotMatch(hint?.message ?? '', /__|^rule-/);
  }
});

test('checkRule: an unknown operator -> the hint names the one that is meant', () => {
  const meant = (rule: string) => checkRule(rule).hint?.params.known;
  assert.deepEqual(
    ['form:nasa', 'fromm:nasa', 'frm:nasa', 'fron:nasa', 'FORM:nasa'].map(meant),
    Array(5).fill('from:'),
  );
});

test('checkRule: valid rules -> neither error nor hint', () => {
  for (const rule of validRules) assert.deepEqual(checkRule(rule), {}, rule);
});

const validRules = [
  '',
  '   ',
  'basketball',
  ' basketball lang:en -is:retweet ',
  '"slam dunk" OR "three pointer"',
  '(cats OR dogs) has:media',
  '((cats) (dogs OR birds)) -is:reply',
  'cats(dogs)',
  'from:NBA',
  'FROM:nasa LANG:en',
  'from:783214',
  'from:"nasa"',
  '-is:retweet cats',
  'cats OR dogs -birds',
  '(lang:en cats) OR (lang:ko dogs)',
  '"from:nasa"',
  '"cats and dogs"',
  '"cats or dogs" -"salt and pepper"',
  '"AND" cats OR "or" dogs OR "not" birds',
  '"“quoted”" cats',
  '"say \\"hi\\" (now"',
  '"social media"~5',
  'pepsi OR cola OR "coca cola"',
  '(😃 OR 😡) 😬',
  '👩‍👩‍👧 🇰🇷 ☀️ #️⃣ 1️⃣',
  '*️⃣ cats',
  '#thankunext #fanart',
  '#농구 OR 농구',
  '#猫 OR 今日の猫が最高 OR 篮球',
  'кошка OR قطة OR बिल्ली',
  'diacrítica',
  '(@XDevelopers OR @api) -@x',
  '$twtr OR @XDevelopers -$fb',
  '$TSLA has:cashtags',
  '$BRK.B',
  'to:XDevelopers OR to:api',
  'retweets_of:XDevelopers',
  'from_affiliate_of:XDevelopers OR to_affiliate_of:XDevelopers',
  'url:"https://developer.x.com"',
  'url:"https://example.com/a b" cats',
  'url_title:snow OR url_description:weather OR url_contains:photos',
  'context:10.799022225751871488',
  'context:47.* -context:66.852262932607926273',
  'context:10.123',
  'entity:"Michael Jordan"',
  'entity:"x"',
  'conversation_id:1334987486343299072',
  'bio:developer OR bio:"data engineer"',
  'bio_name:phd OR bio_location:"big apple"',
  'place:"new york city" OR place:seattle',
  'place_country:US OR place_country:MX',
  'point_radius:[2.355128 48.861118 16km]',
  'cats point_radius:[-105.27346517 40.01924738 10.0mi]',
  'bounding_box:[-105.301758 39.964069 -105.178505 40.09455]',
  'data @XDevelopers -is:retweet',
  '"sentiment analysis" is:quote',
  '#nowplaying is:verified',
  '"mobile games" -is:nullcast',
  '#icebucketchallenge has:video_link',
  'recommend #paris has:geo lang:en',
  'cats has:hashtags has:links has:mentions has:images has:videos',
  '#nowplaying @spotify sample:15',
  'cats lang:zh-CN',
  'cats lang:und',
  'min_followers:1000 cats',
  'followers_count:1000..10000 tweets_count:10..100',
  'followers_count:1000',
  'in_reply_to_tweet_id:1539382664746020864',
  'retweets_of_tweet_id:1539382664746020864 source:"X for iPhone"',
  'embedding:"climate change policy" embedding_threshold:0.4',
  '#nowplaying (happy OR fav) (place_country:US OR place_country:CA) -horrible -worst',
  "don't OR don’t OR AT&T OR covid-19 OR C++ OR U.S.",
  'the cats',
  'Portland OR Oregon',
  'why not',
  'a-b',
  '\u{1F600}'.repeat(maxRuleLength),
  `${'a'.repeat(maxRuleLength)}  `,
];

const word = fc.constantFrom(
  'cats',
  '"slam dunk"',
  'from:NBA',
  '#농구',
  'is:retweet',
  'lang:en',
  'has:media',
  '""',
  '$TSLA',
  'from:',
  'or',
  'and',
  '“dunk”',
);
const piece = fc.oneof(
  word,
  word.map((text) => `-${text}`),
  fc.constantFrom('OR', '(', ')', '"', '-', '-(', '\\', 'a"b', ' ', '#', '[', "'", '*', ',', '：'),
);
const rules = fc
  .array(piece, { maxLength: 12 })
  .chain((pieces) => fc.constantFrom(pieces.join(' '), pieces.join('')));

test('checkRule, simulator: any text -> one answer, no exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), rules), (text) => {
      const { error, hint } = checkRule(text);
      assert.ok(!(error && hint));
      for (const problem of [error, hint]) assert.doesNotMatch(problem?.message ?? 'none', /^rule-/);
      const compiled = compileRule(text);
      assert.ok('rule' in compiled || compiled.details.length > 0);
    }),
    { numRuns: 2000 },
  );
});

test('checkRule: rules that the simulator accepts -> no error', () => {
  fc.assert(
    fc.property(rules, (rule) => {
      if ('rule' in compileRule(rule)) assert.equal(checkRule(rule).error, undefined);
    }),
    { numRuns: 2000 },
  );
});

test('simulator: valid rules -> accepted, or not simulated', () => {
  // The simulator knows no emoji that begins with a sign.
  const rules = validRules.map((rule) => rule.trim()).filter((rule) => rule && rule !== '*️⃣ cats');
  for (const rule of rules) {
    const compiled = compileRule(rule);
    if ('details' in compiled) assert.match(compiled.details[0] ?? '', /is not simulated here/, rule);
  }
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
