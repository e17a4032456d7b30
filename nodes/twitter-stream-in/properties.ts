import { type PropertyTable, propertyProblem } from '../../src/node-red/saved-properties';
import { stallTimeouts } from '../../src/stream/stall-timeouts';
import type { StreamRule } from '../../src/stream/x/rules-answer';
import type { Problem } from '../../src/util/problem';

export const properties = {
  name: { default: '' },
  app: { default: '' },
  source: { default: 'filtered', choices: ['filtered', 'v1-filter', 'v1-sample', 'replay'] },
  rules: { default: [] as SavedRule[] },
  rulesMode: { default: 'own', choices: ['own', 'exact', 'app'] },
  /** Comma-separated keywords and phrases, as all of the next three: at least one of them is needed. */
  track: { default: '' },
  /** User ids. */
  follow: { default: '' },
  /** Longitude and latitude of the south-west and north-east corners of each box. */
  locations: { default: '' },
  /** Language codes. */
  language: { default: '' },
  recover: { default: 'none', choices: ['none', 'backfill', 'search'] },
  fields: { default: 'all', choices: ['all', 'default', 'custom'] },
  tweetFields: { default: '' },
  expansions: { default: '' },
  userFields: { default: '' },
  mediaFields: { default: '' },
  placeFields: { default: '' },
  pollFields: { default: '' },
  format: { default: 'object', choices: ['object', 'text', 'buffer'] },
  /** Number of post ids; 0 for none. The largest one needs 270 MB. */
  dedupe: { default: 100_000, minimum: 0, maximum: 10_000_000, integer: true },
  takeOver: { default: false },
  /** Posts per day (UTC); 0 for no limit. */
  dailyLimit: { default: 0, minimum: 0, integer: true },
  autostart: { default: true },
  /** Seconds; blank for the source's default. */
  stallTimeout: { default: '', minimum: stallTimeouts.v2.shortest },
  file: { default: '' },
  fileType: { default: 'str' },
  pace: { default: 'recorded', choices: ['recorded', 'rate', 'max'] },
  /** Messages per second. */
  rate: { default: 100, minimum: 0.001 },
  repeat: { default: false },
} as const satisfies PropertyTable;

/**
 * Checks a stall timeout by the keep-alives of its source.
 * @returns "number-invalid", or undefined for a valid one
 */
export function stallTimeoutProblem(value: unknown, source: string): Problem | undefined {
  const { shortest: minimum } = stallTimeouts[source.startsWith('v1-') ? 'v1' : 'v2'];
  return propertyProblem('stallTimeout', value, { ...properties.stallTimeout, minimum });
}

/** A rule as a flow holds it; a flow written by hand may lack the tag. */
export type SavedRule = Partial<StreamRule>;
