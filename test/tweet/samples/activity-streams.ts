import { key, MADE_AT, type Sample } from './sample';

const TAG = 'tag:search.twitter.com,2005:';
const ACTOR = '{"objectType":"person","id":"id:twitter.com:519761961"}';
export const activityStreams: Sample[] = [
  ...(['post', 'share'] as const).map(
    (verb): Sample => ({
      name: `Activity Streams ${verb}`,
      text: `{"id":"${TAG}${key}","objectType":"activity","verb":"${verb}","postedTime":"2019-09-28T18:05:23.000Z","actor":${ACTOR},"object":{"id":"${TAG}5","verb":"post"},"body":"hi"}`,
      kind: verb === 'post' ? 'tweet' : 'retweet',
      key,
      timestamp: MADE_AT,
    }),
  ),
  {
    name: 'Activity Streams delete',
    text: `{"id":"${TAG}5","objectType":"activity","verb":"delete","object":{"id":"${TAG}${key}"},"actor":${ACTOR}}`,
    kind: 'delete',
    key,
  },
  {
    name: 'Activity Streams status_withheld',
    text: `{"objectType":"activity","verb":"status_withheld","object":{"id":"object:search.twitter.com,2005:${key}"},"timestampMs":"2014-08-27T23:49:41.839+00:00"}`,
    kind: 'withheld',
    key,
    timestamp: Date.UTC(2014, 7, 27, 23, 49, 41, 839),
  },
  ...(['scrub_geo', 'user_withheld', 'user_protect'] as const).map(
    (verb): Sample => ({
      name: `Activity Streams ${verb}`,
      text: `{"id":"${TAG}5","objectType":"activity","verb":"${verb}","actor":${ACTOR}}`,
      kind: verb === 'scrub_geo' ? 'scrub_geo' : verb === 'user_withheld' ? 'withheld' : 'event',
      key: '519761961',
    }),
  ),
  {
    name: 'Activity Streams, another verb',
    text: `{"id":"${TAG}${key}","objectType":"activity","verb":"tag"}`,
    kind: 'event',
    key,
  },
];
