import { createdAt, createdMs, key, type Sample } from './sample';

const members = `"source":"<a>web</a>","favorite_count":"0","id_str":"${key}","truncated":false,"id":"${key}",${createdAt},"favorited":false,"lang":"en"`;

/** Posts of the archive that X gives to users, `data/tweets.js`. */
export const archivedPosts: Sample[] = [
  {
    name: 'archive: post',
    text: `{"tweet":{"edit_info":{"initial":{"editTweetIds":["${key}"]}},${members},"full_text":"hello"}}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'archive: text that begins with RT @',
    text: `{"tweet":{"retweeted":false,${members},"full_text":"RT @api: hello"}}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'archive: deleted post',
    text: `{"tweet":{${members},"full_text":"hello","deleted_at":"Sat Oct 05 10:00:00 +0000 2019"}}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'archive of 2018: post without the envelope',
    text: `{${members},"full_text":"hello"}`,
    kind: 'tweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'archive: retweet with the original post',
    text: `{"tweet":{${members},"full_text":"RT @api: hello","retweeted_status":{"id":5}}}`,
    kind: 'retweet',
    key,
    timestamp: createdMs,
  },
  {
    name: 'archive: post with only a number as id',
    text: `{"tweet":{"full_text":"hello","id":${key}}}`,
    kind: 'tweet',
    key,
    timestamp: 1569693923664,
  },
];
