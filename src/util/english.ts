import kafka from '../locales/en-US/kafka.json';
import node from '../locales/en-US/node.json';
import stream from '../locales/en-US/stream.json';
import tweet from '../locales/en-US/tweet.json';

/** Sentences by key, with `__name__` places. */
export type Texts = Record<string, string>;

/** All sentences in English, by key; keys are unique over the files. */
export const english: Texts = { ...kafka, ...node, ...stream, ...tweet };
