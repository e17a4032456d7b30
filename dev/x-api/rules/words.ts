/** Scripts without spaces, or with suffixes attached to words: each character counts as a word. */
const UNSPACED = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\u30fc';
const PICTURE = '\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*';

const WORD = new RegExp(
  `[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}_])+` +
    `|\\p{Regional_Indicator}{2}|${PICTURE}(?:\\u200d${PICTURE})*`,
  'gu',
);

/** The words of a text as X splits it: lower case, with accents, separated by anything else. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD) ?? [];
}

/** Joins the words so that `includes` finds a sequence of words. */
export const searchable = (text: string): string => ` ${wordsOf(text).join(' ')} `;
