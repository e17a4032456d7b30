const quote = 34;
const comma = 44;
const colon = 58;
const backslash = 92;
const arrayStart = 91;
const arrayEnd = 93;
const objectStart = 123;
const objectEnd = 125;

/**
 * Finds the digits of the integer at `path` in a JSON text. `JSON.parse` rounds integers above 2^53; this does
 * not. It scans the text once and does not build objects.
 *
 * @param json a JSON text whose outermost value is an object
 * @param path names of object members, outermost first; the last of two members of the same name counts, as in
 *   `JSON.parse`
 * @returns the digits, or undefined if there is no non-negative integer at that path
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
  // A slice of the text would keep the whole text in memory as long as the id is in use.
  return BigInt(json.slice(at, end)).toString();
}

/** True for a string of one to `most` digits. */
export function isDigits(value: string, most: number): boolean {
  if (value.length === 0 || value.length > most) return false;
  for (let i = 0; i < value.length; i++) if (!isDigit(value.charCodeAt(i))) return false;
  return true;
}

/** True for the character code of a digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff;
}

function endsValue(code: number): boolean {
  return code === comma || code === objectEnd || code === arrayEnd || isSpace(code);
}

function afterSpace(json: string, from: number): number {
  let at = from;
  while (isSpace(json.charCodeAt(at))) at++;
  return at;
}

/** The start of a member's value in the object that starts at `at`; -1 if it has no such member. */
function memberValue(json: string, at: number, name: string): number {
  if (json.charCodeAt(at) !== objectStart) return -1;
  let found = -1;
  let i = afterSpace(json, at + 1);
  while (json.charCodeAt(i) === quote) {
    const nameEnd = afterString(json, i);
    if (nameEnd < 0) return -1;
    const separator = afterSpace(json, nameEnd);
    if (json.charCodeAt(separator) !== colon) return -1;
    const value = afterSpace(json, separator + 1);
    if (isName(json, i, nameEnd, name)) found = value;
    const valueEnd = afterValue(json, value);
    if (valueEnd < 0) return -1;
    i = afterSpace(json, valueEnd);
    if (json.charCodeAt(i) === comma) i = afterSpace(json, i + 1);
  }
  return json.charCodeAt(i) === objectEnd ? found : -1;
}

/** True if the string token from `start` to before `end`, including its quotes, is `name`. */
function isName(json: string, start: number, end: number, name: string): boolean {
  const length = end - start - 2;
  if (length === name.length) return json.startsWith(name, start + 1);
  // With \u escapes a name is up to six times as long.
  if (length < name.length || length > 6 * name.length) return false;
  const token = json.slice(start, end);
  if (!token.includes('\\')) return false;
  try {
    return JSON.parse(token) === name;
  } catch {
    return false;
  }
}

/** The position after the string whose opening quote is at `start`; -1 if it does not end. */
function afterString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let before = end - 1;
    while (before > start && json.charCodeAt(before) === backslash) before--;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return -1;
}

/** The position after the value that starts at `start`; -1 if it does not end. */
function afterValue(json: string, start: number): number {
  let depth = 0;
  let i = start;
  while (i < json.length) {
    const code = json.charCodeAt(i);
    if (code === quote) {
      i = afterString(json, i);
      if (i < 0) return -1;
      if (depth === 0) return i;
      continue;
    }
    if (depth === 0 && endsValue(code)) return i;
    if (code === objectStart || code === arrayStart) depth++;
    else if (code === objectEnd || code === arrayEnd) depth--;
    i++;
    if (depth === 0 && (code === objectEnd || code === arrayEnd)) return i;
  }
  return -1;
}
