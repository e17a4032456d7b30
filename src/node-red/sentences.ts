import type { NodeAPI } from 'node-red';
import { flatten, Problem, type ProblemParams } from '../util/problem';

/** The build adds the sentences of src/locales to the catalogue of kafka-cluster. */
const catalogue = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.';

/** The sentence of a Problem in the language of the Node-RED server; of another error, its messages on one line. */
export function sentence(RED: NodeAPI, thrown: unknown): string {
  if (!(thrown instanceof Problem)) return flatten(thrown);
  return translate(RED, thrown.key, thrown.params) ?? thrown.message;
}

/** The short form of {@link sentence}, for a node's status. */
export function shortSentence(RED: NodeAPI, thrown: unknown): string {
  if (!(thrown instanceof Problem)) return flatten(thrown);
  const { key, params } = thrown;
  return translate(RED, `${key}-short`, params) ?? translate(RED, key, params) ?? thrown.short;
}

/**
 * Converts an error for Node-RED's `done` and Catch nodes: `message` is the sentence, without a name in front of
 * it, and `code` the key. Only an unexpected error keeps its stack.
 */
export function nodeError(RED: NodeAPI, thrown: unknown): Error {
  const expected = thrown instanceof Problem;
  const problem = expected ? thrown : new Problem('unexpected', {}, { cause: thrown });
  const error = Object.assign(new Error(sentence(RED, problem)), { code: problem.key });
  error.name = '';
  if (expected) delete error.stack;
  else if (thrown instanceof Error && thrown.stack) error.stack = thrown.stack;
  return error;
}

function translate(RED: NodeAPI, key: string, params: ProblemParams): string | undefined {
  const path = catalogue + key;
  const values = Object.entries(params).map(([name, value]) => [
    name,
    value instanceof Problem ? sentence(RED, value) : value,
  ]);
  const text = RED._(path, Object.fromEntries(values));
  // RED._ returns a missing key unchanged, with or without its namespace.
  return text && !path.endsWith(text) ? text : undefined;
}
