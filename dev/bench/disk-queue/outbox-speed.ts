import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueueMode } from '../../../src/kafka/delivery/queue/queue-host';
import type { RecordFields } from '../../../src/kafka/delivery/record/record';
import { profiled } from '../profile';
import { checkNothingOnDisk, Feed } from './feed';
import { fillQueue } from './stored-posts';

const window = 4000;
const diskLimit = 1_073_741_824;
const newPerSecond = 1000;
const drainLimitMs = 300_000;

export interface Place {
  brokers: string;
  topic: string;
  dir: string;
  nextFields: () => RecordFields;
}

/** Acknowledged records per second. */
export interface ModeSpeed {
  memory: number;
  /** The mode that is compared with it. */
  other: number;
}

/** Compares a mode with memory in alternating rounds. */
export async function modeSpeeds(
  { brokers, topic, dir, nextFields }: Place,
  mode: QueueMode,
  records: number,
  rounds: number,
): Promise<ModeSpeed[]> {
  const folder = join(dir, mode);
  const memory = new Feed(brokers, topic, nextFields, {});
  const other = new Feed(brokers, topic, nextFields, { queue: { mode, folder, diskLimit } });
  const speeds: ModeSpeed[] = [];
  try {
    // The first rounds compile the code.
    for (let round = -2; round < rounds; round++) {
      const speed = { memory: 0, other: 0 };
      const isMemoryFirst = round % 2 === 0;
      if (isMemoryFirst) speed.memory = await memory.run(records, window);
      speed.other = await other.run(records, window);
      // What it has left on disk is removed meanwhile.
      if (mode === 'write-ahead') await sleep(1500);
      else checkNothingOnDisk(folder);
      if (!isMemoryFirst) speed.memory = await memory.run(records, window);
      if (round >= 0) speeds.push(speed);
    }
  } finally {
    await memory.end();
    await other.end();
  }
  return speeds;
}

export interface Drained {
  /** Records per second. */
  speeds: Array<{ drain: number; own: number }>;
  /** Of the drain. */
  profile: string;
}

/** Records per second from disk, with 1,000 new ones per second behind them, and of the same outbox in memory. */
export async function drainSpeeds(
  { brokers, topic, dir, nextFields }: Place,
  bytes: number,
  rounds: number,
): Promise<Drained> {
  const speeds: Drained['speeds'] = [];
  const newFeed = (folder: string): Feed =>
    new Feed(brokers, topic, nextFields, { queue: { mode: 'disk', folder, diskLimit } });
  for (let round = 0; round <= rounds; round++) {
    const folder = join(dir, `drain-${round}`);
    const records = await fillQueue(folder, topic, bytes, nextFields);
    const memory = new Feed(brokers, topic, nextFields, {});
    await memory.run(1000, window);
    const own = await memory.run(records, window);
    await memory.end();
    const drain = await drainOnce(newFeed(folder), records);
    checkNothingOnDisk(folder);
    if (round > 0) speeds.push({ drain, own });
  }
  const folder = join(dir, 'drain-profile');
  const records = await fillQueue(folder, topic, bytes, nextFields);
  const { profile } = await profiled(() => drainOnce(newFeed(folder), records));
  return { speeds, profile };
}

async function drainOnce(feed: Feed, records: number): Promise<number> {
  const started = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * newPerSecond;
    for (; sent < due; sent++) feed.accept();
  }, 10);
  try {
    let begin = 0;
    let first = 0;
    while (feed.delivered < records) {
      if (begin === 0 && feed.delivered > 0) {
        begin = performance.now();
        first = feed.delivered;
      }
      if (performance.now() - started > drainLimitMs) throw new Error('The queue was not drained in time.');
      feed.check();
      await sleep(5);
    }
    return ((feed.delivered - first) / (performance.now() - begin)) * 1000;
  } finally {
    clearInterval(timer);
    await feed.outbox.flush();
    await feed.end();
  }
}
