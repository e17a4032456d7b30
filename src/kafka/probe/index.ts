import type { Admin } from 'kafkajs';
import type { SentenceKey } from '../../util/english';
import type { Finding } from '../../util/finding';
import { Problem } from '../../util/problem';
import { listTopics } from '../admin/topic-operations';
import { type ClusterSettings, createClient } from '../connection/client';
import { Sockets } from '../connection/sockets';
import { describeError } from '../errors';
import { type Address, addressOf, connectTo } from './connect';
import { handshake } from './handshake';

const limitMs = 10_000;
const stepLimitMs = 4000;

/**
 * Tries a cluster: for each broker name, TCP, TLS, whether it is Kafka and takes this login; then the
 * login itself; then what the cluster says of itself, and whether the brokers it names can be reached.
 * Ends within about ten seconds and leaves no connection open. Never rejects.
 */
export async function probeCluster(settings: ClusterSettings): Promise<Finding[]> {
  const { brokers } = settings;
  const findings = brokers.map((broker): Finding => bad(new Problem('kafka-probe-late', { place: broker })));
  const after: Finding[] = [];
  const ending = new AbortController();
  const work = (async () => {
    await Promise.all(
      brokers.map(async (broker, index) => {
        findings[index] = await tryBroker(broker, settings, ending.signal);
      }),
    );
    const usable = brokers.filter((_, index) => findings[index]?.ok);
    if (usable.length > 0) after.push(...(await tryCluster(usable, settings, ending.signal)));
  })();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
  ending.abort();
  if (findings.some(({ ok }) => ok) && after.length === 0) {
    after.push(bad(new Problem('kafka-probe-cluster-late', { seconds: limitMs / 1000 })));
  }
  return [...findings, ...after];
}

async function tryBroker(broker: string, settings: ClusterSettings, ending: AbortSignal): Promise<Finding> {
  const place = addressOf(broker);
  const mechanism = settings.sasl?.mechanism.toUpperCase();
  try {
    const socket = await connectTo(place, settings.ssl);
    try {
      await handshake(socket, place, mechanism, settings.ssl !== undefined);
    } finally {
      socket.destroy();
    }
    // A client of its own: the login at this broker, and no other.
    if (mechanism !== undefined) await withAdmin([broker], settings, ending, async () => {});
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
  try {
    return await withAdmin(brokers, settings, ending, async (admin) => {
      const topics = await listTopics(admin, false);
      const cluster = await admin.describeCluster();
      const named = cluster.brokers.map(({ host, port }) => ({ host, port }));
      const unreachable = await unreachableOf(named, brokers);
      const controller = cluster.brokers.find(({ nodeId }) => nodeId === cluster.controller);
      const summary = good('kafka-probe-cluster', {
        brokers: cluster.brokers.length,
        topics: topics.length,
        controller: controller ? `${controller.host}:${controller.port}` : '–',
      });
      return [summary, ...unreachable];
    });
  } catch (error) {
    return [bad(strayed(describeError(error), brokers))];
  }
}

/** A place that nobody typed was named by the cluster itself. */
function strayed(problem: Problem, tried: string[]): Problem {
  const { place, code = '' } = problem.params;
  if (typeof place !== 'string' || !/:\d+$/.test(place) || tried.includes(place)) return problem;
  return new Problem('kafka-probe-advertised', { place, code });
}

/** Brokers that the cluster names (advertised.listeners), but that nobody can reach from here. */
async function unreachableOf(named: Address[], tried: string[]): Promise<Finding[]> {
  const others = named.filter(({ host, port }) => !tried.includes(`${host}:${port}`));
  const findings = await Promise.all(
    others.map(async (place) => {
      try {
        (await connectTo(place)).destroy();
        return undefined;
      } catch (error) {
        const { params } = error as Problem;
        const named = { place: `${place.host}:${place.port}`, code: params.code ?? 'ETIMEDOUT' };
        return bad(new Problem('kafka-probe-advertised', named));
      }
    }),
  );
  return findings.filter((finding) => finding !== undefined);
}

async function withAdmin<T>(
  brokers: string[],
  settings: ClusterSettings,
  ending: AbortSignal,
  run: (admin: Admin) => Promise<T>,
): Promise<T> {
  const sockets = new Sockets();
  const cut = (): void => sockets.destroy();
  ending.addEventListener('abort', cut);
  const limits = {
    connectionTimeout: Math.min(stepLimitMs, settings.connectionTimeout),
    requestTimeout: Math.min(stepLimitMs, settings.requestTimeout),
  };
  const admin = createClient({ ...settings, ...limits, brokers }, sockets, () => {}).admin();
  try {
    await admin.connect();
    return await run(admin);
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
