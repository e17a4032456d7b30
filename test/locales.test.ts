import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Catalogue,
  catalogue,
  catalogueFiles,
  catalogueOf,
  help,
  languages,
  languagesIn,
  places,
  types,
  withoutPlaces,
} from './locales-files';
import { pattern, textsNamed } from './locales-named';

const longestStatus = 32;
// Words that a Korean text may consist of: names, settings and examples that are the same everywhere.
const untranslated =
  /^(?:Kafka|App|acks|linger|gzip|snappy|lz4|zstd|ms|tweets?|retweets?|kafka[12]:9092|TLS|SASL|PLAIN|SCRAM|SHA|OAUTHBEARER|NOT_ENOUGH_REPLICAS)$/;
const hangul = /\p{Script=Hangul}/u;
// A particle whose form depends on a word that is only known when it is filled in: “이(가)”, never “이” alone.
const boundParticle = /__[”)]*(?:은|는|이|가|을|를|과|와|으?로)(?:의)?(?!\p{L}|\()/u;
// Words in quotes that are not the dialog's.
const quotedPosts = ['RT @'];

for (const folder of ['src', ...types.map((type) => `nodes/${type}`)]) {
  test(`${folder} speaks each language`, () => {
    assert.deepEqual(languagesIn(`${folder}/locales`), languages);
  });
}

test('both languages have the same files', () => {
  assert.deepEqual(catalogueFiles('ko'), catalogueFiles('en-US'));
});

for (const file of catalogueFiles('en-US')) {
  test(`${file} says the same in both languages`, () => {
    const english = catalogue(file, 'en-US');
    const korean = catalogue(file, 'ko');
    assert.ok(english.size > 0);
    assert.deepEqual(missing(english, korean), [], 'not in Korean');
    assert.deepEqual(missing(korean, english), [], 'not in English');
    for (const [key, text] of english) {
      const translated = korean.get(key) ?? '';
      assert.deepEqual(places(translated), places(text), `places of ${key}`);
      assert.deepEqual(tags(translated), tags(text), `tags of ${key}`);
      assert.ok(text.trim() && translated.trim(), `${key} is empty`);
      assert.doesNotMatch(text, hangul, key);
      assert.ok(isKorean(translated), `${key} is not translated: ${translated}`);
      assert.doesNotMatch(translated, boundParticle, `a particle that does not fit all values in ${key}`);
      if (!isForStatus(key)) continue;
      for (const short of [text, translated]) {
        assert.ok(withoutPlaces(short).length <= longestStatus, `too long for a status: ${short}`);
      }
    }
  });
}

for (const type of types) {
  test(`the help of ${type} goes equally deep in both languages`, () => {
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
      // A word that is the same in both is a name: of a property, an output, an operation.
      assert.ok(isKorean(block) || (block === text && !text.includes(' ')), `not translated: ${block}`);
      // Korean needs about half the characters.
      const enough = text.length < 40 ? 1 : text.length * 0.3;
      assert.ok(block.length >= Math.min(enough, text.length), `says less than the English: ${block}`);
    });
  });

  for (const language of languages) {
    test(`the help of ${type} calls the fields what the dialog calls them in ${language}`, () => {
      const known = [...catalogueOf(type, language).values(), ...quotedPosts];
      const quoted = help(type, language).matchAll(/“(.*?)”/gs);
      for (const [, words] of quoted)
        assert.ok(known.includes(words as string), `“${words}” is in no dialog`);
    });

    test(`${type} finds its texts in ${language}`, () => {
      const known = catalogueOf(type, language);
      const named = textsNamed(type, known);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((key) => ![...known.keys()].some((one) => pattern(key).test(one))),
        [],
      );
    });
  }

  test(`${type} uses all its texts`, () => {
    const known = catalogueOf(type, 'en-US');
    const named = textsNamed(type, known).map(pattern);
    const unused = [...known.keys()].filter((key) => !named.some((one) => one.test(key)));
    assert.deepEqual(unused, []);
  });
}

/** The keys of one catalogue that the other lacks. */
const missing = (one: Catalogue, other: Catalogue): string[] =>
  [...one.keys()].filter((key) => !other.has(key));

const isForStatus = (key: string): boolean => key.endsWith('-short') || key.includes('.status.');

/** In Korean, or without a word that could be. */
function isKorean(text: string): boolean {
  const plain = withoutPlaces(text.replace(/<code>.*?<\/code>|<[^>]*>/gs, ' '));
  const english = /(?:\b[A-Za-z]{2,} ){4,}[a-z]{2,}/;
  if (hangul.test(plain)) return !english.test(plain);
  return (plain.match(/[A-Za-z]\w*(?::\d+)?/g) ?? []).every((word) => untranslated.test(word));
}

const tags = (text: string): string[] => text.match(/<[^>]*>/g) ?? [];
/** The opening tags of a page, with their classes but without what a language says in them. */
const outline = (page: string): string[] =>
  [...page.matchAll(/<(h[1-6]|p|dl|dt|dd|ol|ul|li|table|tr|th|td)\b([^>]*)>/g)].map(
    ([, name, rest]) => `${name}${rest}`,
  );
const codes = (page: string): string[] =>
  [...page.matchAll(/<code>(.*?)<\/code>/gs)].map(([, code]) => code as string).sort();
const links = (page: string): string[] =>
  [...page.matchAll(/href="(.*?)"/g)].map(([, link]) => link as string);
/** The texts of a page's smallest blocks, without marks. Words that are all code have nothing to translate. */
function blocks(page: string): string[] {
  const inner = page.replace(/<\/?script[^>]*>/g, '');
  const parts = inner.split(/<\/?(?:h[1-6]|p|dl|dt|dd|ol|ul|li|table|tr|th|td)\b[^>]*>/);
  return parts.map((part) => part.replace(/\s+/g, ' ').trim());
}
