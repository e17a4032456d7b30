import type { Kind } from '../../../src/tweet/kinds';

/** A message as X writes it, and the expected result. */
export interface Sample {
  name: string;
  text: string;
  kind: Kind;
  key?: string;
  timestamp?: number;
  forUser?: string;
}

// Parts of messages as JSON text; …Ms is the same time in epoch milliseconds.
export const userObject = '{"id":6253282,"id_str":"6253282","screen_name":"api","name":"API"}';
export const postMembers =
  `"id":1178007813257388033,"id_str":"1178007813257388033","text":"hello","source":"<a>web</a>",` +
  `"in_reply_to_status_id":null,"user":${userObject},"entities":{"urls":[]}`;
export const createdAt = '"created_at":"Sat Sep 28 18:05:23 +0000 2019"';
export const createdMs = Date.UTC(2019, 8, 28, 18, 5, 23);
export const statusIds =
  '{"id":601430178305220600,"id_str":"601430178305220608","user_id":3,"user_id_str":"3"}';
export const noticeMs = 1432228155593;
export const eventAt = '"event_at":"2022-12-23T12:34:56.789Z"';
export const eventMs = Date.UTC(2022, 11, 23, 12, 34, 56, 789);

export const key = '1178007813257388033';

/** The expected result for a sample. */
export function expected(sample: Sample) {
  const { name: _name, text: _text, ...result } = sample;
  return result;
}
