// What the dialogs share. Runs in the editor only.

import type { SentenceKey } from '../src/util/english';
import { Problem, type ProblemParams } from '../src/util/problem';

type Saved = Record<string, unknown>;

const catalogue = '@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.';

/** A problem's sentence in the editor's language. */
export function sentence(key: SentenceKey, params: ProblemParams = {}): string {
  const words = Object.entries(params).map(([name, value]) => [
    name,
    value instanceof Problem ? sentence(value.key, value.params) : value,
  ]);
  return RED._(catalogue + key, Object.fromEntries(words));
}

/** An environment variable as a whole value: Node-RED fills it in at the start. */
export const isVariable = (value: unknown): boolean =>
  typeof value === 'string' && /^\$\{[^}]+\}$/.test(value);

/**
 * Checks a number field: blank is the default.
 * @returns a validator as Node-RED wants it: two parameters, true or a sentence
 */
export function numberFrom(
  field: string,
  least: number,
): (value: unknown, options?: unknown) => boolean | string {
  return (value, _options) => {
    if (value === '' || value === undefined || value === null || isVariable(value)) return true;
    const number = Number(value);
    return (Number.isFinite(number) && number >= least) || sentence('number-invalid', { field, least });
  };
}

/** Checks a field that must not be blank. @param key the sentence's key */
export function required(key: SentenceKey): (value: unknown, options?: unknown) => boolean | string {
  return (value, _options) => (value !== undefined && String(value).trim() !== '') || sentence(key);
}

/**
 * Saves number fields as numbers; to be called in oneditsave. Node-RED reads all inputs as text after it,
 * and leaves alone what it does not find.
 */
export function saveNumbers(node: Saved, prefix: 'node-input' | 'node-config-input', names: string[]): void {
  for (const name of names) {
    const input = $(`#${prefix}-${name}`);
    const text = String(input.val() ?? '').trim();
    const number = Number(text);
    node[name] = text === '' || !Number.isFinite(number) ? text : number;
    input.removeAttr('id');
  }
}

/** Makes a typedInput of the field `node-input-<name>`, with its type in `node-input-<name>Type`. */
export function typedField(name: string, types: unknown[], fallback = 'msg'): void {
  $(`#node-input-${name}`).typedInput({
    default: fallback as never,
    types: types as never,
    typeField: `#node-input-${name}Type`,
  });
  labelTyped(name);
}

/** A typedInput hides the field that its label is bound to: the one it shows is bound too. */
export function labelTyped(name: string): void {
  const id = `node-label-${name}`;
  $(`label[for="node-input-${name}"]`).attr('id', id);
  $(`#node-input-${name}`).next('.red-ui-typedInput-container').find('input').attr('aria-labelledby', id);
}

/** A typedInput's text type that completes topic names from the deployed cluster chosen in the dialog. */
export function topicNames(): object {
  let asked: { cluster: string; names: Promise<string[]> } | undefined;
  const namesOf = (cluster: string): Promise<string[]> => {
    if (asked?.cluster !== cluster) {
      // Without an answer, such as from a cluster that is not deployed yet, there is nothing to complete.
      const answer = fetchNames(cluster).catch(() => []);
      asked = { cluster, names: answer };
    }
    return asked.names;
  };
  return {
    value: 'str',
    label: 'string',
    icon: 'red/images/typedInput/az.svg',
    autoComplete: (typed: string, done: (matches: Array<{ value: string; label: string }>) => void) => {
      const cluster = String($('#node-input-cluster').val() ?? '');
      // The last of several names is the one being typed.
      const start = typed.slice(0, typed.lastIndexOf(',') + 1);
      const wanted = typed.slice(start.length).trim().toLowerCase();
      void namesOf(cluster).then((names) => {
        const found = names.filter((name) => name.toLowerCase().includes(wanted)).slice(0, 20);
        done(found.map((name) => ({ value: start ? `${start} ${name}` : name, label: name })));
      });
    },
  };
}

async function fetchNames(cluster: string): Promise<string[]> {
  if (!cluster || cluster === '_ADD_') return [];
  const names: unknown = await $.getJSON(`kafka-cluster/${encodeURIComponent(cluster)}/topics`);
  return Array.isArray(names) ? names.map(String) : [];
}

/** Gives a node that was saved without some property, by hand or by an earlier version, its default; for oneditprepare. */
export function fillMissing(node: Saved, prefix: 'node-input' | 'node-config-input'): void {
  const { defaults } = node._def as { defaults: Record<string, { value: unknown }> };
  for (const [name, { value }] of Object.entries(defaults)) {
    if (node[name] !== undefined) continue;
    node[name] = structuredClone(value);
    const input = $(`#${prefix}-${name}`);
    if (input.attr('type') === 'checkbox') input.prop('checked', value === true);
    else input.val(value as string);
  }
}
