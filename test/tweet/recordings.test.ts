import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Classified, classify } from '../../src/tweet/classify';
import type { Kind } from '../../src/tweet/kinds';
import { haveRecordings, recordedLines, recordingFiles } from './recordings';

/** The kind of all lines in a file, or of each line. */
const kindOfFile: Record<string, Kind | Kind[]> = {
  'activity_v2.jsonl': [
    'tweet', // post.mention.create
    'tweet', // post.reply.create
    'event', // profile.update.bio
    'event', // profile.update.screenname
    'direct_message', // chat.sent
    'event', // news.new
    'event', // spaces.end
    'event', // broadcast.start
    'event', // broadcast.end
  ],
  'compliance_v1_other.jsonl': 'event', // drop, undrop, user_delete, user_unprotect, user_unsuspend
  'compliance_v2.jsonl': [
    'delete',
    'event', // drop
    'event', // user_delete
    'withheld', // user_withheld
    'event', // user_protect
    'event', // user_profile_modification
    'delete', // of a like
    'event', // public_tweet_unviewable
  ],
  'delete.jsonl': 'delete',
  'direct_message.jsonl': 'direct_message',
  'disconnect.jsonl': 'disconnect',
  'errors_v2.jsonl': [
    'disconnect', // operational-disconnect
    'disconnect', // TooManyConnections
    'disconnect', // ProvisioningSubscription
    'warning', // four times resource-not-found
    'warning',
    'warning',
    'warning',
  ],
  'event.jsonl': 'event',
  'friends.jsonl': 'friends',
  'gnip_activity_streams.jsonl': [
    ...Array<Kind>(7).fill('tweet'),
    'retweet', // verb share
    'tweet',
    'tweet',
    'retweet', // verb share
    ...Array<Kind>(4).fill('tweet'),
  ],
  'limit.jsonl': 'limit',
  'retweets_v1.jsonl': 'retweet',
  'retweets_v2.jsonl': 'retweet',
  'scrub_geo.jsonl': 'scrub_geo',
  'sitestream.jsonl': 'friends',
  'tweets_v1.jsonl': 'tweet',
  'tweets_v2.jsonl': 'tweet',
  'tweets_v2_rt_by_text_only.jsonl': 'tweet',
  'warning.jsonl': 'warning',
  'withheld.jsonl': 'withheld',
};

if (haveRecordings) describe('classify: recordings', checkAll);
else console.log('No recordings in ../shared/recordings: classify is not checked against recorded messages.');

function checkAll() {
  it('every file has an expected kind', () => {
    assert.deepEqual([...recordingFiles].sort(), Object.keys(kindOfFile).sort());
  });

  for (const file of recordingFiles) {
    const lines = recordedLines(file);
    it(`${file}: ${lines.length} lines`, () => {
      const kinds = kindOfFile[file];
      if (Array.isArray(kinds)) assert.equal(kinds.length, lines.length);
      for (const [i, line] of lines.entries()) {
        const where = `${file}:${i + 1}`;
        const result = classify(line);
        assert.equal(result.kind, Array.isArray(kinds) ? kinds[i] : kinds, where);
        assert.deepEqual(classify(JSON.parse(line), line), result, where);
        assert.deepEqual(classify(Buffer.from(line)), result, where);
        if (result.kind === 'tweet' || result.kind === 'retweet') checkPost(line, result, where);
      }
    });
  }
}

/** Checks that the key is the post's exact id, and the timestamp its own time. */
function checkPost(line: string, { key, timestamp }: Classified, where: string) {
  const message = JSON.parse(line);
  const post = message.data?.payload ?? message.data ?? message;
  assert.ok(key, where);
  if (typeof post.id === 'number') assert.equal(Number(key), post.id, where);
  else assert.equal(key, post.id.split(':').at(-1), where);
  assert.equal(key, post.id_str ?? key, where);
  const written = post.timestamp_ms ?? post.created_at ?? post.postedTime;
  const snowflake = Number((BigInt(key) >> 22n) + 1288834974657n);
  assert.equal(
    timestamp,
    written === undefined ? snowflake : new Date(Number(written) || written).getTime(),
    where,
  );
  // Examples from X's documentation have ids and times that do not match.
  const recorded = BigInt(key) > 29700859247n && !where.startsWith('activity');
  if (recorded) assert.ok(Math.abs((timestamp ?? 0) - snowflake) < 1500, where);
}
