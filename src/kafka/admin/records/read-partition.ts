import { Problem } from '../../../util/problem';
import { decompressRecords } from '../../compression/decompress';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { type BatchRecord, type RecordBatch, readBatches, readRecords } from '../../protocol/record-batch';
import { type Fetched, fetchRecords } from '../../protocol/requests/fetch';
import { isDenied, notAuthorized } from '../not-authorized';

/** A partition, and how it is read. */
export interface PartitionToRead {
  topic: string;
  partition: number;
  /** The broker that leads it. */
  leader: number;
  /** Only records of transactions that are committed. */
  committed: boolean;
  /** Of a fetch; one batch in any case. */
  maxBytes: number;
}

/** Some records of a partition, in order, without control records and those of aborted transactions. */
export interface ReadRecords {
  records: BatchRecord[];
  /** The offset after the last one that was looked at. */
  next: bigint;
}

const abortMarker = 0;
/** A fetch without a record, before the end: only offsets that compaction has removed are left. */
const maxEmptyFetches = 2;

/**
 * Reads the batches of a partition from an offset on.
 * @param end the offset before which it stops
 * @returns the records of each fetch
 */
export async function* readPartition(
  requests: BrokerRequests,
  place: PartitionToRead,
  from: bigint,
  end: bigint,
): AsyncGenerator<ReadRecords> {
  let offset = from;
  let empty = 0;
  while (offset < end) {
    const answer = await requests.send(fetchRecords({ ...place, offset }), place.leader);
    if (isDenied(answer.errorCode)) throw notAuthorized('Read', 'topic', place.topic);
    if (answer.errorCode !== 0) throw answerError(answer.errorCode);
    const { records, next } = await recordsOf(answer, place, offset, end);
    empty = next > offset ? 0 : empty + 1;
    if (empty >= maxEmptyFetches) {
      yield { records: [], next: end };
      return;
    }
    offset = next;
    if (records.length > 0 || next >= end) yield { records, next };
  }
}

async function recordsOf(
  { batches: bytes, aborted }: Fetched,
  place: PartitionToRead,
  offset: bigint,
  end: bigint,
): Promise<ReadRecords> {
  const records: BatchRecord[] = [];
  const transactions = new AbortedTransactions(place.committed ? aborted : []);
  let next = offset;
  for (const batch of readBatches(bytes)) {
    if (batch.baseOffset >= end) return { records, next: end };
    next = batch.lastOffset + 1n;
    const isAborted = transactions.includes(batch);
    if (batch.isControl) {
      if (markerOf(batch) === abortMarker) transactions.ended(batch.producerId);
    } else if (!isAborted) {
      const all = await unpacked(batch, place);
      records.push(...all.filter((record) => record.offset >= offset && record.offset < end));
    }
  }
  return { records, next: next < end ? next : end };
}

/** The transactions of a fetch that were aborted, as far as the batches have been read. */
class AbortedTransactions {
  private readonly left: Fetched['aborted'];
  private readonly producers = new Set<bigint>();

  constructor(aborted: Fetched['aborted']) {
    this.left = [...aborted].sort((one, other) => (one.firstOffset < other.firstOffset ? -1 : 1));
  }

  includes({ producerId, isTransactional, lastOffset }: RecordBatch): boolean {
    while (this.left[0] && this.left[0].firstOffset <= lastOffset) {
      this.producers.add(this.left[0].producerId);
      this.left.shift();
    }
    return isTransactional && this.producers.has(producerId);
  }

  ended(producerId: bigint): void {
    this.producers.delete(producerId);
  }
}

/** Of a control batch: 0 ends an aborted transaction, 1 a committed one. Its one record has version and type as its key. */
function markerOf(batch: RecordBatch): number | undefined {
  const [marker] = readRecords(batch, batch.data);
  return marker?.key && marker.key.length >= 4 ? marker.key.readInt16BE(2) : undefined;
}

async function unpacked(batch: RecordBatch, { topic, partition }: PartitionToRead): Promise<BatchRecord[]> {
  try {
    return readRecords(batch, await decompressRecords(batch.compression, batch.data));
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { message } = error as Error;
    throw new Problem('batch-unreadable', {
      topic,
      partition,
      offset: String(batch.baseOffset),
      cause: message,
    });
  }
}
