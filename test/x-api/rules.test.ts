import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGenerator } from '../../dev/x-api/generator';
import { Random } from '../../dev/x-api/generator/random';
import type { Entities, FullPost, Post } from '../../dev/x-api/generator/types';
import { compileRule, constraintsFor, matches, subjectOf } from '../../dev/x-api/rules';
import type { Node } from '../../dev/x-api/rules/syntax';

interface Sketch extends Partial<Post> {
  by?: string;
  tags?: string[];
  mentions?: string[];
  cashtags?: string[];
  link?: boolean;
  photo?: boolean;
  other?: { type: 'retweeted' | 'replied_to' | 'quoted'; sketch: Sketch };
}

const { data: pattern, includes } = createGenerator({ seed: 1 }).post();
const person = includes.users[0] as (typeof includes.users)[number];

function post({ by = 'alice', tags, mentions, cashtags, link, photo, other, ...rest }: Sketch): FullPost {
  const position = { start: 0, end: 1 };
  const entities: Entities = {};
  if (tags) entities.hashtags = tags.map((tag) => ({ ...position, tag }));
  if (mentions) entities.mentions = mentions.map((username) => ({ ...position, username, id: '9' }));
  if (cashtags) entities.cashtags = cashtags.map((tag) => ({ ...position, tag }));
  if (link) entities.urls = [{ ...position, url: 'u', expanded_url: 'e', display_url: 'd' }];
  const data: Post = { id: '10', text: '', lang: 'en', author_id: `1${by.length}`, entities } as Post &
    Sketch;
  const made: FullPost = {
    data: {
      ...pattern,
      referenced_tweets: undefined,
      attachments: undefined,
      note_tweet: undefined,
      ...data,
      ...rest,
    },
    includes: {
      users: [{ ...person, id: data.author_id, username: by }],
      tweets: [],
      media: [],
      polls: [],
      places: [],
    },
    errors: [],
  };
  made.data.geo = rest.geo;
  if (photo) {
    made.data.attachments = { media_keys: ['3_1'] };
    made.includes.media.push({ media_key: '3_1', type: 'photo', width: 1, height: 1 });
  }
  if (other) {
    const inner = post({ ...other.sketch, id: '20' });
    made.data.referenced_tweets = [{ type: other.type, id: '20' }];
    if (other.type === 'replied_to') made.data.in_reply_to_user_id = inner.data.author_id;
    made.includes.tweets.push(inner.data);
    made.includes.media.push(...inner.includes.media);
    made.includes.users.push(...inner.includes.users);
  }
  return made;
}

const plainPost: Sketch = { text: 'I love basketball, coca-cola &amp; Café! https://t.co/abcdef 🏀🏽' };
const reply: Sketch = {
  text: '@carol yes',
  other: { type: 'replied_to', sketch: { by: 'carol', text: 'golf?' } },
};
const quote: Sketch = {
  text: 'so true',
  other: { type: 'quoted', sketch: { by: 'carol', text: 'tennis', tags: ['open'] } },
};
const retweet: Sketch = {
  text: 'RT @carol: a long…',
  by: 'dave',
  other: {
    type: 'retweeted',
    sketch: { by: 'carol', text: 'a long story of rugby', photo: true, tags: ['rugby'], link: true },
  },
};

const table: [rule: string, sketch: Sketch, expected: boolean][] = [
  ['basketball', plainPost, true],
  ['BASKETBALL', plainPost, true],
  ['basket', plainPost, false],
  ['ball', plainPost, false],
  ['cafe', plainPost, false],
  ['café', plainPost, true],
  ['cafe\u0301', plainPost, true],
  ['coca-cola', plainPost, true],
  ['"coca cola"', plainPost, true],
  ['"cola coca"', plainPost, false],
  ['amp', plainPost, false],
  ['abcdef', plainPost, false],
  ['🏀🏽', plainPost, true],
  ['🏀', plainPost, false],
  ['love cola', plainPost, true],
  ['love tea', plainPost, false],
  ['tea OR love', plainPost, true],
  ['tea milk OR love', plainPost, true],
  ['tea (milk OR love)', plainPost, false],
  ['love (tea OR (cola café))', plainPost, true],
  ['love -tea', plainPost, true],
  ['love -cola', plainPost, false],
  ['love -"coca cola"', plainPost, false],
  ['"and" cats', { text: 'cats and dogs' }, true],
  ['"and" cats', { text: 'cats or dogs' }, false],
  ['cats or dogs', { text: 'cats or dogs' }, true],
  ['cats or dogs', { text: 'cats' }, false],
  ['$tsla', { text: 'up: $TSLA', cashtags: ['TSLA'] }, true],
  ['$TSLA', { text: 'TSLA' }, false],
  ['up has:cashtags', { text: 'up: $TSLA', cashtags: ['TSLA'] }, true],
  ['love lang:zh-TW', { text: 'love', lang: 'zh' }, true],
  ['猫', { text: '今日の猫が最高', lang: 'ja' }, true],
  ['最高の猫', { text: '今日の猫が最高', lang: 'ja' }, false],
  ['농구', { text: '오늘 농구가 최고', lang: 'ko' }, true],
  ['#Rugby', { tags: ['rugby'], text: '#rugby' }, true],
  ['rugby', { tags: ['rugby'], text: '#rugby' }, true],
  ['#rugby', { text: 'rugby' }, false],
  ['#rug', { tags: ['rugby'] }, false],
  ['@Carol', { mentions: ['carol'] }, true],
  ['@caro', { mentions: ['carol'] }, false],
  ['from:Alice', plainPost, true],
  ['from:15', plainPost, true],
  ['from:carol', retweet, false],
  ['from:dave', retweet, true],
  ['to:carol', reply, true],
  ['golf', reply, false],
  ['love lang:en', plainPost, true],
  ['love lang:ja', plainPost, false],
  ['love -lang:ja', plainPost, true],
  ['rugby', retweet, true],
  ['#rugby', retweet, true],
  ['rugby is:retweet', retweet, true],
  ['rugby -is:retweet', retweet, false],
  ['rugby has:images', retweet, true],
  ['rugby has:links', retweet, true],
  ['yes is:reply', reply, true],
  ['yes is:quote', reply, false],
  ['tennis is:quote', quote, true],
  ['#open', quote, true],
  ['love has:links', plainPost, false],
  ['hi has:media', { text: 'hi', photo: true }, true],
  ['hi has:videos', { text: 'hi', photo: true }, false],
  ['hi has:hashtags', { text: 'hi', tags: ['a'] }, true],
  ['hi has:mentions', { text: 'hi', tags: ['a'] }, false],
  ['hi -has:mentions -is:nullcast', { text: 'hi' }, true],
  ['"X data" has:mentions (has:media OR has:links)', { text: 'x data', mentions: ['a'], link: true }, true],
];

for (const [rule, sketch, expected] of table)
  test(`rule ${rule} on ${JSON.stringify(sketch.text ?? '')} -> ${expected ? 'match' : 'no match'}`, () => {
    assert.equal(matches(tree(rule), subjectOf(post(sketch))), expected);
  });

test('rule: word only in the full text of a long post -> match', () => {
  const long = post({ text: 'cut…', note_tweet: { text: 'cut off before handball' } });
  assert.equal(matches(tree('handball'), subjectOf(long)), true);
});

const rejected: [rule: string, detail: RegExp][] = [
  ['', /must not be empty/],
  ['   ', /must not be empty/],
  ['a'.repeat(1025), /^Rule is 1025 characters long, the maximum is 1024/],
  ['"basketball', /^missing closing '"' \(at position 1\)$/],
  ['cat "dog', /\(at position 5\)$/],
  ['""', /^no viable alternative at input '""'/],
  ['(cat OR dog', /^missing '\)' at '<EOF>' \(at position 12\)$/],
  ['cat)', /^missing EOF at '\)' \(at position 4\)$/],
  ['()', /^no viable alternative at input '\)' \(at position 2\)$/],
  ['cat OR', /^no viable alternative at input '<EOF>'/],
  ['OR cat', /^no viable alternative at input 'OR' \(at position 1\)$/],
  ['cat and dog', /^Ambiguous use of and as a keyword.*\(at position 5\)$/],
  ['cat AND dog', /^Ambiguous use of and as a keyword/],
  ['cat -(dog OR bird)', /^A group cannot be negated.*\(at position 5\)$/],
  ['cat --dog', /^no viable alternative at input '-'/],
  ['h:m', /^Reference to invalid operator 'h' \(at position 1\)\.$/],
  ['cat is:polls', /^Reference to invalid operator 'is:polls'\. \(at position 5\)$/],
  ['cat has:beans', /^Reference to invalid operator 'has:beans'/],
  ['cat lang:xx', /^Invalid language 'xx'/],
  ['cat sample:10', /^The operator 'sample' is not simulated here/],
  ['cat is:verified', /^The operator 'is:verified' is not simulated here/],
  ['"cat dog"~5', /^The operator '~' is not simulated here/],
  ['$5', /^no viable alternative at input '\$5'/],
  ['from:', /^no viable alternative at input 'from:'/],
  ['from:way_too_long_a_name', /^Invalid username/],
  ['has:media', /^is\/has\/lang cannot be used as a standalone operator \(at position 1\)$/],
  ['has:links OR is:retweet', /standalone operator/],
  ['lang:en', /standalone operator/],
  ['cat OR has:media', /standalone operator \(at position 8\)$/],
  ['-cat', /^Rules must contain a non-negation term/],
  ['the', /^Rules must contain at least one positive, non-stopword clause/],
  ['cat is:nullcast', /^is:nullcast can only be negated/],
  ['[cat]', /^no viable alternative at input '\[cat\]' \(at position 1\)$/],
  ["'coca cola'", /^no viable alternative at input ''coca'/],
  ['#', /^no viable alternative at input '#'/],
  ['@not-a-name', /^no viable alternative at input '@not-a-name'/],
];

for (const [rule, detail] of rejected)
  test(`rule ${rule.slice(0, 30) || '(empty)'} -> rejected`, () => {
    const compiled = compileRule(rule);
    assert.ok('details' in compiled, 'it was accepted');
    assert.match(compiled.details[0] as string, detail);
  });

test('rule of 1,024 characters -> accepted', () => {
  assert.ok('rule' in compileRule('猫'.repeat(1024)));
});

test('rule -> generator makes posts that match it', () => {
  const rules = [
    'basketball',
    '"slam dunk" lang:ja -is:retweet',
    '#nba has:images',
    '(농구 OR バスケ) is:retweet',
    'from:XDevelopers is:quote has:links',
    'to:somebody basketball',
    '@nasa -is:reply -has:media lang:hi',
    'cat dog bird fish is:reply is:quote',
    '🏀 has:videos has:geo has:hashtags has:mentions',
    'coffee -has:links -has:mentions -lang:en',
    '$TSLA OR $brk.b',
    'stocks has:cashtags has:video_link lang:zh-CN',
  ];
  const generator = createGenerator({ seed: 5 });
  const random = new Random(6);
  for (const value of rules) {
    const rule = tree(value);
    let found = 0;
    for (let count = 0; count < 40; count++)
      if (matches(rule, subjectOf(generator.post(constraintsFor(rule, random))))) found++;
    assert.ok(found >= 10, `${value}: only ${found} of 40 posts match`);
  }
});

function tree(value: string): Node {
  const compiled = compileRule(value);
  if ('details' in compiled) assert.fail(compiled.details.join('; '));
  return compiled.rule;
}
