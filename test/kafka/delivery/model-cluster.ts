import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { KafkaJSRequestTimeoutError, type Message, type RecordMetadata } from 'kafkajs';
import type { AdminClient } from '../../../src/kafka/admin/admin-client';
import { BrokerHealth } from '../../../src/kafka/connection/broker-health';
import type { WriteOptions, WriterPool } from '../../../src/kafka/delivery/open-topics';
import { PartitionCount } from '../../../src/kafka/delivery/partition-count';
import { type ProducerClient, TopicProducer } from '../../../src/kafka/delivery/topic-producer';
import { TopicWriter } from '../../../src/kafka/delivery/topic-writer';
import type { FakeClock } from './fake-clock';

/** What the model broker does with a request, and what the client gets. */
export type Response =
  | 'acknowledge'
  | 'lose-response' // written, then the connection closes
  | 'lose-request' // not written, the connection closes
  | 'time-out-written'
  | 'time-out'
  | 'leader-moved'
  | 'too-few-replicas' // written to the leader, then an error
  | 'unknown-partition'
  | 'empty-acknowledgement' // kafkajs resolves with [] and has sent nothing
  | 'reject-all';

/** How the outcome of a request looks to the client. */
type Outcome = 'open' | 'acknowledged' | 'not-written' | 'unknown' | 'rejected';

interface Request {
  client: ModelClient;
  partition: number;
  ids: number[];
  sentAt: number;
  outcome: Outcome;
  resolve(metadata: RecordMetadata[]): void;
  reject(error: Error): void;
}

const attemptLimitMs = 20_000;
const connectMs = 100;
const protocolError = (type: string): Error =>
  Object.assign(new Error(type), { type, name: 'KafkaJSProtocolError' });
const connectionClosed = (): Error =>
  Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' });
const refusedConnection = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const requestTimeout = (): Error =>
  new KafkaJSRequestTimeoutError('Request Produce timed out', { broker: 'b:1' } as never);

class ModelClient implements ProducerClient {
  readonly ready: Promise<void>;
  connected = false;
  inFlight = 0;

  constructor(
    private readonly cluster: ModelCluster,
    private readonly generation: number,
    readonly disconnect: () => void,
  ) {
    this.ready = sleep(connectMs).then(() => {
      if (!this.cluster.reachable) throw refusedConnection();
      this.connected = true;
    });
    this.ready.catch(() => {});
  }

  send(_topic: string, messages: Message[]): Promise<RecordMetadata[]> {
    // The process of this client has ended.
    if (this.generation !== this.cluster.generation) return new Promise(() => {});
    return new Promise((resolve, reject) => this.cluster.receive(this, messages, resolve, reject));
  }

  async retire(): Promise<void> {}

  cut(): void {
    for (const request of this.cluster.open) if (request.client === this) request.reject(connectionClosed());
  }
}

/**
 * A topic on a model of a cluster: real TopicWriter, TopicProducer and PartitionCount, and a broker whose responses the
 * test chooses. It checks each request against the rules of delivery as it arrives.
 */
export class ModelCluster implements WriterPool {
  readonly brokerHealth = new BrokerHealth();
  readonly requests: Request[] = [];
  /** Broken rules of delivery. */
  readonly violations: Error[] = [];
  /** Ids of the records in each partition's log, by offset. */
  readonly logs = new Map<number, number[]>();
  /** Ids whose order is not defined: their partition may have vanished under them. */
  readonly unordered = new Set<number>();
  /** The first request of unknown outcome that a record was part of. */
  private readonly batchOfUnknownOutcome = new Map<number, Request>();
  /** Whether new clients can connect. */
  reachable = true;
  partitions = 3;
  /** The cluster's id, and the one that the producer was told. */
  id = 'model';
  private reportedId?: string;
  accepted = 0;
  /** How often the producing process was started again. */
  generation = 0;
  private knownPartitions = 0;
  private waitsForAcceptance = false;
  private client?: ModelClient;

  constructor(
    private readonly clock: FakeClock,
    private readonly isAnswered: (id: number) => boolean,
  ) {}

  get clusterId(): string | undefined {
    return this.reportedId;
  }

  /** Requests without a response, oldest first. */
  get open(): Request[] {
    return this.requests.filter(({ outcome }) => outcome === 'open');
  }

  acquire(topic: string, { waitsForAcceptance }: WriteOptions): { writer: TopicWriter; release: () => void } {
    const { generation } = this;
    this.waitsForAcceptance = waitsForAcceptance === true;
    const producer = new TopicProducer(
      (onIdleDisconnect) => {
        this.client = new ModelClient(this, generation, onIdleDisconnect);
        return this.client;
      },
      attemptLimitMs,
      () => writer.disconnected(),
    );
    const requests = {
      send: async () => {
        if (this.partitions < this.knownPartitions) {
          for (let id = 0; id < this.accepted; id++) this.unordered.add(id);
        }
        this.knownPartitions = this.partitions;
        const partitions = Array.from({ length: this.partitions });
        return { clusterId: this.id, topics: [{ errorCode: 0, partitions }] };
      },
    };
    const use = (async (run: (client: unknown) => unknown) => run(requests)) as AdminClient['use'];
    const writer: TopicWriter = new TopicWriter(
      topic,
      producer,
      new PartitionCount(topic, { use }, undefined, (id) => {
        this.reportedId = id;
      }),
      waitsForAcceptance,
    );
    return { writer, release: () => void writer.close() };
  }

  /** The producing process ends: its clients send nothing more, and the next one knows nothing of their requests. */
  endProcess(): void {
    this.generation++;
    this.requests.length = 0;
    this.batchOfUnknownOutcome.clear();
    this.knownPartitions = 0;
  }

  /** The client's last connection closes, which counts only while no request is in flight. */
  disconnect(): void {
    if (this.open.length === 0) this.client?.disconnect();
  }

  receive(
    client: ModelClient,
    messages: Message[],
    resolve: (metadata: RecordMetadata[]) => void,
    reject: (error: Error) => void,
  ): void {
    const ids = messages.map(({ headers }) => Number(headers?.id));
    const partition = messages[0]?.partition as number;
    const request: Request = {
      client,
      partition,
      ids,
      sentAt: this.clock.now,
      outcome: 'open',
      resolve,
      reject,
    };
    try {
      for (const message of messages) assert.equal(message.partition, partition, 'one partition per request');
      this.checkBatch(request);
    } catch (violation) {
      // Thrown from here it would be one more failed request.
      this.violations.push(violation as Error);
    }
    this.requests.push(request);
  }

  /** The broker answers a request. */
  respond(request: Request, response: Response, invalid: ReadonlySet<number>): void {
    const { partition, ids } = request;
    const settle = (outcome: Outcome, error: Error): void => {
      this.setOutcome(request, outcome);
      request.reject(error);
    };
    const gone = partition >= this.partitions;
    if (response === 'lose-request') settle('unknown', connectionClosed());
    else if (response === 'time-out') settle('unknown', requestTimeout());
    else if (response === 'leader-moved') settle('not-written', protocolError('NOT_LEADER_FOR_PARTITION'));
    else if (response === 'reject-all') {
      settle(
        this.waitsForAcceptance ? 'not-written' : 'rejected',
        protocolError('TOPIC_AUTHORIZATION_FAILED'),
      );
    } else if (response === 'empty-acknowledgement') {
      // kafkajs sent nothing, but the client cannot be sure of that.
      request.outcome = 'not-written';
      request.resolve([]);
    } else if (gone || response === 'unknown-partition') {
      settle('not-written', protocolError('UNKNOWN_TOPIC_OR_PARTITION'));
    } else if (ids.some((id) => invalid.has(id))) settle('rejected', protocolError('INVALID_RECORD'));
    else {
      const log = this.logs.get(partition) ?? [];
      this.logs.set(partition, log);
      const baseOffset = String(log.length);
      log.push(...ids);
      if (response === 'lose-response') settle('unknown', connectionClosed());
      else if (response === 'time-out-written') settle('unknown', requestTimeout());
      else if (response === 'too-few-replicas') {
        settle('unknown', protocolError('NOT_ENOUGH_REPLICAS_AFTER_APPEND'));
      } else {
        request.outcome = 'acknowledged';
        request.resolve([{ topicName: 't', partition, errorCode: 0, baseOffset }]);
      }
    }
  }

  /** Attempts that are too old have failed for the producer, whatever the broker does later. */
  expireAttempts(): void {
    for (const request of this.open) {
      if (this.clock.now - request.sentAt >= attemptLimitMs) this.setOutcome(request, 'unknown');
    }
  }

  private setOutcome(request: Request, outcome: Outcome): void {
    request.outcome = outcome;
    if (outcome !== 'unknown') return;
    const first = request.ids.map((id) => this.batchOfUnknownOutcome.get(id)).find((one) => one) ?? request;
    for (const id of request.ids) this.batchOfUnknownOutcome.set(id, first);
  }

  private checkBatch({ partition, ids, client }: Request): void {
    const before = this.requests.filter((one) => one.partition === partition);
    const last = before.at(-1);
    assert.ok(
      before.every(({ outcome }) => outcome !== 'open'),
      'one request in flight per partition',
    );
    // The records of a partition that vanished are new to the partition they go to.
    if ([...ids, ...(last?.ids ?? [])].some((id) => this.unordered.has(id))) return;
    assert.deepEqual(ids, sorted(ids), 'records in order of acceptance');
    const batches = new Set(ids.map((id) => this.batchOfUnknownOutcome.get(id)));
    assert.equal(batches.size, 1, 'a batch of unknown outcome is not merged with other records');
    const previous = before.at(-2);
    const rejectedRetry =
      last?.outcome === 'rejected' && isFailedAttempt(previous) && previous?.ids[0] === last.ids[0];
    if (rejectedRetry && previous?.client === last?.client) {
      assert.notEqual(client, last?.client, 'after a retry that was rejected: a new client');
    }
    if (!last || !isFailedAttempt(last)) return;
    const [unanswered] = last.ids.filter((id) => !this.isAnswered(id));
    if (unanswered === undefined) {
      assert.notEqual(client, last.client, 'after a batch that expired unacknowledged: a new client');
      return;
    }
    // It may still hold a record that expired while its client connected.
    assert.ok((ids[0] as number) <= unanswered, 'a retry comes before later records');
    if (last.outcome === 'unknown' && client === last.client) {
      assert.deepEqual(ids, last.ids, 'a batch of unknown outcome is retried as it was');
    }
  }
}

const isFailedAttempt = (request?: Request): boolean =>
  request?.outcome === 'unknown' || request?.outcome === 'not-written';

const sorted = (ids: number[]): number[] => [...ids].sort((a, b) => a - b);
