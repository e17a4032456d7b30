import type { Kind } from '../../../src/tweet/kinds';
import { createdMs, eventAt, eventMs, key, type Sample } from './sample';

export const postsV2: Sample[] = [
  {
    name: 'v2 with the default fields',
    text: `{"data":{"id":"${key}","text":"hello","edit_history_tweet_ids":["${key}"]}}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  {
    name: 'v2 in full, with matching_rules and partial errors',
    text: `{"data":{"id":"${key}","text":"hello","author_id":"1","created_at":"2019-09-28T18:05:23.000Z","referenced_tweets":[{"type":"quoted","id":"3"},{"type":"replied_to","id":"4"}]},"includes":{"tweets":[{"id":"3","text":"x","referenced_tweets":[{"type":"retweeted","id":"2"}]}]},"matching_rules":[{"id":1}],"errors":[{"title":"Not Found Error"}]}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'v2 text that begins with RT @',
    text: `{"data":{"id":"${key}","text":"RT @api: hello"}}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  {
    name: 'v2 withheld post',
    text: `{"data":{"id":"${key}","text":"hello","created_at":"2019-09-28T18:05:23.000Z","withheld":{"copyright":false,"country_codes":["DE"]}}}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'v2 with the member names of 2026',
    text: `{"data":{"id":"${key}","text":"hello","edit_history_post_ids":["${key}"],"referenced_posts":[{"type":"quoted","id":"3"}],"note_post":{"text":"hello and more"}},"matching_rules":[{"id":"1","tag":""}]}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  {
    name: 'v2 without text',
    text: `{"data":{"id":"${key}","edit_history_tweet_ids":["${key}"],"created_at":"2019-09-28T18:05:23.000Z"}}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'v2 with an empty list of references',
    text: `{"data":{"id":"${key}","text":"hello","referenced_tweets":[]},"includes":{},"errors":[]}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  {
    name: 'v2 with an id that is a number',
    text: `{"matching_rules":[],"data":{"text":"hello","id":${key}}}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
  ...['referenced_tweets', 'referenced_posts'].map(
    (name): Sample => ({
      name: `v2 retweet by ${name}`,
      text: `{"data":{"id":"${key}","text":"RT @api: hello","created_at":"2019-09-28T18:05:23.000Z","${name}":[{"type":"quoted","id":"3"},{"type":"retweeted","id":"4"}]}}`,
      kind: 'retweet',
      key,
      timestamp: createdMs,
    }),
  ),
];

const barePost = (name: string, members: string, timestamp: number, kind: Kind = 'tweet'): Sample => ({
  name: `v2 without data, with ${name}`,
  text: `{"id":"${key}","text":"RT @api: hello",${members}}`,
  kind,
  key,
  timestamp,
});

/** The time in the snowflake id. */
const idMs = 1569693923664;

/** Posts without the envelope, as exports have them: each with one member that only posts have. */
export const barePostsV2: Sample[] = [
  barePost('the default fields', `"edit_history_tweet_ids":["${key}"]`, idMs),
  barePost('the default fields of 2026', `"edit_history_post_ids":["${key}"]`, idMs),
  barePost('its author', '"author_id":"7"', idMs),
  barePost(
    'all that twarc flatten adds',
    `"author_id":"7","created_at":"2019-09-28T18:05:23.000Z","author":{"id":"7","name":"A","username":"a"},"attachments":{"media":[]},"in_reply_to_user":{"id":"8"},"referenced_tweets":[{"type":"quoted","id":"3","text":"x","referenced_tweets":[{"type":"retweeted"}]}],"__twarc":{"url":"https://api.twitter.com","version":"2.14.0"}`,
    createdMs,
  ),
  ...[
    `"conversation_id":"${key}"`,
    '"in_reply_to_user_id":"7"',
    '"public_metrics":{"like_count":1}',
    '"edit_controls":{"edits_remaining":5}',
    '"note_tweet":{"text":"hello and more"}',
    '"context_annotations":[]',
    '"possibly_sensitive":false',
    '"reply_settings":"everyone"',
    '"referenced_posts":[{"type":"replied_to","id":"3"}]',
  ].map((member) => barePost(member, member, idMs)),
  ...['referenced_tweets', 'referenced_posts'].map((name) =>
    barePost(
      `a retweeted reference in ${name}`,
      `"created_at":"2019-09-28T18:05:23.000Z","${name}":[{"type":"retweeted","id":"4"}]`,
      createdMs,
      'retweet',
    ),
  ),
  {
    name: 'v2 without data, with an id that is a number',
    text: `{"author_id":7,"id":${key},"text":"hello"}`,
    kind: 'tweet',
    key,
    timestamp: idMs,
  },
];

const about = (name: string, what: string, kind: Kind, key: string, more = ''): Sample => ({
  name: `v2 ${name} of ${what}`,
  text: `{"data":{"${name}":{"${what}":{"id":"${key}","author_id":"7","user_id":"7"},${more}${eventAt}}}}`,
  kind,
  key,
  timestamp: eventMs,
});

export const noticesV2: Sample[] = [
  about('delete', 'tweet', 'delete', key, '"quote_tweet_id":"5",'),
  about('delete', 'post', 'delete', key),
  about('delete', 'favorite', 'delete', key),
  {
    name: 'v2 delete of a like under its new name',
    text: `{"data":{"delete":{"like":{"id":"1046","liked_tweet_id":"${key}","liked_tweet_author_id":"7"},${eventAt}}}}`,
    kind: 'delete',
    key,
    timestamp: eventMs,
  },
  {
    name: 'v2 delete of a like without the post',
    text: `{"data":{"delete":{"like":{"id":"1046"},${eventAt}}}}`,
    kind: 'delete',
    timestamp: eventMs,
  },
  about('withheld', 'tweet', 'withheld', key, '"withheld_in_countries":["XY"],'),
  about('user_withheld', 'user', 'withheld', '1375036644', '"withheld_in_countries":["XY"],'),
  about('scrub_geo', 'user', 'scrub_geo', '1375036644', '"up_to_tweet_id":"411552403083628544",'),
  about('drop', 'tweet', 'event', key),
  about('undrop', 'tweet', 'event', key),
  about('tweet_edit', 'tweet', 'event', key, '"initial_tweet_id":"5","edit_tweet_ids":["5"],'),
  about('post_edit', 'post', 'event', key, '"initial_post_id":"5","edit_post_ids":["5"],'),
  about('withheld', 'post', 'withheld', key, '"withheld_in_countries":["XX"],"quote_post_id":"5",'),
  about('public_post_notice', 'post', 'event', key, '"event_type":"misleading","application":"remove",'),
  about('public_post_unviewable', 'post', 'event', key, '"application":"apply",'),
  about('public_tweet_notice', 'tweet', 'event', key, '"event_type":"misleading","application":"apply",'),
  about('public_tweet_unviewable', 'tweet', 'event', key, '"application":"apply",'),
  ...['delete', 'undelete', 'protect', 'unprotect', 'suspend', 'unsuspend', 'profile_modification'].map(
    (name) => about(`user_${name}`, 'user', 'event', '1375036644'),
  ),
  ...['liked_tweet_id', 'liked_post_id'].map(
    (name): Sample => ({
      name: `v2 like by ${name}`,
      text: `{"data":{"id":"87719f50ee17bdfa06a3089098a2b9ed","created_at":"2019-09-28T18:05:23.000Z","timestamp_ms":1569693923661,"${name}":"${key}","tweet_author_id":"3"}}`,
      kind: 'event',
      key,
      timestamp: 1569693923661,
    }),
  ),
];
