import { Problem } from '../util/problem';
import { classifyActivityStream } from './activity-streams';
import { causeOf, keysOf, startOf, whatIs } from './describe';
import { classifyError } from './errors';
import { type Fields, fieldsOf, isPresent } from './fields';
import { exactId, type Source, sourceOf, textOf, within } from './identity';
import type { Classification, Classified, Rule } from './kinds';
import { classifyV1 } from './v1';
import { classifyV2 } from './v2';

export type { Classified } from './kinds';

/** A {@link Classified} with what decided: the rule, and the key, verb or event type it went by. */
export type Explained = Classified & { rule: Rule; by: string };

/** A site stream wraps a message once; what is wrapped deeper than this is no message of X. */
const MOST_ENVELOPES = 3;

/**
 * Says what a message of the X stream is: its kind, the id it is about and its time. Knows v1.1 of
 * all years, Gnip's native and Activity Streams formats, site-stream envelopes, and X API v2.
 * Presence of a key decides, not its value (but null is "not there"); the order of keys means
 * nothing; only top levels are looked at, and nothing is changed. Where the keys of a v1.1 notice
 * and of a post meet, it is the notice.
 *
 * @param message the parsed message, or its JSON text, or the UTF-8 bytes of that text
 * @param raw the exact text of a parsed message, where there is one: an id above 2^53 that was
 *   given as a number only is read from it, and without it such a message has no key
 * @throws {Problem} for anything that is no message of the X stream, and never anything else:
 *   `unknown-message` and `list-in-data` (params `keys`, `start`), `list-message` (`start`),
 *   `not-a-message` (`what`), `empty-message`, `not-json` (`cause`, `start`), `unreadable-message` (`cause`)
 */
export function classify(message: unknown, raw?: string | Uint8Array): Classified {
  return classifyMessage(message, raw).answer;
}

/** As {@link classify}, and says why. */
export function explain(message: unknown, raw?: string | Uint8Array): Explained {
  const { answer, rule, by } = classifyMessage(message, raw);
  return { ...answer, rule, by };
}

function classifyMessage(message: unknown, raw: string | Uint8Array | undefined): Classification {
  try {
    if (typeof message === 'string') return classifyText(message, message);
    if (ArrayBuffer.isView(message)) return classifyText(textOf(message), message);
    return classifyParsed(message, raw);
  } catch (error) {
    // Getters and proxies may throw anything, at any touch.
    throw error instanceof Problem ? error : new Problem('unreadable-message', { cause: causeOf(error) });
  }
}

function classifyText(json: string, original: string | ArrayBufferView): Classification {
  if (json.trim() === '') throw new Problem('empty-message');
  let parsed: unknown;
  try {
    // A byte order mark is no JSON, but a file may begin with it.
    parsed = JSON.parse(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json);
  } catch (error) {
    throw new Problem('not-json', { cause: causeOf(error), start: startOf(json, original) });
  }
  return classifyParsed(parsed, json);
}

function classifyParsed(message: unknown, raw: string | Uint8Array | undefined): Classification {
  const fields = fieldsOf(message);
  if (!fields) {
    if (Array.isArray(message)) throw new Problem('list-message', { start: startOf(message, raw) });
    throw new Problem('not-a-message', { what: whatIs(message) });
  }
  const classification = classifyObject(fields, sourceOf(raw), 0);
  if (classification) return classification;
  const key = Array.isArray(fields.data) ? 'list-in-data' : 'unknown-message';
  throw new Problem(key, { keys: keysOf(fields), start: startOf(fields, raw) });
}

function classifyObject(message: Fields, source: Source, depth: number): Classification | undefined {
  const inner = isPresent(message.for_user) ? fieldsOf(message.message) : undefined;
  if (inner) return depth < MOST_ENVELOPES ? unwrapped(message, inner, source, depth) : undefined;
  return (
    classifyV2(message, source) ??
    classifyActivityStream(message) ??
    classifyV1(message, source) ??
    classifyError(message)
  );
}

function unwrapped(
  envelope: Fields,
  inner: Fields,
  source: Source,
  depth: number,
): Classification | undefined {
  const classification = classifyObject(inner, within(source, 'message'), depth + 1);
  // X documents the user as a number and sends it as a string; both are recorded.
  const forUser = exactId(envelope.for_user, source, 'for_user');
  if (classification && forUser !== undefined) classification.answer.forUser = forUser;
  return classification;
}
