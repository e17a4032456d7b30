import kafka from '../locales/en-US/kafka.json';
import node from '../locales/en-US/node.json';
import stream from '../locales/en-US/stream.json';
import tweet from '../locales/en-US/tweet.json';

/** All sentences in English, by key, with `__name__` places; keys are unique over the files. */
export const english = { ...kafka, ...node, ...stream, ...tweet };

/** The keys of sentences; the text at `<key>-short` is the same in a few words, for a status. */
export type SentenceKey = Exclude<keyof typeof english, `${string}-short`>;
