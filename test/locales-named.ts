import { type Catalogue, sources } from './locales-files';

const quoted = /(['"`])((?:[\w-]+|\$\{[^{}]*\})\.[^'"`\s]*?(?:\$\{.*?\}[^'"`\s]*?)*)\1/g;

/**
 * The keys of a node's catalogue that its form and its code name, `*` for what is worked out when they run.
 * A key is told by the type that it begins with, or by the `words(…)` that it stands in. What code shared by
 * the dialogs names for any type counts where the catalogue has that group of texts.
 */
export function textsNamed(type: string, known: Catalogue): string[] {
  const groups = new Set([...known.keys()].map((key) => key.split('.')[1]));
  return [...new Set([...inForms(), ...inCode(type)])]
    .filter((key) => key.startsWith(`${type}.`) || (key.startsWith('*.') && groups.has(key.split('.')[1])))
    .filter((key) => !key.endsWith('.svg'))
    .map((key) => key.replace(/^\*/, type));
}

/** What a key with `*` stands for. */
export const pattern = (key: string): RegExp =>
  new RegExp(`^${key.replace(/[.*]/g, (sign) => (sign === '.' ? '\\.' : '[\\w-]+'))}$`);

function* inForms(): Generator<string> {
  for (const { text } of sources('.html')) {
    for (const [, attribute] of text.matchAll(/data-i18n="(.*?)"/g)) {
      for (const part of (attribute as string).split(';')) yield part.replace(/^\[.*?\]/, '');
    }
  }
}

function* inCode(type: string): Generator<string> {
  for (const { type: owner, text } of sources('.ts')) {
    const code = text.replace(/needsPermission\(.*?\)/gs, '');
    for (const [, , literal] of code.matchAll(quoted)) yield starred(literal as string);
    if (owner !== type) continue;
    for (const [, , key] of code.matchAll(/\bwords\(\s*(['"`])(.*?)\1/g))
      yield `${type}.${starred(key as string)}`;
  }
}

const starred = (literal: string): string => literal.replace(/\$\{.*?\}/g, '*');
