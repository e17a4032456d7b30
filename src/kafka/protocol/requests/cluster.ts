import type { AnswerError, ApiRequest } from '../api-request';

export interface Features extends AnswerError {
  /** The highest level of each feature that the broker supports. */
  supported: Record<string, number>;
  /** The level of each feature that the cluster uses. */
  finalized: Record<string, number>;
}

/** The features of the broker that is asked. Its answer has a header without tagged fields. */
export const apiVersions = (): ApiRequest<Features> => ({
  ...{ key: 18, name: 'ApiVersions', versions: [3, 3], flexibleFrom: 3, since: '2.4' },
  encode(body) {
    body.string('node-red-twitter-kafka').string('1').end();
  },
  decode(body) {
    const errorCode = body.int16();
    body.array(() => {
      body.int16();
      body.int16();
      body.int16();
      body.end();
    });
    body.int32();
    const features: Features = { errorCode, supported: {}, finalized: {} };
    body.end((tag, field) => {
      if (tag !== 0 && tag !== 2) return;
      const levels = field.array(() => {
        const name = field.string();
        const [first, second] = [field.int16(), field.int16()];
        field.end();
        // Of a supported feature the highest level is the second, of a finalized one the first.
        return [name, tag === 0 ? second : first] as const;
      });
      features[tag === 0 ? 'supported' : 'finalized'] = Object.fromEntries(levels);
    });
    return features;
  },
});

export interface Quorum extends AnswerError {
  /** Id of the active controller. */
  leader: number;
  voters: number[];
  observers: number[];
}

/** The controllers of a KRaft cluster. */
export const describeQuorum = (): ApiRequest<Quorum> => ({
  ...{ key: 55, name: 'DescribeQuorum', versions: [0, 0], flexibleFrom: 0, since: '3.3' },
  encode(body) {
    body.array(['__cluster_metadata'], (topic) => {
      body.string(topic);
      body.array([0], (partition) => body.int32(partition).end());
      body.end();
    });
    body.end();
  },
  decode(body) {
    const errorCode = body.int16();
    const replicas = (): number[] =>
      body.array(() => {
        const id = body.int32();
        body.int64();
        body.end();
        return id;
      });
    const quorums = body.array(() => {
      body.string();
      const partitions = body.array(() => {
        body.int32();
        const partitionError = body.int16();
        const leader = body.int32();
        body.int32();
        body.int64();
        const [voters, observers] = [replicas(), replicas()];
        body.end();
        return { errorCode: partitionError, leader, voters, observers };
      });
      body.end();
      return partitions;
    });
    const none = { errorCode, leader: -1, voters: [], observers: [] };
    return errorCode === 0 ? (quorums.flat()[0] ?? none) : none;
  },
});
