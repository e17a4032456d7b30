import type { Kind } from '../../../src/tweet/kinds';
import { createdMs, key, type Sample } from './sample';

const activity = (type: string, payload: string, kind: Kind, more: Partial<Sample> = {}): Sample => ({
  name: `activity ${type} ${kind}`,
  text: `{"data":{"event_uuid":"-2781149976877970683","filter":{"user_id":"11"},"event_type":"${type}","tag":"t","payload":${payload},"includes":{}}}`,
  kind,
  ...more,
});
const postPayload = `"id":"${key}","text":"hello","author_id":"7","created_at":"2019-09-28T18:05:23.000Z"`;
const made = { key, timestamp: createdMs };

export const activities: Sample[] = [
  activity('post.create', `{${postPayload}}`, 'tweet', made),
  activity(
    'post.create',
    `{${postPayload},"referenced_tweets":[{"type":"retweeted","id":"2"}]}`,
    'retweet',
    made,
  ),
  activity(
    'post.reply.create',
    `{${postPayload},"referenced_tweets":[{"type":"replied_to","id":"2"}]}`,
    'tweet',
    made,
  ),
  activity('post.quote.create', `{${postPayload}}`, 'tweet', made),
  activity('post.mention.create', `{${postPayload}}`, 'tweet', made),
  activity('post.repost.create', `{${postPayload}}`, 'retweet', made),
  activity('post.delete', `{"id":"${key}","author_id":"7"}`, 'delete', { key }),
  activity(
    'dm.received',
    '{"direct_message_events":[{"type":"message_create","id":"2080765901528535096","created_timestamp":"1784928224372"}],"users":{}}',
    'direct_message',
    { key: '2080765901528535096', timestamp: 1784928224372 },
  ),
  activity(
    'dm.read',
    '{"direct_message_mark_read_events":[{"created_timestamp":"1518452444662","last_read_event_id":"963085315333238788"}]}',
    'direct_message',
    { key: '963085315333238788', timestamp: 1518452444662 },
  ),
  activity(
    'chat.sent',
    '{"id":"8e75466b-56ec-4e88-bddf-b18f7cc6030e","created_at_msec":"1784841233939","sender_id":"7"}',
    'direct_message',
    { timestamp: 1784841233939 },
  ),
  activity('like.create', `{"id":"8771","timestamp_ms":"1569693923661","liked_tweet_id":"${key}"}`, 'event', {
    key,
    timestamp: 1569693923661,
  }),
  activity('follow.follow', '{"source":{"data":{"id":"11"}},"target":{"data":{"id":"12"}}}', 'event', {
    key: '12',
  }),
  activity('profile.update.bio', '{"before":"a","after":"b"}', 'event', { key: '11' }),
  activity('broadcast.start', '{"event_timestamp_ms":1720000003500}', 'event', {
    key: '11',
    timestamp: 1720000003500,
  }),
  {
    name: 'activity oauth.revoke',
    text: '{"data":{"event_uuid":"5","filter":{},"event_type":"oauth.revoke","payload":{"date_time":"2026-07-23T21:44:05+00:00","user_id":"13","app_id":"2"}}}',
    kind: 'event',
    key: '13',
    timestamp: Date.UTC(2026, 6, 23, 21, 44, 5),
  },
  {
    name: 'activity news.new',
    text: '{"data":{"event_uuid":"2080756868147019827","filter":{"keyword":"x"},"event_type":"news.new","payload":{"id":"2080756868147019827","name":"n"}}}',
    kind: 'event',
    key: '2080756868147019827',
  },
];
