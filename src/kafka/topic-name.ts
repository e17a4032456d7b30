import { Problem } from '../util/problem';

/**
 * Validates a topic name by the broker's rules, to report an invalid one with a sentence of its own: letters,
 * digits, `.`, `_` and `-`, at most 249 characters, not `.` or `..` (org.apache.kafka.common.internals.Topic).
 * @returns the name
 * @throws Problem "topic-none", "topic-no-text" or "topic-invalid"
 */
export function topicName(value: unknown): string {
  if (value === undefined || value === null || value === '') throw new Problem('topic-none');
  if (typeof value !== 'string') throw new Problem('topic-no-text', { type: typeof value });
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(value) || value === '.' || value === '..') {
    throw new Problem('topic-invalid', { topic: value.slice(0, 60) });
  }
  return value;
}
