import type { Node, NodeAPI } from 'node-red';
import { fillIn, variablesIn } from '../util/env-variable';
import { flatten, Problem } from '../util/problem';
import type { Message } from './define';
import { variablesOf } from './variables';

/** Reads one field of the dialog for a message: returns the value or a promise of it. */
export type TypedReader = (msg: Message) => unknown;

const simpleName = /^[A-Za-z_$][\w$]*$/;

/**
 * Creates a reader for a typedInput's pair of `value` and `type`. There is no fallback to another type. A blank
 * field, the type "none" and a missing property of a message give undefined.
 * @param field the field's name, for errors
 * @returns a reader that throws, or rejects with, Problem "typed-invalid" or "env-unset"
 * @throws Problem "typed-invalid" for an invalid JSONata expression
 */
export function typedReader(
  RED: NodeAPI,
  node: Node,
  field: string,
  value: string | undefined,
  type: string | undefined,
): TypedReader {
  const text = value === undefined || value === null ? '' : String(value);
  if (text === '' || type === 'none') return () => undefined;
  if (type === undefined || type === 'str') return () => text;
  if (type === 'msg' && simpleName.test(text)) return (msg) => msg[text];
  if (type === 'env') return () => readEnvVariable(RED, node, field, text);
  if (type === 'jsonata') return jsonataReader(RED, node, field, text);
  return (msg) => evaluate(RED, node, field, text, type, msg);
}

/**
 * As {@link typedReader}; in a string, environment variables are filled in. For names and paths: in other strings, such
 * as a value, `${…}` may be meant.
 * @throws Problem "env-unset" too
 */
export function nameReader(
  RED: NodeAPI,
  node: Node,
  field: string,
  value: string | undefined,
  type: string | undefined,
): TypedReader {
  const isString = type === undefined || type === 'str';
  const text = isString && value ? fillIn(field, String(value), variablesOf(RED, node)) : value;
  return typedReader(RED, node, field, text, type);
}

/** Reads all fields for a message. Returns a promise only if at least one reader does. */
export function readFields<Name extends string>(
  readers: Record<Name, TypedReader>,
  msg: Message,
): Record<Name, unknown> | Promise<Record<Name, unknown>> {
  const values = {} as Record<Name, unknown>;
  const pending: Promise<void>[] = [];
  for (const name of Object.keys(readers) as Name[]) {
    const value = readers[name](msg);
    if (value instanceof Promise) {
      pending.push(
        value.then((resolved) => {
          values[name] = resolved;
        }),
      );
    } else values[name] = value;
  }
  return pending.length === 0 ? values : Promise.all(pending).then(() => values);
}

function readEnvVariable(RED: NodeAPI, node: Node, field: string, name: string): unknown {
  // Node-RED leaves out what is not set.
  if (variablesIn(name).length > 0) return fillIn(field, name, variablesOf(RED, node));
  const value = RED.util.evaluateNodeProperty(name, 'env', node, {});
  // For an unset variable Node-RED returns an empty string or `${NAME}` unchanged.
  if (value === undefined || value === '' || value === `\${${name}}`) {
    throw new Problem('env-unset', { field, name });
  }
  return value;
}

function jsonataReader(RED: NodeAPI, node: Node, field: string, text: string): TypedReader {
  const expression = orFieldInvalid(field, () => RED.util.prepareJSONataExpression(text, node));
  return (msg) =>
    new Promise((resolve, reject) => {
      RED.util.evaluateJSONataExpression(expression, msg, (error, value) => {
        if (error) reject(fieldInvalid(field, error));
        else resolve(value);
      });
    });
}

function evaluate(
  RED: NodeAPI,
  node: Node,
  field: string,
  text: string,
  type: string,
  msg: Message,
): unknown {
  let settled = false;
  let value: unknown;
  let failure: unknown;
  let onLateResult: ((error: unknown, value: unknown) => void) | undefined;
  // Only a context store calls back later; all other types call back before the function returns.
  orFieldInvalid(field, () =>
    RED.util.evaluateNodeProperty(text, type, node, msg, (error: Error | null, result: unknown) => {
      settled = true;
      failure = error;
      value = result;
      onLateResult?.(error, result);
    }),
  );
  if (settled) {
    if (!failure) return value;
    // A path through a missing property, such as msg.a.b without msg.a.
    if (type === 'msg' && failure instanceof TypeError) return undefined;
    throw fieldInvalid(field, failure);
  }
  return new Promise((resolve, reject) => {
    onLateResult = (error, result) => (error ? reject(fieldInvalid(field, error)) : resolve(result));
  });
}

/** Converts any error of `run` into Problem "typed-invalid". */
function orFieldInvalid<T>(field: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw fieldInvalid(field, error);
  }
}

function fieldInvalid(field: string, error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('typed-invalid', { field, cause: flatten(error) });
}
