import type { NodeAPI } from 'node-red';
import { listAcls } from '../../src/kafka/admin/acls/acls';
import { describedResources, ownSources, valueWithout } from '../../src/kafka/admin/configs/describe-configs';
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
  principals: async (requests) => [
    ...new Set((await listAcls(requests, undefined, {})).map(({ principal }) => principal)),
  ],
  brokers: async (requests) => [...(await requests.brokers()).map(String), 'default'],
};

/**
 * GET kafka-cluster/:id/topics, …/groups, …/brokers and …/principals: the names in a deployed cluster, for the dialogs' completion.
 * A missing completion is not an error: the response is an empty list where the cluster is not deployed,
 * cannot be used, or does not respond in time.
 */
export function serveNames(RED: NodeAPI): void {
  for (const [kind, read] of Object.entries(readers)) {
    RED.httpAdmin.get(
      `/kafka-cluster/:id/${kind}`,
      RED.auth.needsPermission('kafka-cluster.read'),
      async (request, response) => {
        const cluster = clusterOf(RED, request.params.id);
        response.json(cluster ? await listed(cluster, read) : []);
      },
    );
  }
}

/** A config that may be set. */
interface KnownConfig {
  name: string;
  /** "": none, or sensitive. */
  value: string;
  /** What holds where it is not set on the topic or broker; null: Kafka does not tell. */
  default: string | null;
}

/**
 * GET kafka-cluster/:id/configs?resource=topic|broker&name=NAME: the configs that may be set on a topic, or on a running
 * broker, with its values (see KnownConfig); of another one where there is none of that name. An empty list where there is
 * none at all, as above.
 */
export function serveConfigNames(RED: NodeAPI): void {
  RED.httpAdmin.get(
    '/kafka-cluster/:id/configs',
    RED.auth.needsPermission('kafka-cluster.read'),
    async (request, response) => {
      const cluster = clusterOf(RED, request.params.id);
      const resource = request.query.resource === 'broker' ? 'broker' : 'topic';
      const name = String(request.query.name ?? '');
      response.json(cluster ? await listed(cluster, (requests) => configsOf(requests, resource, name)) : []);
    },
  );
}

async function configsOf(
  requests: BrokerRequests,
  resource: 'topic' | 'broker',
  name: string,
): Promise<KnownConfig[]> {
  const names =
    resource === 'broker' ? (await requests.brokers()).map(String) : await listTopics(requests, true);
  const chosen = names.includes(name) ? [name] : names.slice(0, 1);
  const [described] = await describedResources(requests, chosen, resource);
  return (described?.configs ?? [])
    .filter(({ readOnly }) => !readOnly)
    .map((config) => ({
      name: config.name,
      value: (config.sensitive ? null : config.value) ?? '',
      default: valueWithout(config, ownSources[resource]),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function clusterOf(RED: NodeAPI, id: unknown): Cluster | undefined {
  const node = RED.nodes.getNode(String(id)) as ConfigNode<Cluster> | null;
  return node?.type === 'kafka-cluster' ? node.service : undefined;
}

function listed<Item>(
  cluster: Cluster,
  read: (requests: BrokerRequests) => Promise<Item[]>,
): Promise<Item[]> {
  const none = (): Item[] => [];
  return within(cluster.admin.use(read).catch(none), limitMs, none);
}
