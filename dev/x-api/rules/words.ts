/** Scripts written without spaces, or with endings glued to the word: each of their characters is a word. */
const UNSPACED = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\u30fc';
const PICTURE = '\\p{Extended_Pictographic}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]*';

const WORD = new RegExp(
  `[${UNSPACED}]|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}_])+` +
    `|\\p{Regional_Indicator}{2}|${PICTURE}(?:\\u200d${PICTURE})*`,
  'gu',
);

/** The words X would find in a text: lower case, accents kept, everything else taken for a gap. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD) ?? [];
}

/** Words as one text in which a run of words is found by `includes`. */
export const searchable = (text: string): string => ` ${wordsOf(text).join(' ')} `;
