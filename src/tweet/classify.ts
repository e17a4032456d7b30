import { Problem } from '../util/problem';
import { causeOf, describeValue, excerpt, memberList } from './describe';
import { exactId } from './ids';
import { asObject, isPresent, type JsonObject } from './json-object';
import type { Classified } from './kinds';
import { decodeText, memberPath, type RawPath, rootPath } from './raw-text';
import type { ClassificationRule, RuleMatch } from './rule-match';
import { classifyActivityStream } from './rules/activity-streams';
import { classifyErrorMessage } from './rules/error-messages';
import { classifyExportedPost } from './rules/exported-posts';
import { classifyV1Event, classifyV1Notice } from './rules/v1-notices';
import { classifyV1DirectMessage, classifyV1PartialPost, classifyV1Post } from './rules/v1-posts';
import { classifyV2 } from './rules/v2';

export type { Classified } from './kinds';

/** A {@link Classified} with the rule that matched, and the key, verb or event type that it matched. */
export type Explained = Classified & { rule: ClassificationRule; by: string };

/** A site stream wraps a message once. Deeper nesting is not a message of X. */
const maxEnvelopes = 3;

/**
 * The classification order: the first rule that matches decides. The order inside `data` is in v2.ts.
 * All rules look at top-level members only: an event contains whole posts.
 */
function firstMatch(message: JsonObject, path: RawPath): RuleMatch | undefined {
  return (
    classifyV2(message, path) ?? // {"data": {…}}
    classifyActivityStream(message) ?? // {"verb": …}, Gnip's format
    classifyV1Notice(message, path) ?? // {"delete": …}, {"limit": …}, {"event": …}, …
    classifyV1Post(message, path) ?? // text and author
    classifyV1DirectMessage(message, path) ?? // text and sender
    classifyV1PartialPost(message, path) ?? // without text or author
    classifyExportedPost(message, path) ?? // a v2 post without data, {"tweet": {…}}
    classifyV1Event(message, path) ?? // {"drop": …}, {"user_delete": …}, {"control": …}, …
    classifyErrorMessage(message) // {"errors": […]}, a problem object, {"error": …}
  );
}

/**
 * Classifies a message of the X stream: its kind, key and timestamp. Supports v1.1 of all years, Gnip's native
 * and Activity Streams formats, site-stream envelopes, X API v2, v2 posts without `data`, and X's archives.
 * The presence of a key decides, not its value (null counts as absent). The order of keys does not matter.
 * The message is not changed.
 *
 * @param message the parsed message, its JSON text, or the UTF-8 bytes of that text
 * @param raw the exact text of a parsed message, if available: an id above 2^53 that is present only as a
 *   number is read from it; without it such a message has no key
 * @throws {Problem} if it is not a message of the X stream; never throws anything else:
 *   `unknown-message` and `list-in-data` (params `keys`, `start`), `list-message` (`start`),
 *   `not-a-message` (`what`), `empty-message`, `not-json` (`cause`, `start`), `unreadable-message` (`cause`)
 */
export function classify(message: unknown, raw?: string | Uint8Array): Classified {
  return matchMessage(message, raw).result;
}

/** Does the same as {@link classify}, and also returns the rule that matched. */
export function explain(message: unknown, raw?: string | Uint8Array): Explained {
  const { result, rule, by } = matchMessage(message, raw);
  return { ...result, rule, by };
}

function matchMessage(message: unknown, raw: string | Uint8Array | undefined): RuleMatch {
  try {
    if (typeof message === 'string') return matchText(message, message);
    if (ArrayBuffer.isView(message)) return matchText(decodeText(message), message);
    return matchParsed(message, raw);
  } catch (error) {
    // Getters and proxies may throw anything on any access.
    throw error instanceof Problem ? error : new Problem('unreadable-message', { cause: causeOf(error) });
  }
}

function matchText(json: string, original: string | ArrayBufferView): RuleMatch {
  if (json.trim() === '') throw new Problem('empty-message');
  let parsed: unknown;
  try {
    // JSON does not allow a byte order mark, but a file may begin with one.
    parsed = JSON.parse(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json);
  } catch (error) {
    throw new Problem('not-json', { cause: causeOf(error), start: excerpt(json, original) });
  }
  return matchParsed(parsed, json);
}

function matchParsed(message: unknown, raw: string | Uint8Array | undefined): RuleMatch {
  const object = asObject(message);
  if (!object) {
    if (Array.isArray(message)) throw new Problem('list-message', { start: excerpt(message, raw) });
    throw new Problem('not-a-message', { what: describeValue(message) });
  }
  const match = matchObject(object, rootPath(raw), 0);
  if (match) return match;
  const key = Array.isArray(object.data) ? 'list-in-data' : 'unknown-message';
  throw new Problem(key, { keys: memberList(object), start: excerpt(object, raw) });
}

function matchObject(message: JsonObject, path: RawPath, envelopes: number): RuleMatch | undefined {
  const inner = isPresent(message.for_user) ? asObject(message.message) : undefined;
  if (!inner) return firstMatch(message, path);
  if (envelopes >= maxEnvelopes) return undefined;
  const match = matchObject(inner, memberPath(path, 'message'), envelopes + 1);
  // X documents the user as a number and sends it as a string; recordings have both.
  const forUser = exactId(message.for_user, path, 'for_user');
  if (match && forUser !== undefined) match.result.forUser = forUser;
  return match;
}
