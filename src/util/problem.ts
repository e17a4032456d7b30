import { english } from './english';

/** Values put into the `__name__` places of a problem's sentence. */
export type ProblemParams = Record<string, string | number>;

/**
 * An error meant for the person at the editor. `key` names its sentence in the locales
 * (`src/locales/<language>/*.json`), `params` fills the sentence's `__name__` places;
 * `message` is the sentence in English, `short` what fits in a node's status (the text at
 * `<key>-short`). A `cause` is flattened into the `__cause__` place.
 */
export class Problem extends Error {
  readonly key: string;
  readonly params: ProblemParams;

  constructor(key: string, params: ProblemParams = {}, options?: { cause?: unknown }) {
    const all =
      options?.cause === undefined || 'cause' in params
        ? params
        : { ...params, cause: flatten(options.cause) };
    super(fill(english[key] ?? key, all), options);
    this.name = 'Problem';
    this.key = key;
    this.params = all;
  }

  get short(): string {
    const short = english[`${this.key}-short`];
    return short === undefined ? this.message : fill(short, this.params);
  }
}

/**
 * Puts a chain of causes into one line: each message once, the outermost first.
 * Takes anything that was thrown; never throws itself.
 */
export function flatten(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 8; depth++) {
    const text = textOf(current);
    if (text && !parts.some((part) => part.includes(text))) parts.push(text);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(': ') || 'unknown error';
}

function textOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return flatten(thrown.errors[0]);
  try {
    const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
    return text.replace(/\s+/g, ' ').trim();
  } catch {
    return '';
  }
}

function fill(sentence: string, params: ProblemParams): string {
  return sentence.replace(/__(\w+?)__/g, (place, name: string) => String(params[name] ?? place));
}
