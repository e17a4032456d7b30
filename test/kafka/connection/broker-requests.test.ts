import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerRequests, type KafkaCluster } from '../../../src/kafka/connection/broker-requests';
import { apiVersions, describeQuorum } from '../../../src/kafka/protocol/requests/cluster';
import { listGroups } from '../../../src/kafka/protocol/requests/groups';

interface Sent {
  apiKey: number;
  apiVersion: number;
}

/** Requests to one broker that has these versions; it answers nothing. */
function requestsTo(versions: Record<number, { minVersion: number; maxVersion: number }>): {
  requests: BrokerRequests;
  sent: Sent[];
} {
  const sent: Sent[] = [];
  const broker = {
    isConnected: () => true,
    versions,
    connectionPool: {
      async send({ request }: { request: Sent }) {
        sent.push(request);
        return { answer: {} };
      },
    },
  };
  const cluster = {
    refreshMetadataIfNecessary: async () => {},
    getNodeIds: () => ['1'],
    findBroker: async () => broker,
    brokerPool: { brokers: { 1: broker } },
  };
  return { requests: new BrokerRequests(cluster as unknown as KafkaCluster), sent };
}

test('requests: the newest version that both sides have', async () => {
  const { key, versions } = listGroups();
  const [oldest, newest] = versions;
  for (const [maxVersion, expected] of [
    [oldest, oldest],
    [newest, newest],
    [newest + 7, newest],
  ] as const) {
    const { requests, sent } = requestsTo({ [key]: { minVersion: 0, maxVersion } });
    await requests.send(listGroups());
    assert.deepEqual(
      sent.map(({ apiKey, apiVersion }) => [apiKey, apiVersion]),
      [[key, expected]],
    );
  }
});

test('requests: unknown to the broker, or only in older versions -> broker-too-old, with the release; nothing is sent', async () => {
  const { requests, sent } = requestsTo({ [apiVersions().key]: { minVersion: 0, maxVersion: 2 } });
  await assert.rejects(requests.send(describeQuorum()), {
    key: 'broker-too-old',
    message: /DescribeQuorum.*3\.3/,
  });
  await assert.rejects(requests.send(apiVersions()), { key: 'broker-too-old', message: /ApiVersions.*2\.4/ });
  assert.deepEqual(sent, []);
});
