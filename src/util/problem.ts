import { english, type SentenceKey } from './english';

/** Values for the `__name__` placeholders of a sentence. A Problem is shown as its own sentence, in the reader's language. */
export type ProblemParams = Record<string, string | number | Problem>;

/** The key and the values of a sentence as plain data, such as JSON; every Problem is one. */
export interface ProblemData {
  readonly key: SentenceKey;
  readonly params: Readonly<Record<string, string | number | ProblemData>>;
}

/**
 * An error for the user of the editor. `key` is the key of its sentence in `src/locales/<language>/*.json`, and
 * `params` are the values of the sentence's `__name__` placeholders. `message` is the sentence in English, `short`
 * the text at `<key>-short`, which fits in a node's status. `options.cause` becomes the param `cause`: a Problem
 * unchanged, any other error flattened into one line.
 * Code that handles an error depends on the properties of a subclass, never on the key or a text.
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

// Dialogs are bundled without the English sentences and use the editor's catalogue, so a text may be missing.
const texts: Record<string, string | undefined> = english;

function nested(cause: unknown): string | Problem {
  return cause instanceof Problem ? cause : flatten(cause);
}

/**
 * Joins the messages of an error and its causes on one line: the outermost first, each once.
 * Accepts any thrown value; never throws.
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
