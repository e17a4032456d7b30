import type { AnswerError, ApiRequest } from '../api-request';

export interface CommittedOffset extends AnswerError {
  topic: string;
  partition: number;
  /** -1: none. */
  offset: bigint;
}

/** All that a group has committed, asked at its coordinator. */
export const fetchOffsets = (group: string): ApiRequest<AnswerError & { offsets: CommittedOffset[] }> => ({
  ...{ key: 9, name: 'OffsetFetch', versions: [5, 5], since: '2.1' },
  encode(body) {
    body.string(group).array(null, () => {});
  },
  decode(body) {
    body.int32();
    const offsets = body.array(() => {
      const topic = body.string();
      return body.array(() => {
        const [partition, offset] = [body.int32(), body.int64()];
        body.int32();
        body.nullableString();
        return { topic, partition, offset, errorCode: body.int16() };
      });
    });
    return { errorCode: body.int16(), offsets: offsets.flat() };
  },
});
