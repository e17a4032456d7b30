import type { Language } from './language';
import { latin } from './languages-latin';
import { others } from './languages-others';

export const languages: Language[] = [...latin, ...others];

const byCode = new Map(languages.map((language) => [language.code, language]));

/** The language with that code; for a code without texts, English texts under that code. */
export function languageOf(code: string): Language {
  const english = byCode.get('en') as Language;
  return byCode.get(code) ?? { ...english, code };
}

/** Emoji of every structure: plain, with variation selector, skin tone, joiners, flags, keycaps, tags. */
export const emoji = [
  '😂',
  '😭',
  '🔥',
  '❤️',
  '🏀',
  '🙏',
  '💜',
  '✨',
  '🥹',
  '👀',
  '🎶',
  '☕️',
  '👏🏿',
  '🤷🏽‍♀️',
  '👩‍👩‍👧‍👦',
  '👨🏻‍💻',
  '🏳️‍🌈',
  '❤️‍🔥',
  '🐻‍❄️',
  '🧑🏾‍🤝‍🧑🏼',
  '🇰🇷',
  '🇧🇷',
  '🇯🇵',
  '1️⃣',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
];

/** Decorative letters outside the Basic Multilingual Plane. */
export const fancy = ['𝐛𝐫𝐞𝐚𝐤𝐢𝐧𝐠', '𝓰𝓸𝓸𝓭 𝓭𝓪𝔂', '𝕥𝕣𝕦𝕤𝕥 𝕞𝕖', '𝘴𝘰 𝘵𝘳𝘶𝘦', '𠮷野家', '𒀭'];
