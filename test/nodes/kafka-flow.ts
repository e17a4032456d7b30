import { type Flow, helper, Inbox, onTab } from './flow';

/** The messages that a node passed on, and those that a Catch node got. */
export interface Inboxes {
  acked: Inbox;
  caught: Inbox;
}

/** Loads a node beside the kafka-cluster that it names, a helper for its output, and more nodes. */
export async function loadOnCluster(
  types: Parameters<typeof helper.load>[0],
  brokers: string,
  node: Record<string, unknown>,
  more: Flow = [],
): Promise<Inboxes> {
  await helper.load(
    types,
    onTab([
      { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers },
      node as Flow[number],
      { id: 'n-acked', type: 'helper' },
      ...more,
    ]),
  );
  return { acked: new Inbox('n-acked'), caught: new Inbox('n-caught') };
}
