import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';
import type { StreamRule } from '../x/rules-answer';

/** X's limit for a rule, characters ("Build a rule"); Enterprise has 2,048. */
export const maxRuleLength = 1024;

/** Reads rules from a file or a table: one per line, the tag after a tab. Blank lines are skipped. */
export function rulesFromLines(text: string): StreamRule[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => {
      const [value = '', tag = ''] = line.split('\t');
      return { value: value.trim(), tag: tag.trim() };
    })
    .filter(({ value }) => value !== '');
}

interface Token {
  type: 'term' | '(' | ')' | 'or';
  text: string;
  negated: boolean;
}

/** Operators that X accepts only together with a standalone one ("Operators: conjunction required"). */
const conjunctionRequired = /^(is|has|lang|sample):/i;

/**
 * Checks a rule for what X always rejects. It covers few operators on purpose: X decides which operators
 * exist and which values they accept.
 * @returns the first problem; undefined for a blank rule too
 */
export function checkRule(rule: string): Problem | undefined {
  const text = rule.trim();
  if (text === '') return undefined;
  const length = [...text].length;
  if (length > maxRuleLength) return invalid('rule-too-long', { length, longest: maxRuleLength });
  const tokens = tokenize(text);
  return Array.isArray(tokens) ? (checkStructure(tokens) ?? checkStandalone(tokens)) : tokens;
}

const invalid = (key: SentenceKey, params?: ProblemParams): Problem => new Problem(key, params);

// Bare words, phrases and operators with either; an escaped quotation mark does not end a phrase.
const tokenPattern = /\s*(?:(-*)(\()|(\))|(-*)((?:[A-Za-z_]+:)?"(?:[^"\\]|\\.)*"|[^\s()"]+|"))/gsy;

function tokenize(text: string): Token[] | Problem {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let match = tokenPattern.exec(text); match; match = tokenPattern.exec(text)) {
    const [, minus, open, close, sign, term = ''] = match;
    if (open) {
      if (minus) return invalid('rule-group-negated');
      tokens.push({ type: '(', text: '(', negated: false });
    } else if (close) tokens.push({ type: ')', text: ')', negated: false });
    else {
      if (term === '"') return invalid('rule-quote-open');
      if (/(^|:)"\s*"$/.test(term)) return invalid('rule-quotes-empty');
      tokens.push({ type: term === 'OR' && !sign ? 'or' : 'term', text: term, negated: sign !== '' });
    }
  }
  return tokens;
}

/** Unbalanced or empty parentheses, and ORs without an operand. */
function checkStructure(tokens: Token[]): Problem | undefined {
  let depth = 0;
  let previous: Token['type'] | undefined;
  for (const { type } of tokens) {
    if (type === '(') depth++;
    if (type === ')' && depth-- === 0) return invalid('rule-parenthesis-extra');
    if (type === ')' && previous === '(') return invalid('rule-parentheses-empty');
    const atStart = previous === undefined || previous === '(' || previous === 'or';
    if (type === 'or' && atStart) return invalid('rule-or-edge');
    if (type === ')' && previous === 'or') return invalid('rule-or-edge');
    previous = type;
  }
  if (depth > 0) return invalid('rule-parenthesis-open');
  return previous === 'or' ? invalid('rule-or-edge') : undefined;
}

/** Each alternative needs a standalone term. */
function checkStandalone(tokens: Token[]): Problem | undefined {
  if (hasStandalone(tokens)) return undefined;
  const dependent = tokens.find(
    ({ type, text, negated }) => type === 'term' && !negated && conjunctionRequired.test(text),
  );
  return dependent
    ? invalid('rule-needs-company', { operator: dependent.text })
    : invalid('rule-only-negated');
}

/** For a rule with balanced parentheses; AND binds tighter than OR. */
function hasStandalone(tokens: Token[]): boolean {
  // For each open group: whether all alternatives so far, and the current one, have a standalone term.
  const groups = [{ previous: true, current: false }];
  for (const { type, text, negated } of tokens) {
    const group = groups.at(-1);
    if (!group) return true;
    if (type === '(') groups.push({ previous: true, current: false });
    else if (type === ')') {
      groups.pop();
      const outer = groups.at(-1);
      if (outer) outer.current ||= group.previous && group.current;
    } else if (type === 'or') {
      group.previous &&= group.current;
      group.current = false;
    } else group.current ||= !negated && !conjunctionRequired.test(text);
  }
  return groups.every(({ previous, current }) => previous && current);
}
