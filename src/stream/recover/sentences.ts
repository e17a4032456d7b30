import type { SentenceKey } from '../../util/english';
import { Problem, type ProblemParams } from '../../util/problem';
import type { NotRecovered } from './gap-search';
import { longestQuery } from './search-query';

const shownLength = 80;

/** What search did not find, for the event of an outage: one sentence for each rule, and one for retweets. */
export function searchSentences(notRecovered: NotRecovered[]): string[] {
  return [...notRecovered.map(ruleSentence), sentence('recover-retweets')];
}

/** A sentence in English, as all of an event is. */
export const sentence = (key: SentenceKey, params: ProblemParams = {}, cause?: unknown): string =>
  new Problem(key, params, cause === undefined ? undefined : { cause }).message;

function ruleSentence({ rule: { value }, reason, operator, error }: NotRecovered): string {
  const characters = [...value];
  const rule = characters.length > shownLength ? `${characters.slice(0, shownLength - 1).join('')}…` : value;
  switch (reason) {
    case 'too-long':
      return sentence('recover-too-long', { rule, length: characters.length, longest: longestQuery });
    case 'operator':
      return sentence('recover-operator', { rule, operator: operator ?? '' });
    case 'too-old':
      return sentence('recover-too-old', { rule });
    case 'limit':
      return sentence('recover-limit', { rule });
    case 'too-many':
      return sentence('recover-too-many', { rule });
    case 'failed':
      return sentence('recover-failed', { rule }, error);
  }
}
