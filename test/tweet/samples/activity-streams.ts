import { createdMs, key, type Sample } from './sample';

const tagPrefix = 'tag:search.twitter.com,2005:';
const actorObject = '{"objectType":"person","id":"id:twitter.com:519761961"}';
const userTag = 'tag:search.twitter.com,2012:user\\/519761961';
const noticeTime = '"timestampMs":"2014-08-27T23:49:41.839+00:00"';
const noticeTimeMs = Date.UTC(2014, 7, 27, 23, 49, 41, 839);
export const activityStreams: Sample[] = [
  ...(['post', 'share'] as const).map(
    (verb): Sample => ({
      name: `Activity Streams ${verb}`,
      text: `{"id":"${tagPrefix}${key}","objectType":"activity","verb":"${verb}","postedTime":"2019-09-28T18:05:23.000Z","actor":${actorObject},"object":{"id":"${tagPrefix}5","verb":"post"},"body":"hi"}`,
      kind: verb === 'post' ? 'tweet' : 'retweet',
      key,
      timestamp: createdMs,
    }),
  ),
  {
    name: 'Activity Streams delete',
    text: `{"id":"${tagPrefix}5","objectType":"activity","verb":"delete","object":{"id":"${tagPrefix}${key}"},"actor":${actorObject}}`,
    kind: 'delete',
    key,
  },
  {
    name: 'Activity Streams status_withheld',
    text: `{"objectType":"activity","verb":"status_withheld","object":{"id":"object:search.twitter.com,2005:${key}"},${noticeTime}}`,
    kind: 'withheld',
    key,
    timestamp: noticeTimeMs,
  },
  {
    name: 'Activity Streams status_withheld of 2014, a verb and an object only',
    text: `{"verb":"status_withheld","object":{"id":"${tagPrefix}${key}","user_id":"${userTag}","withheld_in_countries":["XY"]},${noticeTime}}`,
    kind: 'withheld',
    key,
    timestamp: noticeTimeMs,
  },
  ...(['user_withheld', 'user_delete', 'user_unsuspend'] as const).map(
    (verb): Sample => ({
      name: `Activity Streams ${verb} of 2014, a verb and an object only`,
      text: `{"verb":"${verb}","object":{"id":"${userTag}"},${noticeTime}}`,
      kind: verb === 'user_withheld' ? 'withheld' : 'event',
      key: '519761961',
      timestamp: noticeTimeMs,
    }),
  ),
  {
    name: 'Activity Streams scrub_geo with a target',
    text: `{"objectType":"activity","verb":"scrub_geo","actor":${actorObject},"target":{"up_to_id":"${tagPrefix}${key}"},${noticeTime}}`,
    kind: 'scrub_geo',
    key: '519761961',
    timestamp: noticeTimeMs,
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
      text: `{"id":"${tagPrefix}5","objectType":"activity","verb":"${verb}","actor":${actorObject}}`,
      kind: verb === 'scrub_geo' ? 'scrub_geo' : verb === 'user_withheld' ? 'withheld' : 'event',
      key: '519761961',
    }),
  ),
  {
    name: 'Activity Streams, another verb',
    text: `{"id":"${tagPrefix}${key}","objectType":"activity","verb":"tag"}`,
    kind: 'event',
    key,
  },
];
