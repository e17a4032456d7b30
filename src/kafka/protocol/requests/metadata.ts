import type { AnswerError, ApiRequest } from '../api-request';

export interface ClusterMetadata {
  clusterId: string | null;
  /** Id of the controller; under KRaft of any broker. */
  controller: number;
  brokers: Array<{ id: number; host: string; port: number; rack: string | null }>;
  topics: Array<AnswerError & { name: string; internal: boolean; partitions: PartitionMetadata[] }>;
}

export interface PartitionMetadata extends AnswerError {
  partition: number;
  /** Id of the leader; -1: none. */
  leader: number;
  replicas: number[];
  isr: number[];
  offlineReplicas: number[];
}

/** The brokers and topics of a cluster, as one broker knows them. @param topics null: all that the user may see */
export const metadata = (topics: string[] | null): ApiRequest<ClusterMetadata> => ({
  ...{ key: 3, name: 'Metadata', versions: [5, 5], since: '1.0' },
  encode(body) {
    body.array(topics, (topic) => body.string(topic));
    // Describing a topic must not create it.
    body.boolean(false);
  },
  decode(body) {
    body.int32();
    const brokers = body.array(() => ({
      id: body.int32(),
      host: body.string(),
      port: body.int32(),
      rack: body.nullableString(),
    }));
    const clusterId = body.nullableString();
    const controller = body.int32();
    const found = body.array(() => ({
      errorCode: body.int16(),
      name: body.string(),
      internal: body.boolean(),
      partitions: body.array(() => ({
        errorCode: body.int16(),
        partition: body.int32(),
        leader: body.int32(),
        replicas: body.array(() => body.int32()),
        isr: body.array(() => body.int32()),
        offlineReplicas: body.array(() => body.int32()),
      })),
    }));
    return { clusterId, controller, brokers, topics: found };
  },
});
