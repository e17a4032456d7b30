import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../figures';
import { createTopics } from '../topics';
import { type LogSpeed, logSpeed } from './log-speed';
import { type Drained, drainSpeeds, type ModeSpeed, modeSpeeds } from './outbox-speed';
import { type SlowDisk, slowDisk } from './slow-disk';
import { type Started, startWithQueue } from './start';
import { fillQueue, postFields } from './stored-posts';

/** How much to measure. */
export interface Size {
  logRounds: number;
  /** Groups of 100 records of 5 KB; of 600 B ten times as many. */
  logGroups: number;
  modeRounds: number;
  modeRecords: number;
  drainRounds: number;
  drainBytes: number;
  startBytes: number;
  /** Starts without a queue, whose median is compared. */
  emptyStarts: number;
  slowSeconds: number;
}

/** The size for docs/bench.md. */
export const fullSize: Size = {
  logRounds: 11,
  logGroups: 200,
  modeRounds: 21,
  modeRecords: 20_000,
  drainRounds: 5,
  drainBytes: 250_000_000,
  startBytes: 1_000_000_000,
  emptyStarts: 3,
  slowSeconds: 20,
};

/** A process that started with a queue, beside one that started without. */
export interface Start {
  records: number;
  bytes: number;
  full: Started;
  /** Medians. */
  empty: Started;
}

export interface DiskQueueResult {
  dir: string;
  log: Array<{ recordBytes: number; speeds: LogSpeed[]; profile: string }>;
  modes: { disk: ModeSpeed[]; 'write-ahead': ModeSpeed[] };
  drain: Drained;
  /** Kafka cannot be reached, or takes everything. */
  starts: { outage: Start; drain: Start };
  slow: { disk: SlowDisk; 'write-ahead': SlowDisk };
}

export interface Bench {
  brokers: string;
  size: Size;
  progress: (line: string) => void;
}

const partitions = 6;
const slowPerSecond = 500;
// As many records as possible: without media and long texts.
const smallValueBytes = 560;

/** Measures the disk queue, alone and in an outbox. */
export async function benchDiskQueue({ brokers, size, progress }: Bench): Promise<DiskQueueResult> {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-disk-queue-'));
  try {
    const nextFields = postFields(join(dir, 'posts.jsonl'));
    const topic = `bench-${Date.now().toString(36)}`;
    await createTopics(brokers, [{ id: '', topic, partitions, idempotent: true, value: 'raw' }]);
    const place = { brokers, topic, dir, nextFields };
    progress('The log beside plain appends');
    const log = [];
    for (const [recordBytes, factor] of [
      [5000, 1],
      [600, 5],
    ] as const) {
      const measured = await logSpeed(dir, recordBytes, size.logGroups * factor, size.logRounds);
      log.push({ recordBytes, ...measured });
    }
    progress('A disk whose syncs take 50 ms');
    const slowOf = (mode: 'disk' | 'write-ahead'): Promise<SlowDisk> =>
      slowDisk(dir, mode, nextFields, slowPerSecond, size.slowSeconds);
    const slow = { disk: await slowOf('disk'), 'write-ahead': await slowOf('write-ahead') };
    progress('Modes memory, disk and write-ahead');
    const speedsOf = (mode: 'disk' | 'write-ahead'): Promise<ModeSpeed[]> =>
      modeSpeeds(place, mode, size.modeRecords, size.modeRounds);
    const modes = { disk: await speedsOf('disk'), 'write-ahead': await speedsOf('write-ahead') };
    progress('Drain with new records behind');
    const drain = await drainSpeeds(place, size.drainBytes, size.drainRounds);
    progress('Start with a full queue');
    const starts = {
      outage: await start(dir, '127.0.0.1:1', topic, size, false),
      drain: await start(dir, brokers, topic, size, true),
    };
    return { dir, log, modes, drain, starts, slow };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function start(
  dir: string,
  brokers: string,
  topic: string,
  { startBytes: bytes, emptyStarts }: Size,
  drain: boolean,
): Promise<Start> {
  const value = 'x'.repeat(smallValueBytes);
  const folder = join(dir, `start-${drain ? 'drain' : 'outage'}`);
  let next = 0;
  const records = await fillQueue(folder, topic, bytes, () => ({ value, key: String(next++) }));
  const task = {
    brokers,
    topic,
    diskLimit: Math.max(bytes * 2, 64_000_000),
    valueBytes: smallValueBytes,
    drain,
    newRecords: 3000,
  };
  const starts: Started[] = [];
  for (let count = 0; count < emptyStarts; count++) {
    starts.push(
      await startWithQueue({ ...task, folder: join(dir, `start-empty-${drain}-${count}`), records: 0 }),
    );
  }
  const medianOf = (what: keyof Started): number => median(starts.map((one) => one[what]));
  const empty: Started = {
    acceptedMs: medianOf('acceptedMs'),
    safeMs: medianOf('safeMs'),
    scannedMs: medianOf('scannedMs'),
    doneMs: medianOf('doneMs'),
    peakBytes: medianOf('peakBytes'),
  };
  const full = await startWithQueue({ ...task, folder, records });
  rmSync(folder, { recursive: true, force: true });
  return { records, bytes, full, empty };
}
