import type { SentenceKey } from '../../util/english';
import type { Finding } from '../../util/finding';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { controllersOf } from '../admin/cluster/quorum';
import { AdvertisedProblem } from '../advertised-problem';
import { type Address, formatAddress, readAddress } from '../connection/address';
import { BrokerHealth } from '../connection/broker-health';
import type { BrokerRequests } from '../connection/broker-requests';
import { type ClusterSettings, createAdmin } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { describeError, noteAdvertiser } from '../errors';
import { type ClusterMetadata, metadata } from '../protocol/requests/metadata';
import { connectTo } from './connect';
import { handshake } from './handshake';

const limitMs = 10_000;
const stepLimitMs = 4000;

/**
 * Tests a cluster. For each configured broker: DNS, TCP, TLS, whether it is Kafka and offers the SASL mechanism,
 * then the login. Then for the cluster: its metadata, and whether the brokers that it advertises are reachable.
 * Ends within about ten seconds and leaves no connection open. Never rejects.
 * @returns a finding for each configured broker, then those for the cluster
 */
export async function probeCluster(settings: ClusterSettings): Promise<Finding[]> {
  const { brokers } = settings;
  const findings = brokers.map((broker): Finding => bad(new Problem('kafka-probe-late', { place: broker })));
  const ofCluster: Finding[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const work = (async () => {
    await Promise.all(
      brokers.map(async (broker, index) => {
        findings[index] = await tryBroker(broker, settings, signal);
      }),
    );
    const usable = brokers.filter((_, index) => findings[index]?.ok);
    if (usable.length > 0) ofCluster.push(...(await tryCluster(usable, settings, signal)));
  })();
  await within(work, limitMs, () => {});
  ending.abort();
  if (findings.some(({ ok }) => ok) && ofCluster.length === 0) {
    ofCluster.push(bad(new Problem('kafka-probe-cluster-late', { seconds: limitMs / 1000 })));
  }
  return [...findings, ...ofCluster];
}

async function tryBroker(broker: string, settings: ClusterSettings, ending: AbortSignal): Promise<Finding> {
  const address = readAddress(broker);
  const mechanism = settings.sasl?.mechanism.toUpperCase();
  try {
    const socket = await connectTo(address, settings.ssl);
    try {
      await handshake(socket, address, mechanism, settings.ssl !== undefined);
    } finally {
      socket.destroy();
    }
    // One client per broker: it logs in at this broker only.
    if (mechanism !== undefined)
      await withAdmin([broker], settings, new BrokerHealth(), ending, async () => {});
    const user = (settings.sasl as { username?: string } | undefined)?.username;
    if (mechanism === undefined) return good('kafka-probe-broker', { place: broker });
    if (user === undefined) return good('kafka-probe-broker-token', { place: broker });
    return good('kafka-probe-broker-user', { place: broker, user, mechanism });
  } catch (error) {
    return bad(describeError(error));
  }
}

async function tryCluster(
  brokers: string[],
  settings: ClusterSettings,
  ending: AbortSignal,
): Promise<Finding[]> {
  const health = new BrokerHealth();
  try {
    return await withAdmin(brokers, settings, health, ending, async (requests) => {
      const cluster = await requests.send(metadata(null));
      const summary = good('kafka-probe-cluster', {
        brokers: cluster.brokers.length,
        topics: cluster.topics.filter(({ internal }) => !internal).length,
        controller: await controllerOf(requests, cluster),
      });
      const others = await advertisedUnreachable(cluster.brokers, brokers);
      return [summary, ...others];
    });
  } catch (error) {
    // kafkajs connects to advertised brokers too, and reports the one that it cannot reach.
    noteAdvertiser(error, settings.brokers, health);
    return [bad(describeError(error))];
  }
}

/** Address of the active controller, or its id where it is no broker; "–": the user may not see it. */
async function controllerOf(
  requests: BrokerRequests,
  { controller, brokers }: ClusterMetadata,
): Promise<string> {
  const { controller: active } = await controllersOf(requests, controller);
  if (active === null) return '–';
  const broker = brokers.find(({ id }) => id === active);
  return broker ? formatAddress(broker) : String(active);
}

/**
 * A finding for each broker that the cluster advertises and that cannot be reached from here.
 * @param usable the configured brokers that answer
 */
async function advertisedUnreachable(advertised: Address[], usable: string[]): Promise<Finding[]> {
  const others = advertised.filter((address) => !usable.includes(formatAddress(address)));
  const [seed = ''] = usable;
  const ownAddress = advertised.length === 1;
  const findings = await Promise.all(
    others.map(async ({ host, port }) => {
      try {
        (await connectTo({ host, port })).destroy();
        return undefined;
      } catch (error) {
        const { code = 'ETIMEDOUT' } = (error as Problem).params;
        return bad(new AdvertisedProblem({ seed, ownAddress }, formatAddress({ host, port }), String(code)));
      }
    }),
  );
  return findings.filter((finding) => finding !== undefined);
}

async function withAdmin<T>(
  brokers: string[],
  settings: ClusterSettings,
  health: BrokerHealth,
  ending: AbortSignal,
  run: (requests: BrokerRequests) => Promise<T>,
): Promise<T> {
  const sockets = new Sockets(() => {}, health);
  const cut = (): void => sockets.destroy();
  ending.addEventListener('abort', cut);
  const limits = {
    connectionTimeout: Math.min(stepLimitMs, settings.connectionTimeout),
    requestTimeout: Math.min(stepLimitMs, settings.requestTimeout),
  };
  const { admin, requests } = createAdmin({ ...settings, ...limits, brokers }, sockets, () => {});
  try {
    await admin.connect();
    return await run(requests);
  } finally {
    sockets.end();
    ending.removeEventListener('abort', cut);
    void admin
      .disconnect()
      .catch(() => {})
      .finally(cut);
  }
}

const bad = (says: Problem): Finding => ({ ok: false, says });
const good = (key: SentenceKey, params: Record<string, string | number>): Finding => ({
  ok: true,
  says: new Problem(key, params),
});
