import type { NodeAPI } from 'node-red';
import { listTopics } from '../../src/kafka/admin/topic-operations';
import type { Cluster } from '../../src/kafka/cluster';
import type { ConfigNode } from '../../src/node-red/node-context';

const limitMs = 5000;

/**
 * GET kafka-cluster/:id/topics: the names of a deployed cluster's topics, for dialogs that complete them.
 * A completion that is not there is no error, so the answer is an empty list where the cluster is not
 * deployed, cannot be used, or does not answer in time.
 */
export function serveTopics(RED: NodeAPI): void {
  RED.httpAdmin.get(
    '/kafka-cluster/:id/topics',
    RED.auth.needsPermission('kafka-cluster.read'),
    async (request, response) => {
      const node = RED.nodes.getNode(request.params.id as string) as ConfigNode<Cluster> | null;
      const cluster = node?.type === 'kafka-cluster' ? node.service : undefined;
      response.json(cluster ? await namesOf(cluster) : []);
    },
  );
}

async function namesOf(cluster: Cluster): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(resolve, limitMs, []);
  });
  const names = cluster.admin.use((admin) => listTopics(admin, false)).catch(() => []);
  try {
    return await Promise.race([names, late]);
  } finally {
    clearTimeout(timer);
  }
}
