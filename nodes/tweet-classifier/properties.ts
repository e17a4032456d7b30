import type { PropertyTable } from '../../src/node-red/saved-properties';

export const properties = {
  name: { default: '' },
  /** The property of `msg` that holds the message. */
  property: { default: 'payload' },
} as const satisfies PropertyTable;
