const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const ARRAY_START = 91;
const ARRAY_END = 93;
const OBJECT_START = 123;
const OBJECT_END = 125;

/**
 * The digits of the whole number at `path` in a JSON text, as they are written there.
 * `JSON.parse` rounds integers above 2^53; this does not. One walk over the text, nothing is built.
 *
 * @param json a JSON text whose outermost value is an object
 * @param path names of object members, outermost first; of a name that occurs twice in an object
 *   the last one counts, as for `JSON.parse`
 * @returns the digits, or undefined where there is no non-negative whole number at that path
 */
export function digitsAt(json: string, path: readonly string[]): string | undefined {
  let at = afterSpace(json, 0);
  for (const name of path) {
    at = memberValue(json, at, name);
    if (at < 0) return undefined;
  }
  let end = at;
  while (isDigit(json.charCodeAt(end))) end++;
  if (end === at || !endsValue(json.charCodeAt(end))) return undefined;
  // A slice would keep the whole text in memory for as long as somebody holds the id.
  return BigInt(json.slice(at, end)).toString();
}

/** True for text of one to `most` digits. */
export function isDigits(value: string, most: number): boolean {
  if (value.length === 0 || value.length > most) return false;
  for (let i = 0; i < value.length; i++) if (!isDigit(value.charCodeAt(i))) return false;
  return true;
}

/** True for the code of a character from 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;
}

function endsValue(code: number): boolean {
  return code === COMMA || code === OBJECT_END || code === ARRAY_END || isSpace(code);
}

function afterSpace(json: string, from: number): number {
  let at = from;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

/** Where the value of that member of the object at `at` begins; -1 where there is none. */
function memberValue(json: string, at: number, name: string): number {
  if (json.charCodeAt(at) !== OBJECT_START) return -1;
  let found = -1;
  let i = afterSpace(json, at + 1);
  while (json.charCodeAt(i) === QUOTE) {
    const nameEnd = afterString(json, i);
    if (nameEnd < 0) return -1;
    const colon = afterSpace(json, nameEnd);
    if (json.charCodeAt(colon) !== COLON) return -1;
    const value = afterSpace(json, colon + 1);
    if (isName(json, i, nameEnd, name)) found = value;
    const valueEnd = afterValue(json, value);
    if (valueEnd < 0) return -1;
    i = afterSpace(json, valueEnd);
    if (json.charCodeAt(i) === COMMA) i = afterSpace(json, i + 1);
  }
  return json.charCodeAt(i) === OBJECT_END ? found : -1;
}

/** Whether the string token from `start` to `end`, quotes included, spells `name`. */
function isName(json: string, start: number, end: number, name: string): boolean {
  const length = end - start - 2;
  if (length === name.length) return json.startsWith(name, start + 1);
  // Written with \u escapes a name is up to six times as long.
  if (length < name.length || length > 6 * name.length) return false;
  const token = json.slice(start, end);
  if (!token.includes('\\')) return false;
  try {
    return JSON.parse(token) === name;
  } catch {
    return false;
  }
}

/** Behind the string whose opening quote is at `start`; -1 where it does not end. */
function afterString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (before > start && json.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return -1;
}

/** Behind the value that begins at `start`; -1 where it does not end. */
function afterValue(json: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < json.length) {
    const code = json.charCodeAt(i);
    if (code === QUOTE) {
      i = afterString(json, i);
      if (i < 0) return -1;
      if (depth === 0) return i;
      continue;
    }
    if (depth === 0 && endsValue(code)) return i;
    if (code === OBJECT_START || code === ARRAY_START) depth++;
    else if (code === OBJECT_END || code === ARRAY_END) depth--;
    i++;
    if (depth === 0 && (code === OBJECT_END || code === ARRAY_END)) return i;
  }
  return -1;
}
