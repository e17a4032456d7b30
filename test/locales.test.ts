import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english as sentences } from '../src/util/english';
import {
  type Catalogue,
  catalogue,
  catalogueFiles,
  catalogueOf,
  help,
  languages,
  languagesIn,
  placeholders,
  types,
  withoutPlaceholders,
} from './locales-files';
import { keysInUse, pattern, sentenceKeysInUse } from './locales-keys';

const longestStatus = 32;
// A Korean text without Korean letters has only these words: names, settings and examples.
const names =
  /^(?:Kafka|App|acks|linger|gzip|snappy|lz4|zstd|ms|MB|tweets?|retweets?|kafka[12]:9092|TLS|SASL|PLAIN|SCRAM|SHA|OAUTHBEARER)$/;
const hangul = /\p{Script=Hangul}/u;
// A particle whose form depends on the value before it must have both forms: “이(가)”, never “이” alone.
const boundParticle = /__[”)]*(?:은|는|이|가|을|를|과|와|으?로)(?:의)?(?!\p{L}|\()/u;
// Words in quotes in a help page that are not from the dialog.
const quotedPosts = ['RT @'];

for (const folder of ['src', ...types.map((type) => `nodes/${type}`)]) {
  test(`locales: ${folder} has all languages`, () => {
    assert.deepEqual(languagesIn(`${folder}/locales`), languages);
  });
}

test('locales: both languages have the same files', () => {
  assert.deepEqual(catalogueFiles('ko'), catalogueFiles('en-US'));
});

for (const file of catalogueFiles('en-US')) {
  test(`${file}: both languages have the same keys, placeholders and tags`, () => {
    const english = catalogue(file, 'en-US');
    const korean = catalogue(file, 'ko');
    assert.ok(english.size > 0);
    assert.deepEqual(missing(english, korean), [], 'not in Korean');
    assert.deepEqual(missing(korean, english), [], 'not in English');
    for (const [key, text] of english) {
      const translated = korean.get(key) ?? '';
      assert.deepEqual(placeholders(translated), placeholders(text), `placeholders of ${key}`);
      assert.deepEqual(tags(translated), tags(text), `tags of ${key}`);
      assert.ok(text.trim() && translated.trim(), `${key} is empty`);
      assert.doesNotMatch(text, hangul, key);
      assert.ok(isKorean(translated), `${key} is not translated: ${translated}`);
      assert.doesNotMatch(translated, boundParticle, `a particle that does not fit all values in ${key}`);
      if (!isForStatus(key)) continue;
      for (const short of [text, translated]) {
        assert.ok(withoutPlaceholders(short).length <= longestStatus, `too long for a status: ${short}`);
      }
    }
  });
}

test('src/locales: the code uses every sentence, and every short form has its sentence', () => {
  const inUse = sentenceKeysInUse().map(pattern);
  const unused = Object.keys(sentences).filter((key) =>
    key.endsWith('-short')
      ? !(key.slice(0, -'-short'.length) in sentences)
      : !inUse.some((used) => used.test(key)),
  );
  assert.deepEqual(unused, []);
});

for (const type of types) {
  test(`help of ${type}: both languages have the same elements, code and links`, () => {
    const english = help(type, 'en-US');
    const korean = help(type, 'ko');
    for (const page of [english, korean]) assert.match(page, new RegExp(`data-help-name="${type}"`));
    assert.deepEqual(outline(korean), outline(english), 'elements');
    assert.deepEqual(codes(korean), codes(english), 'code');
    assert.deepEqual(links(korean), links(english), 'links');
    const translated = blocks(korean);
    blocks(english).forEach((text, index) => {
      const block = translated[index] as string;
      assert.doesNotMatch(text, hangul);
      assert.equal(block === '', text === '', `no counterpart: ${text}${block}`);
      // A single word that is the same in both is the name of a property, an output or an operation.
      assert.ok(isKorean(block) || (block === text && !text.includes(' ')), `not translated: ${block}`);
    });
  });

  for (const language of languages) {
    test(`help of ${type}: words in quotes are texts of the dialog in ${language}`, () => {
      const known = [...catalogueOf(type, language).values(), ...quotedPosts];
      const quoted = help(type, language).matchAll(/“(.*?)”/gs);
      for (const [, words] of quoted)
        assert.ok(known.includes(words as string), `“${words}” is in no dialog`);
    });
  }

  // The compiler checks the keys of sentences, but not those of a node's catalogue.
  test(`catalogue of ${type}: has every key in use, and all its keys are in use`, () => {
    const keys = [...catalogueOf(type, 'en-US').keys()];
    const inUse = keysInUse(type, catalogueOf(type, 'en-US')).map(pattern);
    const unknown = inUse.filter((used) => !keys.some((key) => used.test(key)));
    const unused = keys.filter((key) => !inUse.some((used) => used.test(key)));
    assert.ok(inUse.length > 0);
    assert.deepEqual({ unknown, unused }, { unknown: [], unused: [] });
  });
}

/** The keys of one catalogue that the other lacks. */
const missing = (one: Catalogue, other: Catalogue): string[] =>
  [...one.keys()].filter((key) => !other.has(key));

const isForStatus = (key: string): boolean => key.endsWith('-short') || key.includes('.status.');

/** True for a text in Korean, or without any word that could be. */
function isKorean(text: string): boolean {
  const plain = withoutPlaceholders(text.replace(/<code>.*?<\/code>|<[^>]*>/gs, ' '));
  return hangul.test(plain) || (plain.match(/[A-Za-z]\w*(?::\d+)?/g) ?? []).every((word) => names.test(word));
}

const tags = (text: string): string[] => text.match(/<[^>]*>/g) ?? [];
/** The opening tags of a page with their attributes. */
const outline = (page: string): string[] =>
  [...page.matchAll(/<(h[1-6]|p|dl|dt|dd|ol|ul|li|table|tr|th|td)\b([^>]*)>/g)].map(
    ([, name, rest]) => `${name}${rest}`,
  );
const codes = (page: string): string[] =>
  [...page.matchAll(/<code>(.*?)<\/code>/gs)].map(([, code]) => code as string).sort();
const links = (page: string): string[] =>
  [...page.matchAll(/href="(.*?)"/g)].map(([, link]) => link as string);
/** The texts of a page's smallest blocks. */
function blocks(page: string): string[] {
  const inner = page.replace(/<\/?script[^>]*>/g, '');
  const parts = inner.split(/<\/?(?:h[1-6]|p|dl|dt|dd|ol|ul|li|table|tr|th|td)\b[^>]*>/);
  return parts.map((part) => part.replace(/\s+/g, ' ').trim());
}
