import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import type { Operation } from '../../src/kafka/admin/operations';
import { type AdminRun, adminRun } from '../../test/kafka/admin/admin-run';
import { until } from '../../test/until';
import { type Broker, startBroker } from '../kafka/broker';

/** A release of Kafka, and what it answers differently. docs/kafka-admin.md has the same as a table. */
export interface Release {
  kafka: string;
  /** As cluster.describe reports it, and so are the features. */
  version: string;
  features: Record<string, number>;
  /** The type of a group of the classic protocol. */
  groupType: string | null;
  /** A group stays when its last offset is deleted. */
  keepsEmptyGroup: boolean;
  /** Where the min.insync.replicas of server.properties is set. */
  minIsrSource: string;
  /** It has the config remote.log.copy.disable. */
  hasRemoteCopy: boolean;
}

/** The first one is that of pom.xml, which all other tests use. */
export const releases: Release[] = [
  {
    ...{ kafka: '4.3.1', version: '4.3', groupType: 'classic', keepsEmptyGroup: true },
    ...{ minIsrSource: 'cluster', hasRemoteCopy: true },
    features: {
      ...{ 'metadata.version': 30, 'group.version': 1, 'transaction.version': 2, 'share.version': 1 },
      ...{ 'streams.version': 1, 'eligible.leader.replicas.version': 1 },
    },
  },
  {
    ...{ kafka: '3.9.1', version: '3.9', groupType: 'classic', keepsEmptyGroup: false },
    ...{ minIsrSource: 'file', hasRemoteCopy: true, features: { 'metadata.version': 21 } },
  },
  {
    ...{ kafka: '3.7.2', version: '3.7', groupType: null, keepsEmptyGroup: false },
    ...{ minIsrSource: 'file', hasRemoteCopy: false, features: { 'metadata.version': 19 } },
  },
];

/** A broker of a release, and the operations of kafka-admin on it. */
export class ReleaseUnderTest {
  readonly kafka: Kafka;
  readonly producer: Producer;
  /** What was run, in order: operations, with "?" for a dry run. */
  readonly done: string[] = [];
  private readonly admin: AdminRun;

  private constructor(readonly broker: Broker) {
    this.admin = adminRun(broker.brokers);
    this.kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
    this.producer = this.kafka.producer();
  }

  static async start({ kafka }: Release): Promise<ReleaseUnderTest> {
    const broker = await startBroker({
      kafka,
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    });
    const started = new ReleaseUnderTest(broker);
    await started.producer.connect();
    return started;
  }

  async run<Answer>(
    operation: Operation,
    target: unknown = '',
    options = {},
    confirm?: unknown,
  ): Promise<Answer> {
    const answer = await this.admin.run<Answer>(operation, { target, options, confirm });
    const [one] = [answer].flat() as Array<{ dryRun?: boolean }>;
    this.done.push(one?.dryRun ? `${operation}?` : operation);
    return answer;
  }

  /** Carries out a destructive operation after two dry runs: the second one shows that the first one changed nothing. */
  async change(operation: Operation, target: string, options: object, answer: object): Promise<void> {
    const isDeletion = operation === 'topics.delete' || operation === 'groups.delete';
    for (const dryRun of [true, true, false]) {
      const found = await this.run(operation, target, options, dryRun ? undefined : target);
      assert.deepEqual(found, { dryRun, ...(isDeletion ? { deleted: !dryRun } : {}), ...answer });
    }
  }

  /** Waits for an answer: the broker learns of a change a moment after the controller has made it. */
  async untilAnswers(operation: Operation, target: string, expected: unknown): Promise<void> {
    let answer: unknown;
    await until(async () => {
      answer = await this.run(operation, target);
      return isDeepStrictEqual(answer, expected);
    }, operation).catch(() => assert.deepEqual(answer, expected));
  }

  async stop(): Promise<void> {
    await this.producer.disconnect();
    await this.admin.close();
    await this.broker.stop();
  }
}
