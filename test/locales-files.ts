import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../dev/paths';

export const languages = ['en-US', 'ko'] as const;
export type Language = (typeof languages)[number];
/** Texts by key, nested keys joined with dots. */
export type Catalogue = Map<string, string>;

/** The node types, by their folders. */
export const types = readdirSync(join(root, 'nodes'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** The languages in a folder of locales. */
export function languagesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** The names of all catalogues of a language, with `<language>` in place of it. */
export function catalogueFiles(language: Language): string[] {
  const folders = ['src', ...types.map((type) => join('nodes', type))];
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder, 'locales', language))
      .filter((file) => file.endsWith('.json'))
      .map((file) => join(folder, 'locales', '<language>', file)),
  );
}

/** @param file a name from {@link catalogueFiles} */
export function catalogue(file: string, language: Language): Catalogue {
  return new Map(flat(JSON.parse(read(file.replace('<language>', language)))));
}

/** The catalogue of a node. */
export const catalogueOf = (type: string, language: Language): Catalogue =>
  catalogue(join('nodes', type, 'locales', '<language>', `${type}.json`), language);

/** The help page of a node. */
export const help = (type: string, language: Language): string =>
  read(join('nodes', type, 'locales', language, `${type}.html`));

/** All code, or all forms, in a folder. */
export function sources(
  folder: 'src' | 'nodes',
  ending: '.ts' | '.html',
): Array<{ file: string; text: string }> {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending) && !file.includes('locales'))
    .map((file) => ({ file: join(folder, file), text: read(join(folder, file)) }));
}

/** The `__name__` placeholders of a text, sorted: their order depends on the language. */
export const placeholders = (text: string): string[] => (text.match(/__\w+?__/g) ?? []).sort();
/** A text without its `__name__` placeholders. */
export const withoutPlaceholders = (text: string): string => text.replace(/__\w+?__/g, '');

function flat(texts: object, above = ''): Array<[string, string]> {
  return Object.entries(texts).flatMap(([key, text]: [string, string | object]) =>
    typeof text === 'string' ? [[above + key, text] as [string, string]] : flat(text, `${above}${key}.`),
  );
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
