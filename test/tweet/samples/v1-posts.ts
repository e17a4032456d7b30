import { key, MADE, MADE_AT, POST, type Sample } from './sample';

export const postsV1: Sample[] = [
  { name: 'v1.1 original', text: `{${MADE},${POST}}`, kind: 'tweet', key, timestamp: MADE_AT },
  {
    name: 'v1.1 with timestamp_ms',
    text: `{${MADE},${POST},"timestamp_ms":"1569693923661"}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923661,
  },
  {
    name: 'v1.1 of 2010, without _str, counted ids',
    text: `{"in_reply_to_status_id":null,"text":"hi","created_at":"Thu Apr 08 21:22:12 +0000 2010","user":{"id":5},"id":11837458303,"source":"web"}`,
    kind: 'tweet',
    key: '11837458303',
    timestamp: Date.UTC(2010, 3, 8, 21, 22, 12),
  },
  {
    name: 'v1.1 without _str and above 2^53',
    text: `{"id":1178007813257388033,"text":"hi","user":{"id":5}}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  {
    name: 'extended mode: full_text',
    text: `{${MADE},${POST.replace('"text"', '"full_text"')}}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'compatibility mode: extended_tweet',
    text: `{${MADE},${POST},"truncated":true,"extended_tweet":{"full_text":"hello and more","entities":{}}}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'quote',
    text: `{${MADE},${POST},"is_quote_status":true,"quoted_status":{${POST}},"quoted_status_id_str":"1"}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'manual RT',
    text: `{${MADE},${POST.replace('hello', 'RT @api: hello')}}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'retweeted_status is null',
    text: `{${MADE},${POST},"retweeted_status":null,"delete":null,"event":null}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'withheld post',
    text: `{${MADE},${POST},"withheld_in_countries":["DE"],"withheld_copyright":true,"withheld_scope":"status"}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'retweet',
    text: `{${MADE},${POST},"retweeted_status":{"id_str":"9","text":"hello","user":{}}}`,
    kind: 'retweet',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'retweet of a quote',
    text: `{${MADE},${POST},"quoted_status":{"id_str":"8"},"retweeted_status":{"id_str":"9","quoted_status":{}}}`,
    kind: 'retweet',
    key,
    timestamp: MADE_AT,
  },
];

export const siteStreams: Sample[] = [
  {
    name: 'site stream, quoted user',
    text: '{"for_user":"6358481","message":{"friends":[]}}',
    kind: 'friends',
    forUser: '6358481',
  },
  {
    name: 'site stream, user as a number',
    text: '{"message":{"delete":{"status":{"id":1178007813257388033}}},"for_user":1178007813257388035}',
    kind: 'delete',
    key,
    forUser: '1178007813257388035',
  },
  {
    name: 'site stream with a post',
    text: `{"for_user":1,"message":{${MADE},${POST}}}`,
    kind: 'tweet',
    key,
    timestamp: MADE_AT,
    forUser: '1',
  },
];
