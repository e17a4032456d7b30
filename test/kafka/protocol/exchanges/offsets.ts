import { commitOffsets, deleteOffsets } from '../../../../src/kafka/protocol/requests/changes';
import { fetchOffsets } from '../../../../src/kafka/protocol/requests/group-offsets';
import { listOffsets, offsetTimes } from '../../../../src/kafka/protocol/requests/list-offsets';
import { exchange, type Fields, korean, offsets } from './exchange';

const many = Array.from({ length: 130 }, (_, partition) => partition);

const query = (timestamp: bigint, isolationLevel: number, topics: Record<string, number[]>): Fields => ({
  ...{ replicaId: -1, isolationLevel },
  topics: Object.entries(topics).map(([name, partitions]) => ({
    name,
    partitions: partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp })),
  })),
});

const found = (version: number, partitionIndex: number, fields: Fields): Fields => ({
  ...{ partitionIndex, ...fields },
  ...(version >= 4 ? { leaderEpoch: 9 } : {}),
});

export const offsetExchanges = {
  listOffsets: [
    exchange(
      'at a time',
      listOffsets(
        [
          { topic: korean, partitions: [0, 11] },
          { topic: 'b', partitions: [] },
        ],
        1_700_000_000_000n,
        true,
      ),
      query(1_700_000_000_000n, 1, { [korean]: [0, 11], b: [] }),
      [
        {
          title: 'found, none, error',
          fields: (version) => ({
            throttleTimeMs: 0,
            topics: [
              {
                name: korean,
                partitions: [
                  found(version, 0, { errorCode: 0, timestamp: 1_700_000_000_001n, offset: offsets.unsafe }),
                  found(version, 11, { errorCode: 0, timestamp: -1, offset: -1 }),
                ],
              },
              { name: 'b', partitions: [found(version, 2, { errorCode: 6, timestamp: -1, offset: -1 })] },
            ],
          }),
          decoded: [
            {
              ...{ topic: korean, partition: 0, errorCode: 0 },
              ...{ timestamp: 1_700_000_000_001n, offset: offsets.unsafe },
            },
            { topic: korean, partition: 11, errorCode: 0, timestamp: -1n, offset: -1n },
            { topic: 'b', partition: 2, errorCode: 6, timestamp: -1n, offset: -1n },
          ],
        },
      ],
    ),
    exchange(
      'latest, 130 partitions',
      listOffsets([{ topic: 'a', partitions: many }], offsetTimes.latest),
      query(-1n, 0, { a: many }),
    ),
    exchange(
      'earliest',
      listOffsets([{ topic: 'a', partitions: [5] }], offsetTimes.earliest),
      query(-2n, 0, { a: [5] }),
    ),
    exchange(
      'newest',
      listOffsets([{ topic: 'a', partitions: [5] }], offsetTimes.newest),
      query(-3n, 0, { a: [5] }),
    ),
  ],
  fetchOffsets: [
    exchange('all', fetchOffsets('그룹'), { groupId: '그룹', topics: null }, [
      {
        title: 'committed, none, error',
        fields: {
          throttleTimeMs: 11,
          topics: [
            {
              name: korean,
              partitions: [
                {
                  ...{ partitionIndex: 0, committedOffset: offsets.max, committedLeaderEpoch: 3 },
                  ...{ metadata: '메모', errorCode: 0 },
                },
                {
                  ...{ partitionIndex: 1, committedOffset: -1, committedLeaderEpoch: -1 },
                  ...{ metadata: null, errorCode: 0 },
                },
              ],
            },
            {
              name: 'b',
              partitions: [
                {
                  ...{ partitionIndex: 2, committedOffset: -1, committedLeaderEpoch: -1 },
                  ...{ metadata: '', errorCode: 88 },
                },
              ],
            },
          ],
          errorCode: 0,
        },
        decoded: {
          errorCode: 0,
          offsets: [
            { topic: korean, partition: 0, offset: offsets.max, errorCode: 0 },
            { topic: korean, partition: 1, offset: -1n, errorCode: 0 },
            { topic: 'b', partition: 2, offset: -1n, errorCode: 88 },
          ],
        },
      },
      {
        title: 'not the coordinator',
        fields: { throttleTimeMs: 0, topics: [], errorCode: 16 },
        decoded: { errorCode: 16, offsets: [] },
      },
    ]),
  ],
  commitOffsets: [
    exchange(
      'three partitions',
      commitOffsets('그룹', [
        { topic: korean, partition: 0, offset: offsets.max },
        { topic: 'b', partition: 2, offset: 0n },
        { topic: korean, partition: 11, offset: offsets.unsafe },
      ]),
      {
        ...{ groupId: '그룹', generationIdOrMemberEpoch: -1, memberId: '' },
        topics: [
          {
            name: korean,
            partitions: [
              { partitionIndex: 0, committedOffset: offsets.max, committedMetadata: null },
              { partitionIndex: 11, committedOffset: offsets.unsafe, committedMetadata: null },
            ],
          },
          { name: 'b', partitions: [{ partitionIndex: 2, committedOffset: 0, committedMetadata: null }] },
        ],
      },
      [
        {
          title: 'committed, unknown member',
          fields: {
            throttleTimeMs: 0,
            topics: [
              {
                name: korean,
                partitions: [
                  { partitionIndex: 0, errorCode: 0 },
                  { partitionIndex: 11, errorCode: 25 },
                ],
              },
              { name: 'b', partitions: [{ partitionIndex: 2, errorCode: 0 }] },
            ],
          },
          decoded: [
            { topic: korean, partition: 0, errorCode: 0 },
            { topic: korean, partition: 11, errorCode: 25 },
            { topic: 'b', partition: 2, errorCode: 0 },
          ],
        },
      ],
    ),
  ],
  deleteOffsets: [
    exchange(
      'three partitions',
      deleteOffsets('그룹', [
        { topic: korean, partition: 0 },
        { topic: 'b', partition: 2 },
        { topic: korean, partition: 11 },
      ]),
      {
        groupId: '그룹',
        topics: [
          { name: korean, partitions: [{ partitionIndex: 0 }, { partitionIndex: 11 }] },
          { name: 'b', partitions: [{ partitionIndex: 2 }] },
        ],
      },
      [
        {
          title: 'deleted, subscribed',
          fields: {
            ...{ errorCode: 0, throttleTimeMs: 12 },
            topics: [
              {
                name: korean,
                partitions: [
                  { partitionIndex: 0, errorCode: 0 },
                  { partitionIndex: 11, errorCode: 86 },
                ],
              },
            ],
          },
          decoded: {
            errorCode: 0,
            partitions: [
              { topic: korean, partition: 0, errorCode: 0 },
              { topic: korean, partition: 11, errorCode: 86 },
            ],
          },
        },
        {
          title: 'no group',
          fields: { errorCode: 69, throttleTimeMs: 0, topics: [] },
          decoded: { errorCode: 69, partitions: [] },
        },
      ],
    ),
  ],
};
