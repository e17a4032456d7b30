import type { PropertyTable } from '../../src/node-red/saved-properties';
import type { StreamRule } from '../../src/stream/x/rules-answer';

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
  /** Number of post ids; 0 for none. */
  dedupe: { default: 100_000, minimum: 0, integer: true },
  takeOver: { default: false },
  /** Posts per day (UTC); 0 for no limit. */
  dailyLimit: { default: 0, minimum: 0, integer: true },
  autostart: { default: true },
  /** Seconds; blank for the source's default. X sends a keep-alive every 20 s. */
  stallTimeout: { default: '', minimum: 21 },
  file: { default: '' },
  fileType: { default: 'str' },
  pace: { default: 'recorded', choices: ['recorded', 'rate', 'max'] },
  /** Messages per second. */
  rate: { default: 100, minimum: 0.001 },
  repeat: { default: false },
} as const satisfies PropertyTable;

/** A rule as a flow holds it; a flow written by hand may lack the tag. */
export type SavedRule = Partial<StreamRule>;
