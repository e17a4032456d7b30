import { key, MADE_AT, type Sample } from './sample';

const TAG = 'tag:search.twitter.com,2005:';
const ACTOR = '{"objectType":"person","id":"id:twitter.com:519761961"}';
const USER_TAG = 'tag:search.twitter.com,2012:user\\/519761961';
const NOTICE_TIME = '"timestampMs":"2014-08-27T23:49:41.839+00:00"';
const NOTICE_TIME_AT = Date.UTC(2014, 7, 27, 23, 49, 41, 839);
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
    text: `{"objectType":"activity","verb":"status_withheld","object":{"id":"object:search.twitter.com,2005:${key}"},${NOTICE_TIME}}`,
    kind: 'withheld',
    key,
    timestamp: NOTICE_TIME_AT,
  },
  {
    name: 'Activity Streams status_withheld of 2014, a verb and an object only',
    text: `{"verb":"status_withheld","object":{"id":"${TAG}${key}","user_id":"${USER_TAG}","withheld_in_countries":["XY"]},${NOTICE_TIME}}`,
    kind: 'withheld',
    key,
    timestamp: NOTICE_TIME_AT,
  },
  ...(['user_withheld', 'user_delete', 'user_unsuspend'] as const).map(
    (verb): Sample => ({
      name: `Activity Streams ${verb} of 2014, a verb and an object only`,
      text: `{"verb":"${verb}","object":{"id":"${USER_TAG}"},${NOTICE_TIME}}`,
      kind: verb === 'user_withheld' ? 'withheld' : 'event',
      key: '519761961',
      timestamp: NOTICE_TIME_AT,
    }),
  ),
  {
    name: 'Activity Streams scrub_geo with a target',
    text: `{"objectType":"activity","verb":"scrub_geo","actor":${ACTOR},"target":{"up_to_id":"${TAG}${key}"},${NOTICE_TIME}}`,
    kind: 'scrub_geo',
    key: '519761961',
    timestamp: NOTICE_TIME_AT,
  },
  {
    name: 'Activity Streams retweet under the new domain',
    text: `{"id":"tag:search.x.com,2005:${key}","objectType":"activity","verb":"share","object":{"id":"tag:search.x.com,2005:5"}}`,
    kind: 'retweet',
    key,
    timestamp: 1569693923664,
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
