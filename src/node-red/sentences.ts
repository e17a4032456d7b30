import type { NodeAPI } from 'node-red';
import { flatten, Problem, type ProblemParams } from '../util/problem';

/** Where the build puts the problems' sentences: in the catalogue of kafka-cluster. */
const catalogue = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.';

/** The sentence of what was thrown, in the language of the Node-RED server. */
export function sentence(RED: NodeAPI, thrown: unknown): string {
  if (!(thrown instanceof Problem)) return flatten(thrown);
  return translate(RED, thrown.key, thrown.params) ?? thrown.message;
}

/** The same in few words, for a node's status. */
export function shortSentence(RED: NodeAPI, thrown: unknown): string {
  if (!(thrown instanceof Problem)) return flatten(thrown);
  return translate(RED, `${thrown.key}-short`, thrown.params) ?? thrown.short;
}

/**
 * What was thrown as Node-RED's `done` and Catch node want it: `message` is the sentence alone,
 * `code` the problem's key; only an unexpected error keeps its stack.
 */
export function nodeError(RED: NodeAPI, thrown: unknown): Error {
  const known = thrown instanceof Problem;
  const problem = known ? thrown : new Problem('unexpected', {}, { cause: thrown });
  const error = Object.assign(new Error(sentence(RED, problem)), { code: problem.key });
  error.name = '';
  if (known) delete error.stack;
  else if (thrown instanceof Error && thrown.stack) error.stack = thrown.stack;
  return error;
}

function translate(RED: NodeAPI, key: string, params: ProblemParams): string | undefined {
  const place = catalogue + key;
  const words = Object.entries(params).map(([name, value]) => [
    name,
    value instanceof Problem ? sentence(RED, value) : value,
  ]);
  const text = RED._(place, Object.fromEntries(words));
  // A missing key comes back as it went in, with or without its namespace.
  return text && !place.endsWith(text) ? text : undefined;
}
