import * as groups from '../../../../src/kafka/protocol/requests/groups';
import { exchange, type Fields, korean } from './exchange';

/** More bytes, and more groups, than one byte of a varint can count. */
const longNames = ['그룹'.repeat(50), ...Array.from({ length: 130 }, (_, at) => `g${at}`)];

const assigned = {
  topicPartitions: [
    { topicId: 'AAECAwQFBgcICQoLDA0ODw', topicName: korean, partitions: [0, 11] },
    { topicId: '_____________________w', topicName: 'b', partitions: [] },
  ],
};
const topics = [
  { topic: korean, partitions: [0, 11] },
  { topic: 'b', partitions: [] },
];
const client = { clientId: '클라이언트', clientHost: '/192.0.2.1' };

const member = {
  ...{ memberId: 'm-1', instanceId: 'i-1', rackId: 'r-1', memberEpoch: 5, ...client },
  ...{ subscribedTopicNames: [korean, 'b'], subscribedTopicRegex: '뉴스.*' },
  ...{ assignment: assigned, targetAssignment: { topicPartitions: [] }, memberType: 1 },
};
const plainMember = {
  ...member,
  ...{ memberId: 'm-2', instanceId: null, rackId: null, memberEpoch: -1, clientId: '' },
  ...{ subscribedTopicNames: [], subscribedTopicRegex: null, memberType: -1 },
  ...{ assignment: { topicPartitions: [] }, targetAssignment: assigned },
};
const members = [
  { member: 'm-1', client: '클라이언트', host: '/192.0.2.1', topics },
  { member: 'm-2', client: '', host: '/192.0.2.1', topics: [] },
];

const described = (assignorName: string): Fields => ({
  throttleTimeMs: 0,
  groups: [
    {
      ...{ errorCode: 0, errorMessage: null, groupId: '그룹', groupState: 'Stable', groupEpoch: 12 },
      ...{ assignmentEpoch: 11, assignorName, members: [member, plainMember] },
      authorizedOperations: -2_147_483_648,
    },
    {
      ...{ errorCode: 69, errorMessage: 'Group b not found.', groupId: 'b', groupState: 'Dead' },
      ...{ groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [], authorizedOperations: 0 },
    },
  ],
});
const asDescribed = (protocol: string, assignor: string) => [
  {
    ...{ errorCode: 0, errorMessage: null, group: '그룹', state: 'Stable' },
    ...{ protocol, assignor, members },
  },
  {
    ...{ errorCode: 69, errorMessage: 'Group b not found.', group: 'b', state: 'Dead' },
    ...{ protocol, assignor: '', members: [] },
  },
];

const classicMember = (memberId: string, memberAssignment: unknown): Fields => ({
  ...{ memberId, groupInstanceId: memberId === 'm-1' ? 'i-1' : null, ...client },
  ...{ memberMetadata: Buffer.from('not decoded'), memberAssignment },
});
/** ProtocolBytes.java encodes it, as a consumer does. */
const assignment = (version: number): Fields => ({
  version,
  assignedPartitions: [
    { topic: korean, partitions: [0, 11] },
    { topic: 'b', partitions: [] },
  ],
  userData: version === 0 ? null : Buffer.from('user'),
});

export const groupExchanges = {
  listGroups: [
    exchange('all', groups.listGroups(), { statesFilter: [], typesFilter: [] }, [
      {
        title: 'three groups',
        fields: {
          ...{ throttleTimeMs: 0, errorCode: 0 },
          groups: [
            { groupId: '그룹', protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' },
            { groupId: 'b', protocolType: 'share', groupState: 'Empty', groupType: 'share' },
            { groupId: '', protocolType: '', groupState: '', groupType: '' },
          ],
        },
        decoded: (version) => ({
          errorCode: 0,
          groups: [
            ['그룹', 'consumer', 'Stable', 'classic'],
            ['b', 'share', 'Empty', 'share'],
            ['', '', '', ''],
          ].map(([group = '', protocol = '', state, type]) => ({
            ...{ group, protocol },
            ...(version >= 4 ? { state } : {}),
            ...(version >= 5 ? { type } : {}),
          })),
        }),
      },
      {
        title: 'coordinator loading',
        fields: { throttleTimeMs: 0, errorCode: 14, groups: [] },
        decoded: { errorCode: 14, groups: [] },
      },
    ]),
  ],
  findCoordinator: [
    exchange('group', groups.findCoordinator('그룹'), { key: '그룹', keyType: 0 }, [
      {
        title: 'found',
        fields: {
          ...{ throttleTimeMs: 1, errorCode: 0, errorMessage: null },
          ...{ nodeId: 3, host: 'kafka-3.example', port: 9094 },
        },
        decoded: { errorCode: 0, errorMessage: null, broker: 3, host: 'kafka-3.example', port: 9094 },
      },
      {
        title: 'not available',
        fields: {
          ...{ throttleTimeMs: 0, errorCode: 15, errorMessage: 'The coordinator is not available.' },
          ...{ nodeId: -1, host: '', port: -1 },
        },
        decoded: {
          ...{ errorCode: 15, errorMessage: 'The coordinator is not available.' },
          ...{ broker: -1, host: '', port: -1 },
        },
      },
    ]),
  ],
  describeClassicGroups: [
    exchange(
      'two groups',
      groups.describeClassicGroups(['그룹', 'b']),
      { groups: ['그룹', 'b'], includeAuthorizedOperations: false },
      [
        {
          title: 'three members, dead group',
          fields: {
            throttleTimeMs: 0,
            groups: [
              {
                ...{ errorCode: 0, groupId: '그룹', groupState: 'Stable', protocolType: 'consumer' },
                protocolData: 'range',
                members: [
                  classicMember('m-1', assignment(0)),
                  classicMember('m-2', assignment(3)),
                  classicMember('m-3', Buffer.alloc(0)),
                ],
                authorizedOperations: -2_147_483_648,
              },
              {
                ...{ errorCode: 16, groupId: 'b', groupState: 'Dead', protocolType: '', protocolData: '' },
                ...{ members: [], authorizedOperations: 0 },
              },
            ],
          },
          decoded: [
            {
              ...{ errorCode: 0, group: '그룹', state: 'Stable', protocol: 'consumer', assignor: 'range' },
              members: ['m-1', 'm-2', 'm-3'].map((id) => ({
                ...{ member: id, client: '클라이언트', host: '/192.0.2.1' },
                topics: id === 'm-3' ? [] : topics,
              })),
            },
            { errorCode: 16, group: 'b', state: 'Dead', protocol: '', assignor: '', members: [] },
          ],
        },
      ],
    ),
  ],
  describeConsumerGroups: [
    exchange(
      'long name, 131 groups',
      groups.describeConsumerGroups(longNames),
      { groupIds: longNames, includeAuthorizedOperations: false },
      [{ title: 'two groups', fields: described('uniform'), decoded: asDescribed('consumer', 'uniform') }],
    ),
  ],
  describeShareGroups: [
    exchange(
      'two groups',
      groups.describeShareGroups(['그룹', 'b']),
      { groupIds: ['그룹', 'b'], includeAuthorizedOperations: false },
      [{ title: 'two groups', fields: described('simple'), decoded: asDescribed('share', 'simple') }],
    ),
  ],
};
