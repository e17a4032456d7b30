import { deleteRecords } from '../../../../src/kafka/protocol/requests/changes';
import { fetchRecords } from '../../../../src/kafka/protocol/requests/fetch';
import { exchange, type Fields, korean, offsets } from './exchange';

const batches = Buffer.from('not decoded here');

const fetched = {
  ...{
    partitionIndex: 7,
    errorCode: 0,
    highWatermark: offsets.max,
    lastStableOffset: 3n,
    logStartOffset: 2n,
  },
  abortedTransactions: [
    { producerId: offsets.unsafe, firstOffset: 5n },
    { producerId: 1n, firstOffset: offsets.unsafe },
  ],
  ...{ preferredReadReplica: -1, records: batches },
};

const fetchAnswer = (errorCode: number, responses: Fields[]): Fields => ({
  ...{ throttleTimeMs: 6, errorCode, sessionId: 0, responses },
});

export const recordExchanges = {
  fetchRecords: [
    exchange(
      'committed',
      fetchRecords({
        topic: korean,
        partition: 7,
        offset: offsets.unsafe,
        maxBytes: 1_048_576,
        committed: true,
      }),
      {
        ...{ replicaId: -1, maxWaitMs: 500, minBytes: 1, maxBytes: 1_048_576, isolationLevel: 1 },
        ...{ sessionId: 0, sessionEpoch: -1 },
        topics: [
          {
            topic: korean,
            partitions: [
              {
                ...{ partition: 7, currentLeaderEpoch: -1, fetchOffset: offsets.unsafe, logStartOffset: -1 },
                partitionMaxBytes: 1_048_576,
              },
            ],
          },
        ],
        ...{ forgottenTopicsData: [], rackId: '' },
      },
      [
        {
          title: 'records and aborted transactions',
          fields: fetchAnswer(0, [{ topic: korean, partitions: [fetched] }]),
          decoded: {
            ...{ errorCode: 0, highWatermark: offsets.max, batches },
            aborted: [
              { producerId: offsets.unsafe, firstOffset: 5n },
              { producerId: 1n, firstOffset: offsets.unsafe },
            ],
          },
        },
        {
          title: 'null instead of records and transactions',
          fields: fetchAnswer(0, [
            {
              topic: korean,
              partitions: [
                { ...fetched, errorCode: 1, highWatermark: -1, abortedTransactions: null, records: null },
              ],
            },
          ]),
          decoded: { errorCode: 1, highWatermark: -1n, aborted: [], batches: Buffer.alloc(0) },
        },
        {
          title: 'no session',
          fields: fetchAnswer(70, []),
          decoded: { errorCode: 70, highWatermark: -1n, aborted: [], batches: Buffer.alloc(0) },
        },
      ],
    ),
    exchange(
      'uncommitted',
      fetchRecords({ topic: 'a', partition: 0, offset: 0n, maxBytes: 1, committed: false }),
      {
        ...{ replicaId: -1, maxWaitMs: 500, minBytes: 1, maxBytes: 1, isolationLevel: 0 },
        ...{ sessionId: 0, sessionEpoch: -1 },
        topics: [
          {
            topic: 'a',
            partitions: [
              {
                ...{ partition: 0, currentLeaderEpoch: -1, fetchOffset: 0, logStartOffset: -1 },
                partitionMaxBytes: 1,
              },
            ],
          },
        ],
        ...{ forgottenTopicsData: [], rackId: '' },
      },
    ),
  ],
  deleteRecords: [
    exchange(
      'two topics',
      deleteRecords([
        {
          topic: korean,
          partitions: [
            { partition: 0, offset: offsets.unsafe },
            { partition: 11, offset: -1n },
          ],
        },
        { topic: 'b', partitions: [] },
      ]),
      {
        topics: [
          {
            name: korean,
            partitions: [
              { partitionIndex: 0, offset: offsets.unsafe },
              { partitionIndex: 11, offset: -1 },
            ],
          },
          { name: 'b', partitions: [] },
        ],
        timeoutMs: 5000,
      },
      [
        {
          title: 'deleted, out of range',
          fields: {
            throttleTimeMs: 0,
            topics: [
              {
                name: korean,
                partitions: [
                  { partitionIndex: 0, lowWatermark: offsets.unsafe, errorCode: 0 },
                  { partitionIndex: 11, lowWatermark: -1, errorCode: 1 },
                ],
              },
              { name: 'b', partitions: [{ partitionIndex: 2, lowWatermark: offsets.max, errorCode: 0 }] },
            ],
          },
          decoded: [
            { topic: korean, partition: 0, offset: offsets.unsafe, errorCode: 0 },
            { topic: korean, partition: 11, offset: -1n, errorCode: 1 },
            { topic: 'b', partition: 2, offset: offsets.max, errorCode: 0 },
          ],
        },
      ],
    ),
  ],
};
