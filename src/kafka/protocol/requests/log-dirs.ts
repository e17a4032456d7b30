import type { AnswerError, ApiRequest } from '../api-request';

/** A log directory of a broker. */
export interface LogDir extends AnswerError {
  path: string;
  /** Size and free space of its volume, bytes; undefined before Kafka 3.3, -1: not known. */
  total?: bigint;
  free?: bigint;
  topics: Array<{ name: string; partitions: Array<{ partition: number; size: bigint; future: boolean }> }>;
}

export interface LogDirs extends AnswerError {
  dirs: LogDir[];
}

/** The log directories of the broker that is asked. */
export const describeLogDirs = (): ApiRequest<LogDirs> => ({
  ...{ key: 35, name: 'DescribeLogDirs', versions: [3, 4], flexibleFrom: 2, since: '3.2' },
  encode(body) {
    body.array(null, () => {}).end();
  },
  decode(body, version) {
    body.int32();
    const errorCode = body.int16();
    const dirs = body.array(() => {
      const dir: LogDir = { errorCode: body.int16(), path: body.string(), topics: [] };
      dir.topics = body.array(() => {
        const name = body.string();
        const partitions = body.array(() => {
          const partition = body.int32();
          const size = body.int64();
          body.int64();
          const future = body.boolean();
          body.end();
          return { partition, size, future };
        });
        body.end();
        return { name, partitions };
      });
      if (version >= 4) {
        dir.total = body.int64();
        dir.free = body.int64();
      }
      body.end();
      return dir;
    });
    return { errorCode, dirs };
  },
});
