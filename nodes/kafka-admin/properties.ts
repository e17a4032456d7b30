import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  cluster: { default: '' },
  operation: { default: 'topics.list' },
  operationType: { default: 'str' },
  target: { default: '' },
  targetType: { default: 'str' },
  options: { default: '{}' },
  optionsType: { default: 'json' },
  confirm: { default: false },
  /** Seconds. */
  timeout: { default: 30, minimum: 1 },
} as const satisfies PropertyTable;
