import type { AnswerError, ApiRequest } from '../api-request';

export interface NewTopic {
  topic: string;
  /** -1: the broker's default, as for `replicationFactor`; both where `replicas` is given. */
  partitions: number;
  replicationFactor: number;
  /** The brokers of each partition. */
  replicas?: number[][];
  configs: Record<string, string>;
}

export type TopicResult = AnswerError & { topic: string };

/** Creates topics. @param validateOnly the broker checks the request, and creates nothing */
export const createTopics = (topics: NewTopic[], validateOnly: boolean): ApiRequest<TopicResult[]> => ({
  ...{ key: 19, name: 'CreateTopics', versions: [4, 4], since: '2.4' },
  encode(body) {
    body.array(topics, ({ topic, partitions, replicationFactor, replicas = [], configs }) => {
      const counts = replicas.length > 0 ? [-1, -1] : [partitions, replicationFactor];
      body
        .string(topic)
        .int32(counts[0] as number)
        .int16(counts[1] as number);
      body.array([...replicas.entries()], ([partition, brokers]) => {
        body.int32(partition).array(brokers, (broker) => body.int32(broker));
      });
      body.array(Object.entries(configs), ([name, value]) => body.string(name).string(value));
    });
    body.int32(answerLimitMs).boolean(validateOnly);
  },
  decode(body) {
    body.int32();
    return body.array(() => ({
      topic: body.string(),
      errorCode: body.int16(),
      errorMessage: body.nullableString(),
    }));
  },
});

/** Deletes topics. */
export const deleteTopics = (topics: string[]): ApiRequest<TopicResult[]> => ({
  ...{ key: 20, name: 'DeleteTopics', versions: [3, 3], since: '2.1' },
  encode(body) {
    body.array(topics, (topic) => body.string(topic)).int32(answerLimitMs);
  },
  decode(body) {
    body.int32();
    return body.array(() => ({ topic: body.string(), errorCode: body.int16() }));
  },
});

/** How long the broker may wait for the controller. */
const answerLimitMs = 5000;
