import { notSimulatedError, type Operator, operatorTerm, ruleError, type Term } from './syntax';
import { wordsOf } from './words';

export type Token = Term | { type: '(' | ')' | 'OR' | '-'; at: number };

/** The operators that are a sign, and the names they accept. */
const signs: Record<string, { operator: Operator; name: RegExp }> = {
  '#': { operator: 'hashtag', name: /^[\p{L}\p{N}\p{M}_]+$/u },
  '@': { operator: 'mention', name: /^\w{1,15}$/ },
  $: { operator: 'cashtag', name: /^[A-Za-z]{1,6}([._][A-Za-z]{1,2})?$/ },
};
const OPERATOR = /^[A-Za-z_]+:/;

/*
 * Deliberately not shared with src/stream/filtered/rule-check.ts: a simulator with its own tokenizer does not repeat the
 * product's bugs. It also reports X's messages with positions, and rejects more than the product checks.
 */

/** Splits a rule into tokens. @throws RuleError for an unexpected character or an unbalanced quotation mark */
export function tokenize(rule: string): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  const bareWord = () => {
    const rest = /^[^\s()"]+/.exec(rule.slice(index))?.[0] ?? '';
    index += rest.length;
    return rest;
  };
  const quoted = () => {
    const match = /^"((?:[^"\\]|\\.)*)"/s.exec(rule.slice(index));
    if (!match) throw ruleError(`missing closing '"'`, index + 1);
    index += match[0].length;
    return (match[1] as string).replace(/\\(.)/gs, '$1');
  };

  while (index < rule.length) {
    const char = rule[index] as string;
    const at = index + 1;
    if (/\s/.test(char)) {
      index++;
    } else if (char === '(' || char === ')' || char === '-') {
      tokens.push({ type: char, at });
      index++;
    } else if (char === '"') {
      tokens.push(keyword(quoted(), at, '""'));
      if (/^~\d/.test(rule.slice(index))) throw notSimulatedError('~', at);
    } else {
      const operator = OPERATOR.exec(rule.slice(index))?.[0];
      if (operator) {
        index += operator.length;
        const value = rule[index] === '"' ? quoted() : bareWord();
        tokens.push(operatorTerm(operator.slice(0, -1), value, at));
      } else {
        tokens.push(bare(bareWord(), at));
      }
    }
  }
  return tokens;
}

function bare(text: string, at: number): Token {
  if (text === 'OR') return { type: 'OR', at };
  // Lower-case “or” is a keyword (“Rules and filtering: Enterprise”); recorded answers reject “and” in any case.
  if (/^and$/i.test(text)) throw ruleError(ambiguousAnd, at);
  const sign = signs[text[0] as string];
  if (!sign) return keyword(text, at);
  const name = text.slice(1);
  if (!sign.name.test(name)) throw ruleError(`no viable alternative at input '${text}'`, at);
  return { type: 'term', operator: sign.operator, value: name, at };
}

/** A bare word must begin with a word character; a quoted phrase must contain a word. */
function keyword(text: string, at: number, marks = ''): Term {
  const startsWell =
    marks !== '' || /^[\p{L}\p{N}\p{M}_\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text);
  if (wordsOf(text).length === 0 || !startsWell)
    throw ruleError(`no viable alternative at input '${marks && text === '' ? marks : text}'`, at);
  return { type: 'term', operator: 'keyword', value: text, at };
}

const ambiguousAnd =
  'Ambiguous use of and as a keyword. Use a space to logically join two clauses, ' +
  'or "and" to find occurrences of and in text';
