import { Problem } from '../../util/problem';

/** A part of a rule. A quoted phrase is a term of kind "phrase"; `lang:en` is one of kind "operator". */
export type Token = Term | { type: '(' | ')' | 'or' };

export interface Term {
  type: 'term';
  kind: 'word' | 'phrase' | 'operator';
  /** As in the rule, without the dash of a negation. */
  text: string;
  negated: boolean;
  /** Of an operator: its name in lower case, and what follows the colon, with its quotation marks. */
  name: string;
  value: string;
  /** It has more than one dash in front, or a space behind the dash. */
  dashApart: boolean;
}

// A phrase may have an operator in front and a distance behind ("a b"~5), a place is in brackets with spaces.
// An escaped quotation mark does not end a phrase. The last two are a quotation mark and a dash on their own.
const tokenPattern =
  /\s*(?:(-*)(\()|(\))|(-*)((?:[A-Za-z_]+:)?"(?:[^"\\]|\\.)*"(?:~\d+)?|[A-Za-z_]+:\[[^\]()"]*\]|[^\s()"-][^\s()"]*|")|(-+))/gsy;

/** Splits a rule, without space around it, into its tokens. @throws Problem for what is not a token */
export function tokenize(rule: string): Token[] {
  const tokens: Token[] = [];
  let dash = false;
  for (const match of rule.matchAll(tokenPattern)) {
    const [, minus, open, close, sign = '', text, alone] = match;
    if (alone) {
      dash = true;
      continue;
    }
    if (open && (minus || dash)) throw new Problem('rule-group-negated');
    const isOr = text === 'OR' && sign === '';
    if (dash && (close || isOr)) throw new Problem('rule-negation-empty');
    if (open) tokens.push({ type: '(' });
    else if (close) tokens.push({ type: ')' });
    else if (isOr) tokens.push({ type: 'or' });
    else tokens.push(termOf(text ?? '', dash || sign !== '', dash || sign.length > 1));
    dash = false;
  }
  if (dash) throw new Problem('rule-negation-empty');
  return tokens;
}

function termOf(text: string, negated: boolean, dashApart: boolean): Term {
  if (text === '"') throw new Problem('rule-quote-open');
  if (/(^|:)"\s*"(~\d+)?$/.test(text)) throw new Problem('rule-quotes-empty');
  const [, name = '', value = ''] = /^([A-Za-z_]+):(.*)$/s.exec(text) ?? [];
  const kind = name ? 'operator' : text.startsWith('"') ? 'phrase' : 'word';
  return { type: 'term', kind, text, negated, name: name.toLowerCase(), value, dashApart };
}

export const isTerm = (token: Token | undefined): token is Term => token?.type === 'term';
