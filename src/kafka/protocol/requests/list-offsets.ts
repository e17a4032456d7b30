import type { AnswerError, ApiRequest } from '../api-request';

/** Asks for these instead of a time. */
export const offsetTimes = { latest: -1n, earliest: -2n, newest: -3n } as const;

export interface OffsetQuery {
  topic: string;
  partitions: number[];
}

export interface FoundOffset extends AnswerError {
  topic: string;
  partition: number;
  /** Of the record that was found, epoch ms; -1: none. */
  timestamp: bigint;
  /** -1: no such record. */
  offset: bigint;
}

/**
 * Offsets of the partitions that the asked broker leads.
 * @param time epoch ms: of the first record at or after it; or one of `offsetTimes`
 * @param committed only up to the first record of an open transaction
 */
export const listOffsets = (
  topics: OffsetQuery[],
  time: bigint,
  committed = false,
): ApiRequest<FoundOffset[]> => ({
  ...{ key: 2, name: 'ListOffsets', flexibleFrom: 6 },
  // Version 7 has the newest record.
  ...(time === offsetTimes.newest
    ? { versions: [7, 7] as const, since: '3.0' }
    : { versions: [3, 7] as const, since: '2.0' }),
  encode(body, version) {
    body.int32(-1).int8(committed ? 1 : 0);
    body.array(topics, ({ topic, partitions }) => {
      body.string(topic);
      body.array(partitions, (partition) => {
        body.int32(partition);
        if (version >= 4) body.int32(-1);
        body.int64(time).end();
      });
      body.end();
    });
    body.end();
  },
  decode(body, version) {
    body.int32();
    return body
      .array(() => {
        const topic = body.string();
        const partitions = body.array(() => {
          const found = {
            topic,
            partition: body.int32(),
            errorCode: body.int16(),
            timestamp: body.int64(),
            offset: body.int64(),
          };
          if (version >= 4) body.int32();
          body.end();
          return found;
        });
        body.end();
        return partitions;
      })
      .flat();
  },
});
