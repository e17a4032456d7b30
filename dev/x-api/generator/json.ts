const MARK = /"<integer:(\d+)>"/g;

/** JSON text with bigints as numbers: v1.1 sends ids above 2^53 as numbers. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `<integer:${part}>` : part));
  return text.replace(MARK, '$1');
}
