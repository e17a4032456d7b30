import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ApiRequest } from '../../../src/kafka/protocol/api-request';
import { createAcls, deleteAcls, describeAcls } from '../../../src/kafka/protocol/requests/acls';
import * as changes from '../../../src/kafka/protocol/requests/changes';
import { apiVersions, describeQuorum } from '../../../src/kafka/protocol/requests/cluster';
import { describeConfigs } from '../../../src/kafka/protocol/requests/configs';
import { fetchOffsets } from '../../../src/kafka/protocol/requests/group-offsets';
import * as groups from '../../../src/kafka/protocol/requests/groups';
import { listOffsets } from '../../../src/kafka/protocol/requests/list-offsets';
import { describeLogDirs } from '../../../src/kafka/protocol/requests/log-dirs';
import { metadata } from '../../../src/kafka/protocol/requests/metadata';
import { createTopics, deleteTopics } from '../../../src/kafka/protocol/requests/topics';
import { WireReader, WireWriter } from '../../../src/kafka/protocol/wire';

const requests: ApiRequest<unknown>[] = [
  metadata(['a']),
  describeConfigs([{ type: 'topic', name: 'a' }]),
  describeLogDirs(),
  listOffsets([{ topic: 'a', partitions: [0] }], 0n),
  groups.listGroups(),
  groups.findCoordinator('g'),
  groups.describeClassicGroups(['g']),
  groups.describeConsumerGroups(['g']),
  groups.describeShareGroups(['g']),
  fetchOffsets('g'),
  apiVersions(),
  describeQuorum(),
  createTopics([], false),
  deleteTopics(['a']),
  changes.createPartitions([], false),
  changes.deleteRecords([]),
  changes.alterConfigs([], false),
  changes.commitOffsets('g', []),
  changes.deleteOffsets('g', []),
  changes.deleteGroups(['g']),
  describeAcls({}),
  createAcls([]),
  deleteAcls([{}]),
];

const versionsOf = ({ versions: [oldest, newest] }: ApiRequest<unknown>): number[] =>
  Array.from({ length: newest - oldest + 1 }, (_, at) => oldest + at);

test('answers of any bytes -> decoded, or a RangeError', () => {
  const anyRequest = fc.constantFrom(
    ...requests.flatMap((request) => versionsOf(request).map((version) => [request, version] as const)),
  );
  fc.assert(
    fc.property(anyRequest, fc.uint8Array({ maxLength: 200 }), ([request, version], bytes) => {
      const body = new WireReader(Buffer.from(bytes), version >= (request.flexibleFrom ?? 99));
      try {
        request.decode(body, version);
      } catch (error) {
        assert.ok(error instanceof RangeError, `${request.name} ${version}: ${error}`);
      }
    }),
    { numRuns: 20_000 },
  );
});

test('requests -> these bytes, as Kafka’s protocol page has them', () => {
  for (const [request, version, expected] of [
    // Metadata v5: topics, allow_auto_topic_creation
    [metadata(['ab']), 5, '00000001 0002 6162 00'],
    [metadata(null), 5, 'ffffffff 00'],
    // ListOffsets v3: replica, isolation, topics; v7 is flexible
    [
      listOffsets([{ topic: 'a', partitions: [2] }], -1n),
      3,
      'ffffffff 00 00000001 0001 61 00000001 00000002 ffffffffffffffff',
    ],
    [
      listOffsets([{ topic: 'a', partitions: [2] }], -3n, true),
      7,
      'ffffffff 01 02 02 61 02 00000002 ffffffff fffffffffffffffd 00 00 00',
    ],
    // OffsetCommit v5: group, generation, member, topics
    [
      changes.commitOffsets('g', [{ topic: 'a', partition: 1, offset: 5n }]),
      5,
      '0001 67 ffffffff 0000 00000001 0001 61 00000001 00000001 0000000000000005 ffff',
    ],
    // ListGroups v5: states, types, tags
    [groups.listGroups(), 5, '01 01 00'],
    // DescribeLogDirs v4: all topics, tags
    [describeLogDirs(), 4, '00 00'],
  ] as Array<[ApiRequest<unknown>, number, string]>) {
    const body = new WireWriter(version >= (request.flexibleFrom ?? 99));
    request.encode(body, version);
    assert.equal(body.bytes().toString('hex'), expected.replaceAll(' ', ''), `${request.name} ${version}`);
  }
});
