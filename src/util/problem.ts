import { english, type SentenceKey } from './english';

/** Values for the `__name__` places of a sentence. A Problem stands for its own sentence, in the reader's language. */
export type ProblemParams = Record<string, string | number | Problem>;

/**
 * An error meant for the person at the editor. `key` names its sentence in the locales
 * (`src/locales/<language>/*.json`), `params` fills the sentence's `__name__` places; `message` is the
 * sentence in English, `short` what fits in a node's status (the text at `<key>-short`). An
 * `options.cause` fills the `__cause__` place: a Problem as it is, anything else flattened into one line.
 * Code that decides by an error reads a property of a subclass, never the key or a text.
 */
export class Problem extends Error {
  readonly key: SentenceKey;
  readonly params: ProblemParams;

  constructor(key: SentenceKey, params: ProblemParams = {}, options?: { cause?: unknown }) {
    const all =
      options?.cause === undefined || 'cause' in params
        ? params
        : { ...params, cause: nested(options.cause) };
    super(fill(texts[key] ?? key, all), options);
    this.name = 'Problem';
    this.key = key;
    this.params = all;
  }

  get short(): string {
    const short = texts[`${this.key}-short`];
    return short === undefined ? this.message : fill(short, this.params);
  }
}

// A dialog is built without the English sentences: it looks them up in the editor's catalogue.
const texts: Record<string, string | undefined> = english;

function nested(cause: unknown): string | Problem {
  return cause instanceof Problem ? cause : flatten(cause);
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
  return sentence.replace(/__(\w+?)__/g, (place, name: string) => {
    const value = params[name];
    return value instanceof Problem ? value.message : String(value ?? place);
  });
}
