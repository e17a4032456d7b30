import { conjunctionRequired, type Node, RuleError, type Term } from './syntax';

const STOPWORDS = new Set([
  'a',
  'an',
  'and',
  'at',
  'but',
  'by',
  'com',
  'from',
  'http',
  'https',
  'if',
  'in',
  'is',
  'it',
  'its',
  'me',
  'my',
  'or',
  'rt',
  'the',
  'this',
  'to',
  'too',
  'via',
  'we',
  'www',
  'you',
]);

/** Rejects a rule that would match too much or nothing: each alternative needs a term that can stand alone. */
export function check(rule: Node): void {
  for (const term of terms(rule)) {
    if (term.value === 'nullcast' && term.operator === 'is' && !term.negated)
      throw new RuleError([`is:nullcast can only be negated (at position ${term.at})`]);
  }
  if (standsAlone(rule)) return;
  const weak = terms(rule).find((term) => !term.negated && conjunctionRequired.has(term.operator));
  if (weak)
    throw new RuleError([`is/has/lang cannot be used as a standalone operator (at position ${weak.at})`]);
  const positive = 'Rules must contain at least one positive, non-stopword clause (at position 1)';
  const hasPositive = terms(rule).some((term) => !term.negated);
  throw new RuleError(
    hasPositive ? [positive] : ['Rules must contain a non-negation term (at position 1)', positive],
  );
}

function standsAlone(node: Node): boolean {
  if (node.type === 'and') return node.parts.some(standsAlone);
  if (node.type === 'or') return node.parts.every(standsAlone);
  if (node.type === 'not' || conjunctionRequired.has(node.operator)) return false;
  return node.operator !== 'keyword' || !STOPWORDS.has(node.value.toLowerCase());
}

function terms(node: Node): (Term & { negated: boolean })[] {
  if (node.type === 'term') return [{ ...node, negated: false }];
  if (node.type === 'not') return [{ ...node.part, negated: true }];
  return node.parts.flatMap(terms);
}
