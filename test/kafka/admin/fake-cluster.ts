import type { AdminClient } from '../../../src/kafka/admin/admin-client';
import type { BrokerRequests } from '../../../src/kafka/connection/broker-requests';
import type { ApiRequest } from '../../../src/kafka/protocol/api-request';
import type { NewTopic } from '../../../src/kafka/protocol/requests/topics';
import { WireReader, WireWriter } from '../../../src/kafka/protocol/wire';

export interface FakeCluster {
  client: Pick<AdminClient, 'use'>;
  /** The names of the requests that it received; a validation is "CreateTopics?". */
  calls: string[];
  topics: Set<string>;
  created: NewTopic[];
}

interface FakeOptions {
  /** What the next uses of the client throw. */
  fail?: unknown[];
  /** What happens to the next requests to create a topic: Kafka's error code, or an error without an answer. */
  creation?: Record<string, Array<number | Error>>;
}

/** One broker that knows topics by their names: the answers are data, nothing is sent. */
export function fakeCluster(names: string[], { fail = [], creation = {} }: FakeOptions = {}): FakeCluster {
  const topics = new Set(names);
  const calls: string[] = [];
  const created: NewTopic[] = [];
  const partitions = [
    { errorCode: 0, partition: 0, leader: 0, replicas: [0], isr: [0], offlineReplicas: [] },
  ];
  const answers: Record<string, (body: WireReader) => unknown> = {
    Metadata(body) {
      const asked = isNull(body) ? [...topics] : body.array(() => body.string());
      const found = asked.map((name) => ({
        ...{ name, internal: false },
        ...(topics.has(name) ? { errorCode: 0, partitions } : { errorCode: 3, partitions: [] }),
      }));
      return { clusterId: 'fake', brokers: [{ id: 0, host: 'fake', port: 1, rack: null }], topics: found };
    },
    DescribeConfigs: (body) =>
      body.array(() => {
        body.int8();
        const name = body.string();
        body.array(() => body.string());
        return { errorCode: 0, name, configs: [] };
      }),
    DescribeLogDirs: () => ({ errorCode: 0, dirs: [] }),
    DeleteTopics: (body) => body.array(() => ({ topic: body.string(), errorCode: 0 })),
  };
  const create = (body: WireReader): unknown => {
    const [topic] = newTopics(body);
    body.int32();
    const validateOnly = body.boolean();
    calls.push(validateOnly ? 'CreateTopics?' : 'CreateTopics');
    const next = validateOnly ? 0 : (creation[topic?.topic ?? '']?.shift() ?? 0);
    if (next instanceof Error) {
      // The answer is lost, the topic is there.
      topics.add(topic?.topic ?? '');
      throw next;
    }
    if (next === 0 && !validateOnly && topic) {
      created.push(topic);
      topics.add(topic.topic);
    }
    return [{ topic: topic?.topic, errorCode: next }];
  };
  const send = async <Answer>(request: ApiRequest<Answer>, onRequest?: (key: number) => void) => {
    const body = new WireWriter();
    request.encode(body, request.versions[1]);
    const reader = new WireReader(body.bytes());
    if (request.name === 'CreateTopics') {
      onRequest?.(request.key);
      return create(reader) as Answer;
    }
    calls.push(request.name);
    return answers[request.name]?.(reader) as Answer;
  };
  const client: Pick<AdminClient, 'use'> = {
    async use(run, own) {
      if (fail.length > 0) throw fail.shift();
      const requests = {
        brokers: async () => [0],
        send: (request: ApiRequest<unknown>) => send(request, own?.onRequest),
      };
      return run(requests as unknown as BrokerRequests);
    },
  };
  return { client, calls, topics, created };
}

/** Whether the list of a request is null: all. */
function isNull(body: WireReader): boolean {
  const { bytes } = body as unknown as { bytes: Buffer };
  return bytes.readInt32BE(0) === -1;
}

function newTopics(body: WireReader): NewTopic[] {
  return body.array(() => {
    const topic = body.string();
    const [partitions, replicationFactor] = [body.int32(), body.int16()];
    const replicas = body.array(() => {
      body.int32();
      return body.array(() => body.int32());
    });
    const configs = Object.fromEntries(body.array(() => [body.string(), body.string()]));
    return { topic, partitions, replicationFactor, ...(replicas.length > 0 ? { replicas } : {}), configs };
  });
}
