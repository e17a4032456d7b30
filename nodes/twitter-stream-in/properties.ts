import type { PropertyTable } from '../../src/node-red/saved-properties';
import type { StreamRule } from '../../src/stream/x/rules-answer';

export const properties = {
  name: { default: '' },
  app: { default: '' },
  source: { default: 'filtered', choices: ['filtered', 'replay'] },
  rules: { default: [] as SavedRule[] },
  rulesMode: { default: 'own', choices: ['own', 'exact', 'app'] },
  fields: { default: 'all', choices: ['all', 'default', 'custom'] },
  tweetFields: { default: '' },
  expansions: { default: '' },
  userFields: { default: '' },
  mediaFields: { default: '' },
  placeFields: { default: '' },
  pollFields: { default: '' },
  format: { default: 'object', choices: ['object', 'text', 'buffer'] },
  /** Posts per day (UTC); 0 for no limit. */
  dailyLimit: { default: 0, minimum: 0, integer: true },
  autostart: { default: true },
  /** Seconds; blank for the X API's default. */
  stallTimeout: { default: '', minimum: 1 },
  file: { default: '' },
  fileType: { default: 'str' },
  pace: { default: 'recorded', choices: ['recorded', 'rate', 'max'] },
  /** Messages per second. */
  rate: { default: 100, minimum: 0.001 },
  repeat: { default: false },
} as const satisfies PropertyTable;

/** A rule as a flow holds it; a flow written by hand may lack the tag. */
export type SavedRule = Partial<StreamRule>;
