import type { SentenceKey } from '../src/util/english';
import { Problem, type ProblemData } from '../src/util/problem';

// The build puts the sentences of all problems into this catalogue.
const catalogue = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.';

/**
 * A problem's sentence in the editor's language.
 * @param fallback what to show if the editor does not know the sentence: it may be older than the server
 */
export function sentence(key: SentenceKey, params: ProblemData['params'] = {}, fallback?: string): string {
  const words = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'object' ? sentence(value.key, value.params) : value,
  ]);
  return RED._(catalogue + key, { defaultValue: fallback, ...Object.fromEntries(words) });
}

/** The sentence of what was thrown. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Problem ? sentence(thrown.key, thrown.params) : String(thrown);
}

/** Checks a value with a function of the runtime. @returns true, or the sentence of what it throws */
export function accepted(read: () => unknown): true | string {
  try {
    read();
    return true;
  } catch (error) {
    return sentenceOf(error);
  }
}
