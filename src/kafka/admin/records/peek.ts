import { isUtf8 } from 'node:buffer';
import { Problem } from '../../../util/problem';
import type { BrokerRequests } from '../../connection/broker-requests';
import type { BatchRecord } from '../../protocol/record-batch';
import { endsOf, offsetsAt, sinceOf } from '../offsets/list-offsets';
import type { OptionsOf } from '../operations';
import { partitionsNamed } from '../topics/delete-records';
import { type TopicMetadata, topicsNamed } from '../topics/topic-metadata';
import { readPartition } from './read-partition';

/** The answer of `records.peek`. Offsets are decimal. */
export interface Peeked {
  topic: string;
  records: PeekedRecord[];
  /** `earliest` and `latest` as they were at the begin; `next` is where to go on. */
  partitions: Array<{ partition: number; earliest: string; latest: string; next: string }>;
  /** Why it stopped. */
  stopped: 'end' | 'limit' | 'bytes' | 'time';
}

export interface PeekedRecord {
  partition: number;
  offset: string;
  /** Epoch ms. */
  timestamp: number;
  key: unknown;
  /** null: a tombstone. */
  value: unknown;
  /** One that comes several times is a list. */
  headers: Record<string, unknown>;
  /** Of key, value and headers. */
  bytes: number;
}

type Options = OptionsOf<'records.peek'>;

interface Range {
  partition: number;
  leader: number;
  earliest: bigint;
  latest: bigint;
  from: bigint;
  next: bigint;
}

/** Left of the time limit for the answer, ms. */
const spareMs = 1000;

/**
 * Reads records of a topic without a consumer group, up to the ends as they are now.
 * @param deadline `performance.now()` at the time limit; shortly before it, what is there is the answer
 * @throws Problem "topic-not-found", "not-authorized", "partition-not-found", "offset-out-of-range" or "batch-unreadable"
 */
export async function peekRecords(
  requests: BrokerRequests,
  name: string,
  options: Options,
  deadline: number,
): Promise<Peeked> {
  const [topic] = (await topicsNamed(requests, [name])) as [TopicMetadata];
  const ranges = await rangesOf(requests, topic, options);
  const reading = new Reading(requests, name, options, deadline - spareMs);
  const found =
    options.last === undefined ? await reading.forward(ranges) : await reading.newest(ranges, options.last);
  return {
    topic: name,
    records: found.map(([partition, record]) => shown(partition, record, options.format)),
    partitions: ranges.map(({ partition, earliest, latest, next }) => ({
      ...{ partition, earliest: String(earliest), latest: String(latest), next: String(next) },
    })),
    stopped: reading.stopped,
  };
}

async function rangesOf(
  requests: BrokerRequests,
  topic: TopicMetadata,
  { partitions: only, offset, offsets, time, age, isolation }: Options,
): Promise<Range[]> {
  const ids = only ?? (offsets ? [...offsets.keys()] : topic.partitions.map(({ partition }) => partition));
  const chosen = { ...topic, partitions: partitionsNamed(topic, ids) };
  const since = sinceOf({ time, age });
  const [ends, atTime] = await Promise.all([
    endsOf(requests, [chosen], isolation === 'committed'),
    since === undefined ? undefined : offsetsAt(requests, [chosen], BigInt(since)),
  ]);
  return chosen.partitions.map(({ partition, leader }) => {
    const key = `${topic.name}/${partition}`;
    const { first, end } = ends(key);
    const found = atTime?.get(key)?.offset;
    const wanted = offsets?.get(partition) ?? offset ?? first;
    if (wanted > end) {
      const params = { offset: String(wanted), topic: topic.name, partition, latest: String(end) };
      throw new Problem('offset-out-of-range', params);
    }
    // No record since then: there is nothing to read.
    const start = found === undefined ? wanted : found < 0n ? end : found;
    const from = start < first ? first : start > end ? end : start;
    return { partition, leader, earliest: first, latest: end, from, next: from };
  });
}

type Found = Array<[partition: number, record: BatchRecord]>;

class Reading {
  stopped: Peeked['stopped'] = 'end';
  private bytes = 0;

  constructor(
    private readonly requests: BrokerRequests,
    private readonly topic: string,
    private readonly options: Options,
    private readonly deadline: number,
  ) {}

  /** Partition by partition. */
  async forward(ranges: Range[]): Promise<Found> {
    const found: Found = [];
    for (const range of ranges) {
      for await (const { records, next } of this.read(range, range.from, range.latest)) {
        for (const record of records) {
          if (this.isOver(found.length, record)) return found;
          this.bytes += record.bytes;
          found.push([range.partition, record]);
          range.next = record.offset + 1n;
        }
        range.next = next;
        if (this.isLate()) return found;
      }
    }
    return found;
  }

  /** The newest of all partitions together: each is read backwards until it has enough. */
  async newest(ranges: Range[], count: number): Promise<Found> {
    const found: Found = [];
    for (const range of ranges) {
      range.next = range.latest;
      let begin = range.latest;
      let own: BatchRecord[] = [];
      for (let step = BigInt(count); begin > range.from && own.length < count; step *= 2n) {
        const from = begin - step > range.from ? begin - step : range.from;
        const part: BatchRecord[] = [];
        for await (const { records } of this.read(range, from, begin)) {
          part.push(...records);
          // Of these only the last ones can count.
          if (part.length > count) part.splice(0, part.length - count);
          if (this.isLate()) break;
        }
        own = [...part, ...own].slice(-count);
        begin = from;
        if (this.isLate()) break;
      }
      found.push(...own.map((record): Found[number] => [range.partition, record]));
    }
    return this.within(found.sort(byTime).slice(0, count));
  }

  private read(range: Range, from: bigint, end: bigint): ReturnType<typeof readPartition> {
    const { bytes: maxBytes, isolation } = this.options;
    const place = { topic: this.topic, partition: range.partition, leader: range.leader, maxBytes };
    return readPartition(this.requests, { ...place, committed: isolation === 'committed' }, from, end);
  }

  private within(found: Found): Found {
    let bytes = 0;
    const fitting = found.findIndex(([, record]) => {
      bytes += record.bytes;
      return bytes > this.options.bytes && bytes > record.bytes;
    });
    if (fitting < 0) return found;
    this.stopped = 'bytes';
    return found.slice(0, fitting);
  }

  /** One record is returned however large it is. */
  private isOver(count: number, record: BatchRecord): boolean {
    if (count >= this.options.limit) this.stopped = 'limit';
    else if (count > 0 && this.bytes + record.bytes > this.options.bytes) this.stopped = 'bytes';
    else return false;
    return true;
  }

  private isLate(): boolean {
    if (performance.now() < this.deadline) return false;
    this.stopped = 'time';
    return true;
  }
}

const byTime = ([, one]: Found[number], [, other]: Found[number]): number => {
  if (one.timestamp !== other.timestamp) return one.timestamp > other.timestamp ? -1 : 1;
  return one.offset > other.offset ? -1 : 1;
};

function shown(partition: number, record: BatchRecord, format: string): PeekedRecord {
  const { offset, timestamp, key, value, headers, bytes } = record;
  const read = format === 'buffer' ? copied : format === 'json' ? parsed : textOf;
  return {
    ...{ partition, offset: String(offset), timestamp: Number(timestamp) },
    ...{ key: format === 'buffer' ? copied(key) : textOf(key), value: read(value) },
    headers: headersOf(headers, format === 'buffer' ? copied : textOf),
    bytes,
  };
}

type Read = (bytes: Buffer | null) => unknown;

function headersOf(headers: BatchRecord['headers'], read: Read): Record<string, unknown> {
  const values = new Map<string, unknown[]>();
  for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), read(value)]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
}

/** A copy: the bytes are part of a whole fetch. */
const copied: Read = (bytes) => bytes && Buffer.from(bytes);

const textOf: Read = (bytes) => (bytes && isUtf8(bytes) ? bytes.toString('utf8') : copied(bytes));

const parsed: Read = (bytes) => {
  const text = textOf(bytes);
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
