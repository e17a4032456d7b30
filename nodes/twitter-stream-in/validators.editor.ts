import { type Check, DialogForm, type DialogNode } from '../dialog-form.editor';
import { sentence } from '../sentences.editor';
import { properties, type SavedRule } from './properties';
import { enteredRules, ruleError } from './rule-list.editor';

export const form = new DialogForm(properties, 'node-input');

type StreamNode = DialogNode<typeof properties>;

export const isReplay = (node: StreamNode): boolean => form.current(node, 'source') === 'replay';
export const usesOwnRules = (node: StreamNode): boolean =>
  !isReplay(node) && form.current(node, 'rulesMode') !== 'app';
export const usesRate = (node: StreamNode): boolean =>
  isReplay(node) && form.current(node, 'pace') === 'rate';

export const validApp: Check<string, StreamNode> = (id, node) => {
  if (isReplay(node)) return true;
  if (!id || id === '_ADD_') return sentence('no-config', { what: 'twitter-app' });
  return RED.nodes.node(id) ? true : sentence('config-missing', { what: 'twitter-app' });
};

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

export const validFile: Check<string, StreamNode> = (file, node) =>
  !isReplay(node) || (file ?? '').trim() !== '' || sentence('replay-no-path');

export const validRate: Check<unknown, StreamNode> = (rate, node) =>
  !usesRate(node) || form.checkOf('rate')(rate);

/** A rule in at most 40 characters. */
export const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
