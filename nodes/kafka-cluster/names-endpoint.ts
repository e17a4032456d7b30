import type { NodeAPI } from 'node-red';
import { allGroups } from '../../src/kafka/admin/groups/known-groups';
import { listTopics } from '../../src/kafka/admin/topics/list-topics';
import type { Cluster } from '../../src/kafka/cluster';
import type { BrokerRequests } from '../../src/kafka/connection/broker-requests';
import type { ConfigNode } from '../../src/node-red/node-context';
import { within } from '../../src/util/within';

const limitMs = 5000;

const readers: Record<string, (requests: BrokerRequests) => Promise<string[]>> = {
  topics: (requests) => listTopics(requests, false),
  groups: async (requests) => (await allGroups(requests)).map(({ group }) => group),
  brokers: async (requests) => [...(await requests.brokers()).map(String), 'default'],
};

/**
 * GET kafka-cluster/:id/topics, …/groups and …/brokers: the names in a deployed cluster, for the dialogs' completion.
 * A missing completion is not an error: the response is an empty list where the cluster is not deployed,
 * cannot be used, or does not respond in time.
 */
export function serveNames(RED: NodeAPI): void {
  for (const [kind, read] of Object.entries(readers)) {
    RED.httpAdmin.get(
      `/kafka-cluster/:id/${kind}`,
      RED.auth.needsPermission('kafka-cluster.read'),
      async (request, response) => {
        const node = RED.nodes.getNode(request.params.id as string) as ConfigNode<Cluster> | null;
        const cluster = node?.type === 'kafka-cluster' ? node.service : undefined;
        response.json(cluster ? await namesIn(cluster, read) : []);
      },
    );
  }
}

function namesIn(cluster: Cluster, read: (requests: BrokerRequests) => Promise<string[]>): Promise<string[]> {
  const names = cluster.admin.use((_admin, requests) => read(requests)).catch(() => []);
  return within(names, limitMs, () => []);
}
