import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGenerator } from '../../dev/x-api/generator';

const recordings = resolve(__dirname, '../../../shared/recordings');

/** A line of the stream and the expected record, computed without the package's own code. */
export interface Expected {
  line: string;
  topic: 'tweets' | 'retweets';
  key: string;
  timestamp: number;
}

/** Source of the lines, for test titles. */
export const source = existsSync(recordings) ? 'recorded posts' : 'generated posts (no recordings)';

/** Alternating posts and retweets of v1.1 and v2: recorded ones if available, otherwise generated. */
export function posts(): Expected[] {
  return existsSync(recordings) ? recorded() : generated();
}

function recorded(): Expected[] {
  const lists = ['tweets_v1', 'retweets_v1', 'tweets_v2', 'retweets_v2'].map((name) => {
    const lines = readFileSync(join(recordings, `${name}.jsonl`), 'utf8').split('\n');
    const topic = name.startsWith('re') ? 'retweets' : 'tweets';
    return lines.filter((line) => line !== '').map((line) => expect(line, topic));
  });
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.map((list) => list[index]))
    .flat()
    .filter(isThere);
}

function generated(): Expected[] {
  const generator = createGenerator({ seed: 11 });
  return Array.from({ length: 600 }, () => {
    const post = generator.post() as { data: { referenced_tweets?: Array<{ type: string }> } };
    const isRetweet = post.data.referenced_tweets?.some(({ type }) => type === 'retweeted');
    return expect(JSON.stringify(post), isRetweet ? 'retweets' : 'tweets');
  });
}

function expect(line: string, topic: Expected['topic']): Expected {
  const message = JSON.parse(line) as Record<string, string> & { data?: Record<string, string> };
  const key = message.data?.id ?? message.id_str ?? exactId(line);
  const time = message.timestamp_ms ?? Date.parse((message.data ?? message).created_at ?? '').toString();
  return { line, topic, key, timestamp: time === 'NaN' ? snowflakeTime(key) : Number(time) };
}

/** v1.1 posts of 2009 and 2010 have no id_str, but ids below 2^53. */
function exactId(line: string): string {
  return String((JSON.parse(line) as { id: number }).id);
}

function snowflakeTime(id: string): number {
  return Number((BigInt(id) >> 22n) + 1_288_834_974_657n);
}

const isThere = (one: Expected | undefined): one is Expected => one !== undefined;
