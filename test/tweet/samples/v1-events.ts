import { key, MADE, MADE_AT, NOTICE_AT, POST, type Sample, STATUS, USER } from './sample';

export const eventsV1: Sample[] = [
  {
    name: 'follow',
    text: `{"event":"follow","source":${USER},"target":{"id":1292911088,"id_str":"1292911088"},${MADE}}`,
    kind: 'event',
    key: '1292911088',
    timestamp: MADE_AT,
  },
  {
    name: 'favorite with a whole retweet inside',
    text: `{"event":"favorite","source":${USER},"target":${USER},"target_object":{${POST},"retweeted_status":{${POST}}},"created_at":"Sat Sep 4 16:10:54 +0000 2010"}`,
    kind: 'event',
    key,
    timestamp: Date.UTC(2010, 8, 4, 16, 10, 54),
  },
  {
    name: 'favorite of 2010',
    text: '{"target":{"id":8438932},"source":{"id":46783},"target_object":{"id":12548122651},"event":"favorite"}',
    kind: 'event',
    key: '12548122651',
  },
  {
    name: 'user_delete with bare ids',
    text: '{"target":1178007813257388033,"source":1234567890,"event":"user_delete","target_object":"client_application","created_at":"Sat Sep 28 18:05:23 +0000 2019"}',
    kind: 'event',
    key,
    timestamp: MADE_AT,
  },
  {
    name: 'access_revoked',
    text: `{"event":"access_revoked","source":${USER},"target":${USER},"target_object":{"client_application":{"id":5,"name":"app"},"token":"t"},${MADE}}`,
    kind: 'event',
    key: '6253282',
    timestamp: MADE_AT,
  },
  {
    name: 'list_member_added',
    text: `{"event":"list_member_added","source":{"id":46783},"target":{"id":8438932},"target_object":{"id":574,"slug":"x","user":${USER}},${MADE}}`,
    kind: 'event',
    key: '8438932',
    timestamp: MADE_AT,
  },
  { name: 'event of nobody', text: '{"event":"test"}', kind: 'event' },
  {
    name: 'user_delete of the compliance firehose',
    text: '{"user_delete":{"id":1178007813257388033,"timestamp_ms":"1432228155593"}}',
    kind: 'event',
    key,
    timestamp: NOTICE_AT,
  },
  ...['user_update', 'user_undelete', 'user_protect', 'user_unprotect', 'user_suspend', 'user_unsuspend'].map(
    (name): Sample => ({
      name,
      text: `{"${name}":{"id":771136850,"timestamp_ms":"1432228155593"}}`,
      kind: 'event',
      key: '771136850',
      timestamp: NOTICE_AT,
    }),
  ),
  ...['drop', 'undrop'].map(
    (name): Sample => ({
      name,
      text: `{"${name}":{"status":${STATUS},"timestamp_ms":"1432228155593"}}`,
      kind: 'event',
      key: '601430178305220608',
      timestamp: NOTICE_AT,
    }),
  ),
  {
    name: 'tweet_edit',
    text: '{"tweet_edit":{"id":"1557445923210514432","initial_tweet_id":"1557433858676740098","timestamp_ms":"1660155761384"}}',
    kind: 'event',
    key: '1557445923210514432',
    timestamp: 1660155761384,
  },
  {
    name: 'tweet_edit with its list',
    text: `{"tweet_edit":{"id":"${key}","initial_tweet_id":"5","edit_tweet_ids":["5","${key}"]}}`,
    kind: 'event',
    key,
  },
  { name: 'control', text: '{"control":{"control_uri":"/1.1/site/c/01_225167"}}', kind: 'event' },
  {
    name: 'info',
    text: '{"info":{"message":"Replay Request Completed","sent":"2017-01-11T18:12:52+00:00"}}',
    kind: 'event',
    timestamp: Date.UTC(2017, 0, 11, 18, 12, 52),
  },
  {
    name: 'connection_metadata of Powerstream',
    text: '{"type":"connection_metadata","datacenter":"atla","timestamp":1762557264155}',
    kind: 'event',
    timestamp: 1762557264155,
  },
];
