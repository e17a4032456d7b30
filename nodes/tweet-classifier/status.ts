import { type LiveStatus, okStatus } from '../../src/node-red/status';
import type { KindCounters } from '../../src/tweet/kind-counters';
import { KINDS, type Kind } from '../../src/tweet/kinds';
import { shortNumber } from '../../src/util/short-number';

/** Two kinds and their counters fit into the 32 characters of a status only with "dm". */
const shortNames: Partial<Record<Kind, string>> = { direct_message: 'dm' };

/** The most frequent kinds as a status: it is computed when it is shown, not for each message. */
export function liveStatus(counters: KindCounters): LiveStatus {
  return () => ({ status: okStatus(summary(counters)), changing: false });
}

/** The two most frequent kinds, "tweet 1.2k · retweet 800"; blank before the first message. */
export function summary(counters: KindCounters): string {
  const counts = counters.counts();
  return KINDS.filter((kind) => counts[kind] > 0)
    .sort((a, b) => counts[b] - counts[a])
    .slice(0, 2)
    .map((kind) => `${shortNames[kind] ?? kind} ${shortNumber(counts[kind])}`)
    .join(' · ');
}
