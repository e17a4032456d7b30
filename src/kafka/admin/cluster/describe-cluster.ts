import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { errorCode as nameOf } from '../../errors';
import { apiVersions } from '../../protocol/requests/cluster';
import { metadata } from '../../protocol/requests/metadata';
import { orNullIfTooOld } from '../too-old';
import { logDirsOf } from '../topics/partition-bytes';
import { controllersOf, type Quorum } from './quorum';

/** The answer of `cluster.describe`. null: the user may not see it, or the broker does not report it. */
export interface ClusterDescription {
  clusterId: string | null;
  /** Id of the active controller. */
  controller: number | null;
  /** Kafka's release, of the oldest broker, e.g. "4.3". */
  version: string | null;
  /** The level of each feature that the cluster uses. */
  features: Record<string, number> | null;
  quorum: Quorum | null;
  brokers: Array<{
    broker: number;
    host: string;
    port: number;
    rack: string | null;
    version: string | null;
    /** Log directories; `total` and `free` of their volumes. */
    folders: Array<{
      path: string;
      bytes: number;
      total: number | null;
      free: number | null;
      /** Kafka's name of it, e.g. KAFKA_STORAGE_ERROR; null: none. */
      error: string | null;
    }> | null;
  }>;
}

/** Highest level of metadata.version that each release supports (org.apache.kafka.server.common.MetadataVersion). */
const releases: Array<[level: number, release: string]> = [
  [7, '3.3'],
  [8, '3.4'],
  [11, '3.5'],
  [14, '3.6'],
  [19, '3.7'],
  [20, '3.8'],
  [21, '3.9'],
  [25, '4.0'],
  [27, '4.1'],
  [29, '4.2'],
  [30, '4.3'],
];

/** Describes the cluster and its brokers: three requests per broker at most. */
export async function describeCluster(requests: BrokerRequests): Promise<ClusterDescription> {
  const { clusterId, controller, brokers } = await requests.send(metadata([]));
  const controllers = await controllersOf(requests, controller);
  const described = await Promise.all(
    brokers
      .sort((one, other) => one.id - other.id)
      .map(async ({ id, host, port, rack }) => {
        const [features, dirs] = await Promise.all([
          orNullIfTooOld(requests.send(apiVersions(), id)),
          logDirsOf(requests, id),
        ]);
        const level = features?.supported['metadata.version'];
        const folders = dirs?.dirs.map(folder).sort((one, other) => (one.path < other.path ? -1 : 1)) ?? null;
        return { features, level, row: { broker: id, host, port, rack, version: releaseOf(level), folders } };
      }),
  );
  const levels = described.map(({ level }) => level);
  const oldest = levels.every((level) => level !== undefined) ? Math.min(...(levels as number[])) : undefined;
  return {
    clusterId,
    controller: controllers.controller,
    version: releaseOf(oldest),
    features: described[0]?.features?.finalized ?? null,
    quorum: controllers.quorum,
    brokers: described.map(({ row }) => row),
  };
}

/** @returns null where the level is not known or older than KRaft's first release */
export function releaseOf(level: number | undefined): string | null {
  if (level === undefined) return null;
  const [newest, newestRelease] = releases.at(-1) as (typeof releases)[number];
  if (level > newest) return `${newestRelease} or later`;
  return releases.find(([highest]) => level <= highest)?.[1] ?? null;
}

type Dirs = NonNullable<Awaited<ReturnType<typeof logDirsOf>>>['dirs'];

function folder({ path, topics, total, free, errorCode }: Dirs[number]) {
  const sizes = topics.flatMap(({ partitions }) => partitions.map(({ size }) => size));
  const known = (bytes: bigint | undefined): number | null =>
    bytes === undefined || bytes < 0n ? null : Number(bytes);
  return {
    path,
    bytes: Number(sizes.reduce((sum, size) => sum + size, 0n)),
    total: known(total),
    free: known(free),
    error: errorCode === 0 ? null : nameOf(answerError(errorCode)),
  };
}
