import { type Catalogue, sources } from './locales-files';

// Keys in string and template literals: of a catalogue (`type.group.key`) and of a sentence (`kebab-case`).
const catalogueLiteral = /(['"`])((?:[\w-]+|\$\{[^{}]*\})\.[^'"`\s]*?(?:\$\{.*?\}[^'"`\s]*?)*)\1/g;
const sentenceLiteral = /(['"`])([a-z][\w-]*(?:\$\{[^{}]*\}[\w-]*)*)\1/g;

/**
 * The keys of a node's catalogue in its form and code; `*` is a part computed at run time. In the node's own code
 * `words('…')` names a key without the type. In code that the dialogs share, a key for any type counts if the
 * catalogue has that group of texts.
 */
export function keysInUse(type: string, catalogue: Catalogue): string[] {
  const groups = new Set([...catalogue.keys()].map((key) => key.split('.')[1]));
  return [...new Set([...keysInForms(), ...keysInCode(type)])]
    .filter((key) => key.startsWith(`${type}.`) || (key.startsWith('*.') && groups.has(key.split('.')[1])))
    .filter((key) => !key.endsWith('.svg'))
    .map((key) => key.replace(/^\*/, type));
}

/** The literals in the code that may be keys of sentences; `*` is a part computed at run time. */
export function sentenceKeysInUse(): string[] {
  const literals = [...sources('src', '.ts'), ...sources('nodes', '.ts')].flatMap(({ text }) => [
    ...text.matchAll(sentenceLiteral),
  ]);
  return [...new Set(literals.map(([, , literal]) => withStars(literal as string)))];
}

/** Matches the keys that a key with `*` can be. */
export const pattern = (key: string): RegExp =>
  new RegExp(`^${key.replace(/[.*]/g, (character) => (character === '.' ? '\\.' : '[\\w-]+'))}$`);

function* keysInForms(): Generator<string> {
  for (const { text } of sources('nodes', '.html')) {
    for (const [, attribute] of text.matchAll(/data-i18n="(.*?)"/g)) {
      for (const part of (attribute as string).split(';')) yield part.replace(/^\[.*?\]/, '');
    }
  }
}

function* keysInCode(type: string): Generator<string> {
  for (const { file, text } of sources('nodes', '.ts')) {
    const code = text.replace(/needsPermission\(.*?\)/gs, '');
    for (const [, , literal] of code.matchAll(catalogueLiteral)) yield withStars(literal as string);
    if (!file.startsWith(`nodes/${type}/`)) continue;
    for (const [, , key] of code.matchAll(/\bwords\(\s*(['"`])(.*?)\1/g))
      yield `${type}.${withStars(key as string)}`;
  }
}

const withStars = (literal: string): string => literal.replace(/\$\{.*?\}/g, '*');
