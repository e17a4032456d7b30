import { Problem } from '../../util/problem';
import type { StreamRule } from '../x/rules-answer';
import { ruleHint } from './rule-hints';
import { isTerm, type Term, type Token, tokenize } from './rule-tokens';

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

/** What a check found: at most one of both. */
export interface RuleCheck {
  /** X rejects the rule. */
  error?: Problem;
  /** X may accept the rule, but it probably does not mean to X what its author means. */
  hint?: Problem;
}

/**
 * Checks a rule for what X always rejects, and for what X takes otherwise than it looks. Only what X's documentation
 * or a recorded answer of X rules out is an error: X decides which operators exist and which values they accept.
 * @returns the first problem; nothing for a blank rule too
 */
export function checkRule(rule: string): RuleCheck {
  const text = rule.trim();
  if (text === '') return {};
  const length = [...text].length;
  if (length > maxRuleLength) {
    return { error: new Problem('rule-too-long', { length, longest: maxRuleLength }) };
  }
  let tokens: Token[];
  try {
    tokens = tokenize(text);
    checkStructure(tokens);
    for (const term of tokens.filter(isTerm)) checkTerm(term);
    checkStandalone(tokens);
  } catch (error) {
    if (error instanceof Problem) return { error };
    throw error;
  }
  const hint = ruleHint(tokens) ?? stopwordHint(tokens);
  return hint ? { hint } : {};
}

/** Unbalanced or empty parentheses, and ORs without an operand. */
function checkStructure(tokens: Token[]): void {
  let depth = 0;
  let previous: Token['type'] | undefined;
  for (const { type } of tokens) {
    if (type === '(') depth++;
    if (type === ')' && depth-- === 0) throw new Problem('rule-parenthesis-extra');
    if (type === ')' && previous === '(') throw new Problem('rule-parentheses-empty');
    const atStart = previous === undefined || previous === '(' || previous === 'or';
    if (type === 'or' && atStart) throw new Problem('rule-or-edge');
    if (type === ')' && previous === 'or') throw new Problem('rule-or-edge');
    previous = type;
  }
  if (depth > 0) throw new Problem('rule-parenthesis-open');
  if (previous === 'or') throw new Problem('rule-or-edge');
}

/** "Build a rule": "All operators can be negated except for `sample:` and `embedding:`". */
const neverNegated = ['sample', 'embedding'];

function checkTerm({ kind, text, negated, name, value }: Term): void {
  if (kind === 'operator') {
    if (value === '') throw new Problem('rule-value-missing', { operator: text });
    if (name === 'is' && value.toLowerCase() === 'nullcast' && !negated) throw new Problem('rule-nullcast');
    if (negated && neverNegated.includes(name)) throw new Problem('rule-never-negated', { operator: text });
  } else if (kind === 'word') {
    // X's answer: "Ambiguous use of and as a keyword. Use a space to logically join two clauses".
    if (/^and$/i.test(text) && !negated) throw new Problem('rule-and', { word: text });
    if (/^[#@$]$/.test(text)) throw new Problem('rule-sign-alone', { sign: text });
    // X's answers: "no viable alternative at character '''", "… at input '['".
    if (text.startsWith("'")) throw new Problem('rule-single-quote');
    if (text.startsWith('[')) throw new Problem('rule-bracket');
  }
}

/** Operators that X accepts only together with a standalone one ("Operators: conjunction required"). */
const conjunctionRequired = ['is', 'has', 'lang', 'sample', 'embedding_threshold'];

const isStandalone = ({ negated, name }: Term): boolean => !negated && !conjunctionRequired.includes(name);

/** Each alternative needs a standalone term. */
function checkStandalone(tokens: Token[]): void {
  if (everyAlternative(tokens, isStandalone)) return;
  const dependent = tokens.find((token) => isTerm(token) && !token.negated && !isStandalone(token));
  throw isTerm(dependent)
    ? new Problem('rule-needs-company', { operator: dependent.text })
    : new Problem('rule-only-negated');
}

/** Words that X's products do not accept on their own; X's documentation has no list for the filtered stream. */
const stopwords = new Set(
  'a an and at but by com from http https if in is it its me my or rt the this to too via we www you'.split(
    ' ',
  ),
);

function stopwordHint(tokens: Token[]): Problem | undefined {
  const enough = (term: Term): boolean =>
    isStandalone(term) && !(term.kind === 'word' && stopwords.has(term.text.toLowerCase()));
  return everyAlternative(tokens, enough) ? undefined : new Problem('rule-hint-stopword');
}

/** Whether each alternative has a term that satisfies `test`. Parentheses are balanced; AND binds tighter than OR. */
function everyAlternative(tokens: Token[], test: (term: Term) => boolean): boolean {
  // For each open group: whether all alternatives so far, and the current one, have such a term.
  const groups = [{ previous: true, current: false }];
  for (const token of tokens) {
    const group = groups.at(-1);
    if (!group) return true;
    if (token.type === '(') groups.push({ previous: true, current: false });
    else if (token.type === ')') {
      groups.pop();
      const outer = groups.at(-1);
      if (outer) outer.current ||= group.previous && group.current;
    } else if (token.type === 'or') {
      group.previous &&= group.current;
      group.current = false;
    } else if (isTerm(token)) group.current ||= test(token);
  }
  return groups.every(({ previous, current }) => previous && current);
}
