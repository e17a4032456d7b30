const MARK = /"<integer:(\d+)>"/g;

/** JSON text in which a bigint is a number: v1.1 sends ids above 2^53 as numbers too. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `<integer:${part}>` : part));
  return text.replace(MARK, '$1');
}
