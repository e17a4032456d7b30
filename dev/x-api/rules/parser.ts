import { type Node, ruleError } from './syntax';
import { type Token, tokenize } from './tokenizer';

/** Parses a rule: a space is AND and binds tighter than OR; `-` negates the next term. */
export function parse(rule: string): Node {
  const tokens = tokenize(rule);
  let index = 0;
  const peek = () => tokens[index];

  const anyOf = (): Node => {
    const parts = [allOf()];
    while (peek()?.type === 'OR') {
      index++;
      parts.push(allOf());
    }
    return single(parts) ?? { type: 'or', parts };
  };

  const allOf = (): Node => {
    const parts = [one()];
    for (let next = peek(); next && next.type !== 'OR' && next.type !== ')'; next = peek()) parts.push(one());
    return single(parts) ?? { type: 'and', parts };
  };

  const one = (): Node => {
    const token = tokens[index++];
    if (!token) throw ruleError(`no viable alternative at input '<EOF>'`, rule.length + 1);
    if (token.type === 'term') return token;
    if (token.type === '-') return negated(tokens[index++], token.at);
    if (token.type !== '(') throw ruleError(`no viable alternative at input '${token.type}'`, token.at);
    const inner = anyOf();
    if (tokens[index++]?.type !== ')') throw ruleError(`missing ')' at '<EOF>'`, rule.length + 1);
    return inner;
  };

  const negated = (token: Token | undefined, at: number): Node => {
    if (token?.type === 'term') return { type: 'not', part: token };
    if (token?.type === '(')
      throw ruleError('A group cannot be negated. Negate each of its operators instead', at);
    throw ruleError(`no viable alternative at input '-'`, at);
  };

  const tree = anyOf();
  const rest = peek();
  if (rest) throw ruleError(`missing EOF at '${rest.type}'`, rest.at);
  return tree;
}

const single = (parts: Node[]): Node | undefined => (parts.length === 1 ? parts[0] : undefined);
