import type { NodeAPI } from 'node-red';
import { english } from '../util/english';
import { flatten, Problem, type ProblemParams } from '../util/problem';
import { namespaceOf } from './catalogue';

/** The build adds the sentences of src/locales to the catalogue of kafka-cluster. */
const catalogue = `${namespaceOf('kafka-cluster')}problems.`;

/** The sentence of a Problem in the language of the Node-RED server; of another error, its messages on one line. */
export function sentence(RED: NodeAPI, thrown: unknown): string {
  if (!(thrown instanceof Problem)) return flatten(thrown);
  return translate(RED, thrown.key, thrown.params) ?? thrown.message;
}

/**
 * The short form of {@link sentence}, for a node's status. The short form of the cause stands for a problem that has none,
 * such as "not acknowledged within 120 s: …".
 */
export function shortSentence(RED: NodeAPI, thrown: unknown): string {
  const problem = thrown instanceof Problem && withShortForm(thrown);
  if (!problem) return sentence(RED, thrown);
  return translate(RED, `${problem.key}-short`, problem.params) ?? problem.short;
}

/**
 * The text of a status for an error. Where the short form has no values this is its catalogue key, so that each editor shows
 * it in the language of its user; otherwise {@link shortSentence}, because a status has no values for a key.
 */
export function statusText(RED: NodeAPI, thrown: unknown): string {
  const problem = thrown instanceof Problem && withShortForm(thrown);
  if (problem && !/__/.test(shortForm(problem) ?? '__')) return `${catalogue}${problem.key}-short`;
  return shortSentence(RED, thrown);
}

const texts: Record<string, string | undefined> = english;
const shortForm = ({ key }: Problem): string | undefined => texts[`${key}-short`];

function withShortForm(problem: Problem): Problem | undefined {
  if (shortForm(problem) !== undefined) return problem;
  const { cause } = problem.params;
  return cause instanceof Problem ? withShortForm(cause) : undefined;
}

/** An error for Node-RED, whose types declare an Error for `done` and a string for `node.error`: see {@link nodeError}. */
export type NodeError = string & Error & { readonly code: string };

/**
 * Converts an error for Node-RED's `done` and `node.error`. Catch nodes get the sentence as `error.message` and the key as
 * `error.code`; only an unexpected error has a `stack`. The result is a String object, not an Error: from Node-RED
 * 4.1 on, the debug sidebar folds an Error and cuts its message at 30 characters, but shows a String object as text. Node-RED
 * copies its own properties `code` and `stack` as it does those of an Error. `message` is for code that hooks into `done`.
 */
export function nodeError(RED: NodeAPI, thrown: unknown): NodeError {
  const expected = thrown instanceof Problem;
  const problem = expected ? thrown : new Problem('unexpected', {}, { cause: thrown });
  const message = sentence(RED, problem);
  const stack = !expected && thrown instanceof Error && thrown.stack ? { stack: thrown.stack } : {};
  return Object.assign(Object(message), { message, code: problem.key, ...stack });
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
