import { metadata } from '../../../../src/kafka/protocol/requests/metadata';
import { createTopics, deleteTopics } from '../../../../src/kafka/protocol/requests/topics';
import { exchange, korean } from './exchange';

const metadataAnswers = [
  {
    title: 'two brokers, three topics',
    fields: {
      throttleTimeMs: 7,
      brokers: [
        { nodeId: 1, host: 'kafka-1.example', port: 9092, rack: '서울' },
        { nodeId: 2_000_000_000, host: '2001:db8::2', port: 65_535, rack: null },
      ],
      clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
      controllerId: 1,
      topics: [
        {
          ...{ errorCode: 0, name: korean, isInternal: false },
          partitions: [
            {
              ...{ errorCode: 0, partitionIndex: 0, leaderId: 1 },
              ...{ replicaNodes: [1, 2_000_000_000, 3], isrNodes: [1, 3], offlineReplicas: [2_000_000_000] },
            },
            {
              ...{ errorCode: 5, partitionIndex: 1, leaderId: -1 },
              ...{ replicaNodes: [4], isrNodes: [], offlineReplicas: [4] },
            },
          ],
        },
        { errorCode: 0, name: '__consumer_offsets', isInternal: true, partitions: [] },
        { errorCode: 3, name: 'missing', isInternal: false, partitions: [] },
      ],
    },
    decoded: {
      clusterId: 'MkU3OEVBNTcwNTJENDM2Qk',
      controller: 1,
      brokers: [
        { id: 1, host: 'kafka-1.example', port: 9092, rack: '서울' },
        { id: 2_000_000_000, host: '2001:db8::2', port: 65_535, rack: null },
      ],
      topics: [
        {
          errorCode: 0,
          name: korean,
          internal: false,
          partitions: [
            {
              ...{ errorCode: 0, partition: 0, leader: 1 },
              ...{ replicas: [1, 2_000_000_000, 3], isr: [1, 3], offlineReplicas: [2_000_000_000] },
            },
            {
              ...{ errorCode: 5, partition: 1, leader: -1 },
              ...{ replicas: [4], isr: [], offlineReplicas: [4] },
            },
          ],
        },
        { errorCode: 0, name: '__consumer_offsets', internal: true, partitions: [] },
        { errorCode: 3, name: 'missing', internal: false, partitions: [] },
      ],
    },
  },
  {
    title: 'no cluster id, no controller',
    fields: { throttleTimeMs: 0, brokers: [], clusterId: null, controllerId: -1, topics: [] },
    decoded: { clusterId: null, controller: -1, brokers: [], topics: [] },
  },
];

export const topicExchanges = {
  metadata: [
    exchange(
      'three topics',
      metadata(['a', korean, '']),
      { topics: [{ name: 'a' }, { name: korean }, { name: '' }], allowAutoTopicCreation: false },
      metadataAnswers,
    ),
    exchange('no topics', metadata([]), { topics: [], allowAutoTopicCreation: false }),
    exchange('all topics', metadata(null), { topics: null, allowAutoTopicCreation: false }),
  ],
  createTopics: [
    exchange(
      'counts, brokers and configs',
      createTopics(
        [
          { topic: korean, partitions: 12, replicationFactor: 3, configs: {} },
          { topic: 'defaults', partitions: -1, replicationFactor: -1, configs: { 'retention.ms': '-1' } },
          {
            ...{ topic: 'placed', partitions: 2, replicationFactor: 2 },
            replicas: [
              [3, 1],
              [1, 2],
            ],
            configs: { 'cleanup.policy': 'compact,delete', 'min.insync.replicas': '2', empty: '' },
          },
        ],
        true,
      ),
      {
        topics: [
          { name: korean, numPartitions: 12, replicationFactor: 3, assignments: [], configs: [] },
          {
            ...{ name: 'defaults', numPartitions: -1, replicationFactor: -1, assignments: [] },
            configs: [{ name: 'retention.ms', value: '-1' }],
          },
          {
            ...{ name: 'placed', numPartitions: -1, replicationFactor: -1 },
            assignments: [
              { partitionIndex: 0, brokerIds: [3, 1] },
              { partitionIndex: 1, brokerIds: [1, 2] },
            ],
            configs: [
              { name: 'cleanup.policy', value: 'compact,delete' },
              { name: 'min.insync.replicas', value: '2' },
              { name: 'empty', value: '' },
            ],
          },
        ],
        timeoutMs: 5000,
        validateOnly: true,
      },
      [
        {
          title: 'created, exists, rejected',
          fields: {
            throttleTimeMs: 3,
            topics: [
              { name: korean, errorCode: 0, errorMessage: null },
              { name: 'b', errorCode: 36, errorMessage: "Topic 'b' already exists." },
              { name: 'c', errorCode: -1, errorMessage: '거부되었습니다' },
            ],
          },
          decoded: [
            { topic: korean, errorCode: 0, errorMessage: null },
            { topic: 'b', errorCode: 36, errorMessage: "Topic 'b' already exists." },
            { topic: 'c', errorCode: -1, errorMessage: '거부되었습니다' },
          ],
        },
      ],
    ),
    exchange('none', createTopics([], false), { topics: [], timeoutMs: 5000, validateOnly: false }),
  ],
  deleteTopics: [
    exchange('two topics', deleteTopics([korean, 'b']), { topicNames: [korean, 'b'], timeoutMs: 5000 }, [
      {
        title: 'deleted, missing',
        fields: {
          throttleTimeMs: 0,
          responses: [
            { name: korean, errorCode: 0 },
            { name: 'b', errorCode: 3 },
          ],
        },
        decoded: [
          { topic: korean, errorCode: 0 },
          { topic: 'b', errorCode: 3 },
        ],
      },
    ]),
  ],
};
