/** How the messages of a recording are laid out: one per line, or as JSON values over any lines. */
export type Layout = 'lines' | 'elements';

const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
const curlyOpen = 0x7b;
const curlyClose = 0x7d;
const squareOpen = 0x5b;
const squareClose = 0x5d;

const assignmentBytes = 512;
const assignment = /^\s*(?:(?:var|let|const)\s+)?[\w$]+(?:\.[\w$]+)*\s*=\s*[[{]/;

/** True for a text that begins as the archives that X gives to users: `window.YTD.tweets.part0 = [`. */
export function startsWithAssignment(text: string): boolean {
  return assignment.test(text);
}

/**
 * Finds the layout of a recording by its beginning. Elements begin with `[` or `name = [`, or are an object that
 * goes on in the next line, or is followed by a comma or by another in the same line. Anything else is lines.
 *
 * @param start the first bytes, without a byte order mark
 * @param final no more bytes come, or enough are known
 * @returns undefined if that depends on the bytes that follow; never if `final`
 */
export function layoutOf(start: Buffer, final: boolean): Layout | undefined {
  const first = nextByte(start, 0);
  const undecided = final ? 'lines' : undefined;
  if (first < 0) return undecided;
  if (start[first] === squareOpen) return 'elements';
  if (start[first] === curlyOpen) return layoutOfObject(start, first, final);
  if (startsWithAssignment(start.toString('latin1', first, first + assignmentBytes))) return 'elements';
  return start.length - first < assignmentBytes ? undecided : 'lines';
}

function layoutOfObject(start: Buffer, first: number, final: boolean): Layout | undefined {
  const undecided = final ? 'lines' : undefined;
  const { end, complete, inString } = firstLineOf(start, first);
  if (end < 0) return undecided;
  if (complete) {
    const next = nextByte(start, end, false);
    if (next < 0) return undecided;
    if (start[next] !== newline) return isOneOf(start[next], '{[,') ? 'elements' : 'lines';
    const nextLine = nextByte(start, next);
    if (nextLine < 0) return undecided;
    return isOneOf(start[nextLine], ',') ? 'elements' : 'lines';
  }
  // Within a string, the line is broken.
  if (inString) return 'lines';
  const next = nextByte(start, end);
  if (next < 0) return final ? 'elements' : undefined;
  return goesOn(start[lastByte(start, end)], start[next]) ? 'elements' : 'lines';
}

/** True where JSON allows a line end between these bytes; else the first line is a message that was cut off. */
function goesOn(before: number | undefined, after: number | undefined): boolean {
  if (before === curlyOpen) return isOneOf(after, '"}');
  return isOneOf(before, '[,:') || isOneOf(after, ',:}]');
}

/**
 * Follows the object at `first` to its end or the line's.
 * @returns the position after the object, or that of the line end; -1 if the bytes have neither
 */
function firstLineOf(start: Buffer, first: number): { end: number; complete: boolean; inString: boolean } {
  let depth = 0;
  let inString = false;
  for (let at = first; at < start.length; at++) {
    const byte = start[at];
    if (byte === newline) return { end: at, complete: false, inString };
    if (byte === quote) inString = !inString;
    else if (inString) at += byte === backslash ? 1 : 0;
    else if (byte === curlyOpen || byte === squareOpen) depth++;
    else if (byte === curlyClose || byte === squareClose) depth--;
    if (depth === 0 && !inString) return { end: at + 1, complete: true, inString };
  }
  return { end: -1, complete: false, inString };
}

function isOneOf(byte: number | undefined, characters: string): boolean {
  return byte !== undefined && characters.includes(String.fromCharCode(byte));
}

/** The position of the next byte that is not a space; -1 if there is none. */
function nextByte(bytes: Buffer, from: number, alsoLineEnds = true): number {
  for (let at = from; at < bytes.length; at++) {
    if (isOneOf(bytes[at], ' \t\r') || (alsoLineEnds && bytes[at] === newline)) continue;
    return at;
  }
  return -1;
}

function lastByte(bytes: Buffer, before: number): number {
  let at = before - 1;
  while (isOneOf(bytes[at], ' \t\r')) at--;
  return at;
}
