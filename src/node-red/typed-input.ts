import type { Node, NodeAPI } from 'node-red';
import { flatten, Problem } from '../util/problem';
import type { Message } from './define';

/** Reads one field of a dialog for one message: the value itself, or a promise of it. */
export type TypedReader = (msg: Message) => unknown;

const simpleName = /^[A-Za-z_$][\w$]*$/;

/**
 * Prepares a typedInput's pair (`value`, `type`) for reading. A blank field, or the type "none", is `undefined`; the chosen
 * type alone decides, and what a message lacks is `undefined` too.
 * @param field the field's name, for the error
 * @returns a reader that throws, or whose promise rejects with, Problem "typed-invalid"
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
  if (type === 'env') return () => environment(RED, node, field, text);
  if (type === 'jsonata') return jsonataReader(RED, node, field, text);
  return (msg) => evaluate(RED, node, field, text, type, msg);
}

/** Resolves when all values are there; returns them at once, without a promise, when none has to be waited for. */
export function readAll<Name extends string>(
  readers: Record<Name, TypedReader>,
  msg: Message,
): Record<Name, unknown> | Promise<Record<Name, unknown>> {
  const values = {} as Record<Name, unknown>;
  const pending: Promise<void>[] = [];
  for (const name of Object.keys(readers) as Name[]) {
    const value = readers[name](msg);
    if (value instanceof Promise) {
      pending.push(
        value.then((late) => {
          values[name] = late;
        }),
      );
    } else values[name] = value;
  }
  return pending.length === 0 ? values : Promise.all(pending).then(() => values);
}

function environment(RED: NodeAPI, node: Node, field: string, name: string): unknown {
  const value = RED.util.evaluateNodeProperty(name, 'env', node, {});
  // Node-RED answers an unset variable with an empty text or with the name in its braces.
  if (value === undefined || value === '' || value === `\${${name}}`) {
    throw new Problem('env-unset', { field, name });
  }
  return value;
}

function jsonataReader(RED: NodeAPI, node: Node, field: string, text: string): TypedReader {
  const expression = guarded(field, () => RED.util.prepareJSONataExpression(text, node));
  return (msg) =>
    new Promise((resolve, reject) => {
      RED.util.evaluateJSONataExpression(expression, msg, (error, value) => {
        if (error) reject(invalid(field, error));
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
  let late: ((error: unknown, value: unknown) => void) | undefined;
  // Context stores may answer later; everything else calls back within this turn.
  guarded(field, () =>
    RED.util.evaluateNodeProperty(text, type, node, msg, (error: Error | null, result: unknown) => {
      settled = true;
      failure = error;
      value = result;
      late?.(error, result);
    }),
  );
  if (settled) {
    if (!failure) return value;
    // A path through something that is not there, such as msg.a.b without msg.a.
    if (type === 'msg' && failure instanceof TypeError) return undefined;
    throw invalid(field, failure);
  }
  return new Promise((resolve, reject) => {
    late = (error, result) => (error ? reject(invalid(field, error)) : resolve(result));
  });
}

function guarded<T>(field: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw invalid(field, error);
  }
}

function invalid(field: string, error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('typed-invalid', { field, cause: flatten(error) });
}
