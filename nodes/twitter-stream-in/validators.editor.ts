import { v1FilterParameters } from '../../src/stream/filtered/v1-parameters';
import { type Check, DialogForm, type DialogNode, isVariable, validConfig } from '../dialog-form.editor';
import { accepted, sentence, sentenceOf } from '../sentences.editor';
import { properties, type SavedRule, stallTimeoutProblem } from './properties';
import { enteredRules, ruleError } from './rule-list.editor';

export const form = new DialogForm(properties, 'node-input');

type StreamNode = DialogNode<typeof properties>;

export const isReplay = (node: StreamNode): boolean => form.current(node, 'source') === 'replay';
export const isFiltered = (node: StreamNode): boolean => form.current(node, 'source') === 'filtered';
export const isV1Filter = (node: StreamNode): boolean => form.current(node, 'source') === 'v1-filter';
export const usesOwnRules = (node: StreamNode): boolean =>
  isFiltered(node) && form.current(node, 'rulesMode') !== 'app';
export const usesCustomFields = (node: StreamNode): boolean =>
  isFiltered(node) && form.current(node, 'fields') === 'custom';
export const usesRate = (node: StreamNode): boolean =>
  isReplay(node) && form.current(node, 'pace') === 'rate';

export const validApp: Check<string, StreamNode> = (id, node) =>
  isReplay(node) || validConfig('twitter-app')(id, node);

export const validRules: Check<SavedRule[], StreamNode> = (saved, node) => {
  if (!usesOwnRules(node)) return true;
  const rules = (enteredRules() ?? saved ?? []).map((rule) => (rule.value ?? '').trim()).filter(Boolean);
  if (rules.length === 0) return sentence('no-rules');
  const invalid = rules.find((rule) => ruleError(rule) !== undefined);
  return (
    invalid === undefined ||
    sentence('rule-faulty', { rule: shortened(invalid), cause: ruleError(invalid) ?? '' })
  );
};

/** One of the fields of a v1.1 filter; what they need together is reported at the first one. */
export const validV1Field =
  (name: 'track' | 'follow' | 'locations'): Check<string, StreamNode> =>
  (_value, node) => {
    if (!isV1Filter(node)) return true;
    const fields = ['track', 'follow', 'locations'] as const;
    const entered = Object.fromEntries(
      fields.map((field) => [field, String(form.current(node, field) ?? '')]),
    );
    const isEmpty = fields.every((field) => entered[field]?.trim() === '');
    if (isEmpty) return name === 'track' ? accepted(() => v1FilterParameters({})) : true;
    const own = entered[name] ?? '';
    return own.trim() === '' || isVariable(own) || accepted(() => v1FilterParameters({ [name]: own }));
  };

export const validFile: Check<string, StreamNode> = (file, node) =>
  !isReplay(node) || (file ?? '').trim() !== '' || sentence('replay-no-path');

export const validStallTimeout: Check<unknown, StreamNode> = (value, node) => {
  const source = form.current(node, 'source');
  const problem = source === 'replay' || isVariable(value) ? undefined : stallTimeoutProblem(value, source);
  return problem === undefined || sentenceOf(problem);
};

export const validRate: Check<unknown, StreamNode> = (rate, node) =>
  !usesRate(node) || form.checkOf('rate')(rate);

/** A rule in at most 40 characters. */
export const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
