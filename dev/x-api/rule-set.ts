import type { MatchingRule } from './fields';
import { Snowflakes } from './generator/snowflake';
import type { FullPost } from './generator/types';
import { type Body, problemType } from './problems';
import { compileRule, matches, subjectOf } from './rules';
import type { Node } from './rules/syntax';

/** The limit of a pay-per-use app. */
const MAX_RULES = 1000;

/** A rule in X's format. */
export interface Rule {
  id: string;
  value: string;
  tag?: string;
}

interface Entry {
  rule: Rule;
  tree: Node;
}

export interface Added {
  created: Rule[];
  /** X's error for each rejected rule. */
  errors: Body[];
}

/** The rules of the app; independent of connections. */
export class RuleSet {
  private readonly entries = new Map<string, Entry>();
  private readonly ids = new Snowflakes();

  get list(): Rule[] {
    return [...this.entries.values()].map(({ rule }) => ({ ...rule }));
  }

  get trees(): Node[] {
    return [...this.entries.values()].map(({ tree }) => tree);
  }

  /** Adds the valid rules and returns errors for the others; a dry run adds nothing. */
  add(rules: { value: string; tag?: string }[], dryRun = false): Added {
    const added: Entry[] = [];
    const errors: Body[] = [];
    for (const { value, tag } of rules) {
      const compiled = compileRule(value);
      const same = [...this.entries.values(), ...added].find(({ rule }) => rule.value === value);
      if ('details' in compiled) errors.push(invalid(value, compiled.details));
      else if (same) errors.push(duplicate(value, same.rule.id));
      else if (this.entries.size + added.length >= MAX_RULES) errors.push(overCap(value));
      else added.push({ rule: { id: this.ids.next(), value, ...(tag && { tag }) }, tree: compiled.rule });
    }
    if (!dryRun) for (const entry of added) this.entries.set(entry.rule.id, entry);
    return { created: added.map(({ rule }) => rule), errors };
  }

  /** Removes rules by id or value and returns their number; a dry run only counts. */
  remove({ ids = [], values = [] }: { ids?: string[]; values?: string[] }, dryRun = false): number {
    const removed = this.list.filter((rule) => ids.includes(rule.id) || values.includes(rule.value));
    if (!dryRun) for (const rule of removed) this.entries.delete(rule.id);
    return removed.length;
  }

  /** The rules that a post matches. */
  matching(post: FullPost): MatchingRule[] {
    const subject = subjectOf(post);
    return [...this.entries.values()]
      .filter(({ tree }) => matches(tree, subject))
      .map(({ rule }) => ({ id: rule.id, tag: rule.tag ?? '' }));
  }
}

const invalid = (value: string, details: string[]): Body => ({
  value,
  details,
  title: 'UnprocessableEntity',
  type: problemType('invalid-rules'),
});

const duplicate = (value: string, id: string): Body => ({
  value,
  id,
  title: 'DuplicateRule',
  type: problemType('duplicate-rules'),
});

const overCap = (value: string): Body => ({
  value,
  details: [`Cannot add the rule: the app has ${MAX_RULES} rules, the maximum.`],
  title: 'RulesCapExceeded',
  type: problemType('rule-cap'),
});
