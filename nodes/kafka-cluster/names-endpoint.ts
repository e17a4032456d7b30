import type { NodeAPI } from 'node-red';
import { listTopics } from '../../src/kafka/admin/topic-operations';
import type { Cluster } from '../../src/kafka/cluster';
import type { ConfigNode } from '../../src/node-red/node-context';
import { within } from '../../src/util/within';

const limitMs = 5000;

/**
 * GET kafka-cluster/:id/topics: the topic names of a deployed cluster, for the dialogs' completion.
 * A missing completion is not an error: the response is an empty list where the cluster is not deployed,
 * cannot be used, or does not respond in time.
 */
export function serveTopics(RED: NodeAPI): void {
  RED.httpAdmin.get(
    '/kafka-cluster/:id/topics',
    RED.auth.needsPermission('kafka-cluster.read'),
    async (request, response) => {
      const node = RED.nodes.getNode(request.params.id as string) as ConfigNode<Cluster> | null;
      const cluster = node?.type === 'kafka-cluster' ? node.service : undefined;
      response.json(cluster ? await topicNames(cluster) : []);
    },
  );
}

function topicNames(cluster: Cluster): Promise<string[]> {
  const names = cluster.admin.use((admin) => listTopics(admin, false)).catch(() => []);
  return within(names, limitMs, () => []);
}
