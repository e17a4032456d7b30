import type { Outbox } from '../../src/kafka/delivery/outbox';

/** The part of an outbox that the commands on its disk queue use. */
export type QueueActions = Pick<
  Outbox,
  'queueStatus' | 'queueReport' | 'exportQueue' | 'discardQueue' | 'adoptQueue'
>;
