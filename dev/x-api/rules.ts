import { check } from './rules/checks';
import { parse } from './rules/parser';
import { type Node, RuleError } from './rules/syntax';

export { constraintsFor } from './rules/constraints';
export { matches, subjectOf } from './rules/matcher';

/** X's limit for a rule of a pay-per-use app. */
const MAX_RULE_LENGTH = 1024;

export type Compiled = { rule: Node } | { details: string[] };

/** Parses a rule or a query of at most so many characters, or returns X's error details. */
export function compileRule(value: string, longest = MAX_RULE_LENGTH): Compiled {
  try {
    if (value.trim() === '') return { details: ['Rule value must not be empty (at position 1)'] };
    const length = [...value].length;
    if (length > longest)
      return {
        details: [
          `Rule is ${length} characters long, the maximum is ${longest} (at position ${longest + 1})`,
        ],
      };
    const rule = parse(value);
    check(rule);
    return { rule };
  } catch (error) {
    if (error instanceof RuleError) return { details: error.details };
    throw error;
  }
}
