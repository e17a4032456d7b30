import type { AnswerError, ApiRequest } from '../api-request';

export interface Fetched extends AnswerError {
  highWatermark: bigint;
  /** The transactions in these records that were aborted, by their first offsets. */
  aborted: Array<{ producerId: bigint; firstOffset: bigint }>;
  /** Record batches; the last one may be cut. */
  batches: Buffer;
}

export interface FetchOptions {
  topic: string;
  partition: number;
  offset: bigint;
  /** At most this many bytes, but one batch in any case. */
  maxBytes: number;
  /** Only up to the first record of an open transaction. */
  committed: boolean;
}

const waitMs = 500;

/** Record batches from an offset on, of a partition that the asked broker leads; no consumer group takes part. */
export const fetchRecords = ({
  topic,
  partition,
  offset,
  maxBytes,
  committed,
}: FetchOptions): ApiRequest<Fetched> => ({
  ...{ key: 1, name: 'Fetch', versions: [11, 11], since: '2.3' },
  encode(body) {
    body.int32(-1).int32(waitMs).int32(1).int32(maxBytes);
    body.int8(committed ? 1 : 0);
    // Without a session.
    body.int32(0).int32(-1);
    body.array([topic], (name) => {
      body.string(name);
      body.array([partition], (id) => body.int32(id).int32(-1).int64(offset).int64(-1n).int32(maxBytes));
    });
    body.array([], () => {}).string('');
  },
  decode(body) {
    body.int32();
    const errorCode = body.int16();
    body.int32();
    const topics = body.array(() => {
      body.string();
      return body.array(() => {
        body.int32();
        const partitionError = body.int16();
        const highWatermark = body.int64();
        body.int64();
        body.int64();
        const aborted = body.array(() => ({ producerId: body.int64(), firstOffset: body.int64() }));
        body.int32();
        return { errorCode: partitionError, highWatermark, aborted, batches: body.data() };
      });
    });
    const none = { errorCode, highWatermark: -1n, aborted: [], batches: Buffer.alloc(0) };
    return errorCode === 0 ? (topics.flat()[0] ?? none) : none;
  },
});
