import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { type FaultProxy, startProxy } from '../../dev/faults/proxy';
import {
  producerQuota,
  removeScramUser,
  setProducerQuota,
  setScramUser,
} from '../../dev/kafka/admin-requests';
import { type ClusterNode, type KafkaCluster, startCluster } from '../../dev/kafka/cluster';
import { fetchMetadata, type TopicMetadata } from '../../dev/kafka/metadata';
import { commandLine } from '../../dev/kafka/orphan-processes';
import { portOf } from '../../dev/kafka/request';
import { until } from '../until';

const topic = 'copied';

describe('cluster', { timeout: 120_000 }, () => {
  let cluster: KafkaCluster;
  let proxies: FaultProxy[];
  const first = () => cluster.nodes[0] as ClusterNode;

  before(async () => {
    proxies = await Promise.all([startProxy(), startProxy(), startProxy()]);
    cluster = await startCluster({
      launch: false,
      secured: { PASSWORD: 'SASL_PLAINTEXT' },
      properties: {
        'listener.name.password.sasl.enabled.mechanisms': 'SCRAM-SHA-256,SCRAM-SHA-512',
        ...Object.fromEntries(
          ['256', '512'].map((bits) => [
            `listener.name.password.scram-sha-${bits}.sasl.jaas.config`,
            'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          ]),
        ),
      },
      advertised: { CLIENT: proxies.map(({ port }) => ({ host: 'localhost', port })) },
      progress: (line) => console.error(line),
    });
  });

  after(async () => {
    await cluster.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });

  it('launch: false -> ports known, no process; launch -> ready', async () => {
    assert.deepEqual(
      cluster.nodes.map(({ id, pid }) => [id, pid]),
      [
        [1, undefined],
        [2, undefined],
        [3, undefined],
      ],
    );
    assert.equal(cluster.brokers, cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.client}`).join(','));
    for (const node of cluster.nodes) node.launch();
    await cluster.waitUntilReady();
    assert.throws(() => cluster.nodes[0]?.launch(), /Node 1 is already running/);
  });

  it('advertised addresses -> clients go to the proxies, tools bypass them', async () => {
    cluster.nodes.forEach(({ ports }, index) => {
      const proxy = proxies[index] as FaultProxy;
      proxy.target = { host: '127.0.0.1', port: ports.client };
    });
    const advertised = async (addresses: string) => {
      const { brokers } = await fetchMetadata(portOf(addresses));
      return brokers.sort((a, b) => a.id - b.id).map(({ host, port }) => `${host}:${port}`);
    };
    assert.deepEqual(
      await advertised(cluster.brokers),
      proxies.map(({ port }) => `localhost:${port}`),
    );
    assert.deepEqual(await advertised(cluster.internal), cluster.internal.split(','));
  });

  it('topic -> three replicas, every leader reachable through the proxies', async () => {
    const client = kafka(proxies.map(({ address }) => address));
    await using(client.admin(), (admin) =>
      admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: 3 }] }),
    );
    await cluster.waitUntilInSync(topic);
    const partitions = await partitionsOf(topic, first());
    assert.deepEqual(
      partitions.map(({ inSync }) => [...inSync].sort()),
      Array(3).fill([1, 2, 3]),
    );
    await using(client.producer(), (producer) =>
      producer.send({ topic, messages: [0, 1, 2].map((partition) => ({ partition, value: 'v' })) }),
    );
    assert.deepEqual(
      proxies.map(({ counts }) => counts.requests[0]),
      proxies.map((_, index) => partitions.filter(({ leader }) => leader === index + 1).length || undefined),
    );
  });

  it('leader killed -> new leader; restarted -> in sync again', async () => {
    const leader = (await partitionsOf(topic, first()))[0]?.leader;
    const node = cluster.nodes.find(({ id }) => id === leader);
    assert.ok(node);
    const { pid = 0 } = node;
    await node.kill();
    assert.equal(node.pid, undefined);
    assert.equal(commandLine(pid).includes(cluster.dir), false);
    const other = cluster.nodes.find((one) => one !== node);
    assert.ok(other);
    const leads = async () => (await partitionsOf(topic, other))[0]?.leader ?? -1;
    await until(async () => ![leader, -1].includes(await leads()));
    assert.match(cluster.nodes.map((one) => one.log()).join('\n'), /^\[[^\]]+\] (WARN|ERROR) /m);
    await node.start();
    await cluster.waitUntilInSync(topic);
    assert.deepEqual((await partitionsOf(topic, node))[0]?.inSync.sort(), [1, 2, 3]);
  });

  it('pause, resume, clean stop -> leaders move, then in sync again', async () => {
    const [, second, third] = cluster.nodes;
    assert.ok(second && third);
    await second.pause();
    await assert.rejects(fetchMetadata(second.ports.internal), /no response/);
    second.resume();
    await third.stop();
    assert.equal(third.pid, undefined);
    await until(async () => (await partitionsOf(topic, first())).every(({ leader }) => leader !== third.id));
    await third.start();
    await cluster.waitUntilInSync(topic);
    await cluster.waitUntilReady();
  });

  it('producer quota -> clients are throttled until it is removed', async () => {
    const [address = ''] = cluster.internal.split(',');
    const messages: string[] = [];
    const producer = new Kafka({
      brokers: cluster.internal.split(','),
      logLevel: logLevel.DEBUG,
      logCreator:
        () =>
        ({ log }) =>
          messages.push(log.message),
    }).producer();
    const isThrottled = () =>
      messages.some((text) => /Client side throttling in effect for \d+ms/.test(text));
    const send = () => producer.send({ topic, messages: [{ partition: 0, value: Buffer.alloc(100_000) }] });
    assert.equal(await producerQuota(address), null);
    await using(producer, async () => {
      for (let i = 0; i < 5; i++) await send();
      assert.equal(isThrottled(), false);
      await setProducerQuota(address, 20_000);
      await until(async () => {
        await send();
        return isThrottled();
      });
    });
    assert.equal(await producerQuota(address), 20_000);
    await setProducerQuota(address, null);
    await until(async () => (await producerQuota(address)) === null);
    await assert.rejects(
      setProducerQuota(address, -1),
      /^Error: Cannot change the quota of client-id \(default\): Kafka error 42, .*producer_byte_rate/,
    );
  });

  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    it(`${mechanism} user created -> can connect; removed -> cannot`, async () => {
      const [address = ''] = cluster.internal.split(',');
      const user = { username: 'zoe', password: 'her-secret' };
      const sasl = { mechanism: mechanism.toLowerCase(), ...user } as SASLOptions;
      const logsIn = () =>
        using(kafka(cluster.secured.PASSWORD?.split(',') ?? [], sasl).producer(), async () => true).catch(
          ({ name }) => name,
        );
      assert.equal(await logsIn(), 'KafkaJSSASLAuthenticationError');
      await setScramUser(address, user, mechanism);
      await until(async () => (await logsIn()) === true);
      await removeScramUser(address, user.username, mechanism);
      await until(async () => (await logsIn()) === 'KafkaJSSASLAuthenticationError');
      await assert.rejects(
        removeScramUser(address, user.username, mechanism),
        /^Error: Cannot remove the user zoe: Kafka error 91, Attempt to delete a user credential/,
      );
    });
  }

  it('stop -> no process, no directory', async () => {
    const pids = cluster.nodes.map(({ pid = 0 }) => pid);
    assert.equal(pids.filter((pid) => commandLine(pid).includes(cluster.dir)).length, 3);
    await cluster.stop();
    assert.equal(pids.filter((pid) => commandLine(pid).includes(cluster.dir)).length, 0);
    assert.equal(existsSync(cluster.dir), false);
  });
});

function kafka(brokers: string[], sasl?: SASLOptions): Kafka {
  return new Kafka({ brokers, sasl, logLevel: logLevel.NOTHING, retry: { retries: 0 } });
}

interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

async function using<C extends Client, T>(client: C, use: (client: C) => Promise<T>): Promise<T> {
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.disconnect();
  }
}

async function partitionsOf(name: string, { ports }: ClusterNode): Promise<TopicMetadata['partitions']> {
  const { topics } = await fetchMetadata(ports.internal, 'all');
  const found = topics.find((one) => one.name === name);
  return found?.partitions.sort((a, b) => a.id - b.id) ?? [];
}
