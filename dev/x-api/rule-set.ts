import type { MatchingRule } from './fields';
import { Snowflakes } from './generator/snowflake';
import type { FullPost } from './generator/types';
import { HttpError } from './http';
import { type Body, duplicateRule, invalidRule, ruleAboveCap, ruleCapExceeded } from './problems';
import { compileRule, matches, subjectOf } from './rules';
import type { Node } from './rules/syntax';
import type { Settings } from './settings';

/** A rule in X's format. */
export interface Rule {
  id: string;
  value: string;
  tag?: string;
}

interface Entry {
  rule: Rule;
  tree: Node;
  /** When it takes effect, and when it no longer does. */
  from: number;
  until: number;
}

export interface Added {
  created: Rule[];
  /** X's error for each rejected rule. */
  errors: Body[];
}

type RuleSettings = Pick<Settings, 'ruleCap' | 'ruleCapNamed' | 'ruleDelayMs'>;

/** The rules of the app; independent of connections. */
export class RuleSet {
  private readonly entries = new Map<string, Entry>();
  /** Deleted rules that still have effect. */
  private deleted: Entry[] = [];
  private readonly ids: Snowflakes;

  constructor(
    private readonly settings: RuleSettings = { ruleCap: 1000, ruleCapNamed: true, ruleDelayMs: 0 },
    private readonly now: () => number = () => Date.now(),
  ) {
    this.ids = new Snowflakes(now);
  }

  get list(): Rule[] {
    return [...this.entries.values()].map(({ rule }) => ({ ...rule }));
  }

  /** The rules in effect. */
  get trees(): Node[] {
    return this.effective.map(({ tree }) => tree);
  }

  /**
   * Adds the valid rules and returns errors for the others; a dry run adds nothing.
   * @throws HttpError 400 if there would be too many and the settings do not name them
   */
  add(rules: { value: string; tag?: string }[], dryRun = false, delayMs = this.settings.ruleDelayMs): Added {
    const { ruleCap, ruleCapNamed } = this.settings;
    const added: Entry[] = [];
    const errors: Body[] = [];
    const from = delayMs === 0 ? Number.NEGATIVE_INFINITY : this.now() + delayMs;
    for (const { value, tag } of rules) {
      const compiled = compileRule(value);
      const same = [...this.entries.values(), ...added].find(({ rule }) => rule.value === value);
      if ('details' in compiled) errors.push(invalidRule(value, compiled.details));
      else if (same) errors.push(duplicateRule(value, same.rule.id));
      else if (this.entries.size + added.length < ruleCap)
        added.push({
          rule: { id: this.ids.next(), value, ...(tag && { tag }) },
          tree: compiled.rule,
          from,
          until: Number.POSITIVE_INFINITY,
        });
      else if (ruleCapNamed) errors.push(ruleAboveCap(value, ruleCap));
      else throw new HttpError(400, ruleCapExceeded(ruleCap));
    }
    if (!dryRun) for (const entry of added) this.entries.set(entry.rule.id, entry);
    return { created: added.map(({ rule }) => rule), errors };
  }

  /** Removes rules by id or value and returns their number; a dry run only counts. */
  remove({ ids = [], values = [] }: { ids?: string[]; values?: string[] }, dryRun = false): number {
    const removed = [...this.entries.values()].filter(
      ({ rule }) => ids.includes(rule.id) || values.includes(rule.value),
    );
    if (dryRun) return removed.length;
    const { ruleDelayMs } = this.settings;
    for (const entry of removed) {
      this.entries.delete(entry.rule.id);
      entry.until = this.now() + ruleDelayMs;
      if (ruleDelayMs > 0) this.deleted.push(entry);
    }
    return removed.length;
  }

  /** The rules in effect that a post matches. */
  matching(post: FullPost): MatchingRule[] {
    const subject = subjectOf(post);
    return this.effective
      .filter(({ tree }) => matches(tree, subject))
      .map(({ rule }) => ({ id: rule.id, tag: rule.tag ?? '' }));
  }

  private get effective(): Entry[] {
    const now = this.now();
    this.deleted = this.deleted.filter(({ until }) => until > now);
    return [...this.entries.values(), ...this.deleted].filter(({ from }) => from <= now);
  }
}
