import { createPartitions, deleteGroups } from '../../../../src/kafka/protocol/requests/changes';
import { exchange, korean } from './exchange';

export const changeExchanges = {
  createPartitions: [
    exchange(
      'with and without brokers',
      createPartitions(
        [
          { topic: korean, partitions: 1_000_000, replicas: null },
          { topic: 'b', partitions: 4, replicas: [[3, 1], [2], []] },
          { topic: 'c', partitions: 1, replicas: [] },
        ],
        true,
      ),
      {
        topics: [
          { name: korean, count: 1_000_000, assignments: null },
          {
            name: 'b',
            count: 4,
            assignments: [{ brokerIds: [3, 1] }, { brokerIds: [2] }, { brokerIds: [] }],
          },
          { name: 'c', count: 1, assignments: [] },
        ],
        ...{ timeoutMs: 5000, validateOnly: true },
      },
      [
        {
          title: 'added, rejected',
          fields: {
            throttleTimeMs: 0,
            results: [
              { name: korean, errorCode: 0, errorMessage: null },
              { name: 'b', errorCode: 37, errorMessage: 'Topic already has 4 partition(s).' },
            ],
          },
          decoded: [
            { topic: korean, errorCode: 0, errorMessage: null },
            { topic: 'b', errorCode: 37, errorMessage: 'Topic already has 4 partition(s).' },
          ],
        },
      ],
    ),
    exchange('none', createPartitions([], false), { topics: [], timeoutMs: 5000, validateOnly: false }),
  ],
  deleteGroups: [
    exchange('two groups', deleteGroups(['그룹', 'b']), { groupsNames: ['그룹', 'b'] }, [
      {
        title: 'deleted, not empty',
        fields: {
          throttleTimeMs: 5,
          results: [
            { groupId: '그룹', errorCode: 0 },
            { groupId: 'b', errorCode: 68 },
          ],
        },
        decoded: [
          { group: '그룹', errorCode: 0 },
          { group: 'b', errorCode: 68 },
        ],
      },
    ]),
  ],
};
