import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An example in a node's help: a message, and what the node makes of it; or only a message that the node sends. */
export interface Example {
  message: Record<string, unknown>;
  answer?: unknown;
}

/** The examples in the help of a node type in a language, in their order. @throws SyntaxError if one is not JSON */
export function examplesIn(type: string, locale: string): Example[] {
  const file = join(__dirname, '../../nodes', type, 'locales', locale, `${type}.html`);
  // As a browser shows it: a line break is a space.
  const help = readFileSync(file, 'utf8').replace(/\s+/g, ' ');
  const found = help.matchAll(/<p class="example"><code>(.*?)<\/code>(?: → <code>(.*?)<\/code>)?<\/p>/g);
  return [...found].map(([, message = '', answer]) => ({
    message: JSON.parse(message),
    ...(answer !== undefined && { answer: JSON.parse(answer) }),
  }));
}

/** Where an answer lacks a field of the example, or has another type there. An example may leave fields out. */
export function differences(actual: unknown, example: unknown, at = ''): string[] {
  if (actual === null || example === null) return [];
  if (kindOf(actual) !== kindOf(example)) return [`${at}: ${kindOf(actual)}, not ${kindOf(example)}`];
  if (Array.isArray(example)) {
    const [first] = actual as unknown[];
    return first === undefined ? [] : differences(first, example[0], `${at}[0]`);
  }
  if (typeof example !== 'object') return [];
  const given = actual as Record<string, unknown>;
  return Object.entries(example).flatMap(([name, value]) =>
    name in given ? differences(given[name], value, `${at}.${name}`) : [`${at}.${name}: missing`],
  );
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
