import { apiVersions, describeQuorum } from '../../../../src/kafka/protocol/requests/cluster';
import { describeLogDirs } from '../../../../src/kafka/protocol/requests/log-dirs';
import { exchange, korean, offsets } from './exchange';

const quorumPartition = {
  ...{ partitionIndex: 0, errorCode: 0, leaderId: 3, leaderEpoch: 70_000, highWatermark: offsets.max },
  currentVoters: [
    { replicaId: 1, logEndOffset: offsets.unsafe },
    { replicaId: 2, logEndOffset: -1 },
    { replicaId: 3, logEndOffset: offsets.max },
  ],
  observers: [{ replicaId: 101, logEndOffset: 0 }],
};

const partition = (at: number, size: bigint, future: boolean) => ({
  kafka: { partitionIndex: at, partitionSize: size, offsetLag: -1, isFutureKey: future },
  ours: { partition: at, size, future },
});
const large = partition(0, offsets.max, false);
const moved = partition(1_000_000, 1n, true);

export const clusterExchanges = {
  apiVersions: [
    exchange(
      'this package',
      apiVersions(),
      { clientSoftwareName: 'node-red-twitter-kafka', clientSoftwareVersion: '1' },
      [
        {
          title: 'features',
          fields: {
            errorCode: 0,
            apiKeys: [
              { apiKey: 0, minVersion: 3, maxVersion: 13 },
              { apiKey: 1, minVersion: 4, maxVersion: 18 },
            ],
            throttleTimeMs: 4,
            supportedFeatures: [
              { name: 'metadata.version', minVersion: 7, maxVersion: 30 },
              { name: 'group.version', minVersion: 0, maxVersion: 1 },
            ],
            finalizedFeaturesEpoch: offsets.unsafe,
            finalizedFeatures: [{ name: 'metadata.version', maxVersionLevel: 29, minVersionLevel: 28 }],
            zkMigrationReady: true,
          },
          decoded: {
            errorCode: 0,
            supported: { 'metadata.version': 30, 'group.version': 1 },
            finalized: { 'metadata.version': 29 },
          },
        },
        {
          title: 'no features',
          fields: { errorCode: 35, apiKeys: [], throttleTimeMs: 0 },
          decoded: { errorCode: 35, supported: {}, finalized: {} },
        },
      ],
    ),
  ],
  describeQuorum: [
    exchange(
      'metadata log',
      describeQuorum(),
      { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] },
      [
        {
          title: 'three voters, one observer',
          fields: {
            errorCode: 0,
            topics: [{ topicName: '__cluster_metadata', partitions: [quorumPartition] }],
          },
          decoded: { errorCode: 0, leader: 3, voters: [1, 2, 3], observers: [101] },
        },
        {
          title: 'error of the partition',
          fields: {
            errorCode: 0,
            topics: [
              {
                topicName: '__cluster_metadata',
                partitions: [
                  { ...quorumPartition, errorCode: 6, leaderId: -1, currentVoters: [], observers: [] },
                ],
              },
            ],
          },
          decoded: { errorCode: 6, leader: -1, voters: [], observers: [] },
        },
        {
          title: 'not authorized',
          fields: { errorCode: 31, topics: [] },
          decoded: { errorCode: 31, leader: -1, voters: [], observers: [] },
        },
      ],
    ),
  ],
  describeLogDirs: [
    exchange('all topics', describeLogDirs(), { topics: null }, [
      {
        title: 'two directories, one offline',
        fields: {
          ...{ throttleTimeMs: 0, errorCode: 0 },
          results: [
            {
              ...{ errorCode: 0, logDir: '/var/lib/kafka/데이터' },
              topics: [
                { name: korean, partitions: [large.kafka, moved.kafka] },
                { name: 'empty', partitions: [] },
              ],
              ...{ totalBytes: offsets.unsafe, usableBytes: 12n },
            },
            { errorCode: 56, logDir: '/mnt/2', topics: [], totalBytes: -1, usableBytes: -1 },
          ],
        },
        decoded: (version) => {
          const bytes = (total: bigint, free: bigint) => (version >= 4 ? { total, free } : {});
          return {
            errorCode: 0,
            dirs: [
              {
                ...{ errorCode: 0, path: '/var/lib/kafka/데이터' },
                topics: [
                  { name: korean, partitions: [large.ours, moved.ours] },
                  { name: 'empty', partitions: [] },
                ],
                ...bytes(offsets.unsafe, 12n),
              },
              { errorCode: 56, path: '/mnt/2', topics: [], ...bytes(-1n, -1n) },
            ],
          };
        },
      },
      {
        title: 'not authorized',
        fields: { throttleTimeMs: 0, errorCode: 31, results: [] },
        decoded: { errorCode: 31, dirs: [] },
      },
    ]),
  ],
};
