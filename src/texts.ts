import kafka from './locales/en-US/kafka.json';
import stream from './locales/en-US/stream.json';
import tweet from './locales/en-US/tweet.json';

/** Sentences by key, with `__name__` places. */
export type Texts = Record<string, string>;

export const kafkaTexts: Texts = kafka;
export const streamTexts: Texts = stream;
export const tweetTexts: Texts = tweet;
