import type { SentenceKey } from '../../util/english';

/** What is wrong with a rule: the key of a sentence and what it names. */
export interface RuleFault {
  key: SentenceKey;
  params: Record<string, string | number>;
}

/** X's limit for a rule, characters ("Build a rule"); Enterprise has 2,048. */
export const longestRule = 1024;

interface Token {
  type: 'term' | '(' | ')' | 'or';
  text: string;
  negated: boolean;
}

/** The operators that X takes only beside one that can stand alone ("Operators: conjunction required"). */
const needsCompany = /^(is|has|lang|sample):/i;

/**
 * Looks a rule over before X does, for what it surely refuses. It knows few operators on purpose: which
 * there are, and what they take, is X's to say.
 * @returns the first thing found wrong; undefined for a blank rule too
 */
export function checkRule(rule: string): RuleFault | undefined {
  const text = rule.trim();
  if (text === '') return undefined;
  const length = [...text].length;
  if (length > longestRule) return fault('rule-too-long', { length, longest: longestRule });
  const tokens = tokensOf(text);
  return Array.isArray(tokens) ? (misplaced(tokens) ?? alone(tokens)) : tokens;
}

const fault = (key: SentenceKey, params: RuleFault['params'] = {}): RuleFault => ({ key, params });

// Bare words, phrases and operators with either; an escaped quotation mark does not end a phrase.
const token = /\s*(?:(-*)(\()|(\))|(-*)((?:[A-Za-z_]+:)?"(?:[^"\\]|\\.)*"|[^\s()"]+|"))/gsy;

function tokensOf(text: string): Token[] | RuleFault {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [, minus, open, close, sign, term = ''] = match;
    if (open) {
      if (minus) return fault('rule-group-negated');
      tokens.push({ type: '(', text: '(', negated: false });
    } else if (close) tokens.push({ type: ')', text: ')', negated: false });
    else {
      if (term === '"') return fault('rule-quote-open');
      if (/(^|:)"\s*"$/.test(term)) return fault('rule-quotes-empty');
      tokens.push({ type: term === 'OR' && !sign ? 'or' : 'term', text: term, negated: sign !== '' });
    }
  }
  return tokens;
}

/** Parentheses and ORs that have nothing, or no partner, beside them. */
function misplaced(tokens: Token[]): RuleFault | undefined {
  let depth = 0;
  let before: Token['type'] | undefined;
  for (const { type } of tokens) {
    if (type === '(') depth++;
    if (type === ')' && depth-- === 0) return fault('rule-parenthesis-extra');
    if (type === ')' && before === '(') return fault('rule-parentheses-empty');
    const edge = before === undefined || before === '(' || before === 'or';
    if (type === 'or' && edge) return fault('rule-or-edge');
    if (type === ')' && before === 'or') return fault('rule-or-edge');
    before = type;
  }
  if (depth > 0) return fault('rule-parenthesis-open');
  return before === 'or' ? fault('rule-or-edge') : undefined;
}

/** Each alternative needs something that may stand alone. */
function alone(tokens: Token[]): RuleFault | undefined {
  const terms = tokens.filter(({ type }) => type === 'term');
  if (standsAlone(tokens)) return undefined;
  const weak = terms.find(({ text, negated }) => !negated && needsCompany.test(text));
  if (!weak) return fault('rule-only-negated');
  return fault('rule-needs-company', { operator: weak.text });
}

/** Of a rule without misplaced parentheses: AND binds tighter than OR. */
function standsAlone(tokens: Token[]): boolean {
  // For each open group: whether all alternatives so far, and the one being read, have such a term.
  const groups = [{ all: true, now: false }];
  for (const { type, text, negated } of tokens) {
    const group = groups.at(-1);
    if (!group) return true;
    if (type === '(') groups.push({ all: true, now: false });
    else if (type === ')') {
      groups.pop();
      const outer = groups.at(-1);
      if (outer) outer.now ||= group.all && group.now;
    } else if (type === 'or') {
      group.all &&= group.now;
      group.now = false;
    } else group.now ||= !negated && !needsCompany.test(text);
  }
  return groups.every(({ all, now }) => all && now);
}
