import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs';

/** A record of a topic, with its exact bytes. */
export interface TopicRecord {
  partition: number;
  offset: number;
  /** Epoch milliseconds. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  /** In order; a name can occur more than once. */
  headers: [name: string, value: Buffer | null][];
}

export type Reader = (brokers: string, topic: string, deadline: number) => Promise<TopicRecord[]>;

const hasKcat = spawnSync('kcat', ['-V']).status === 0;

/** The client of `readTopic`: kcat (librdkafka) if installed, otherwise kafkajs. */
export const readerName = hasKcat ? 'kcat' : 'kafkajs';

/**
 * Reads all records of a topic, ordered by partition and offset, once there are at least `count`.
 * @throws if there are fewer after `timeoutMs`
 */
export async function readTopic(
  brokers: string,
  topic: string,
  count: number,
  timeoutMs = 30_000,
  read: Reader = hasKcat ? readWithKcat : readWithKafkajs,
): Promise<TopicRecord[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const records = await read(brokers, topic, deadline);
    if (records.length >= count) {
      return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
    }
    if (Date.now() > deadline) {
      throw new Error(`Topic ${topic} has ${records.length} of ${count} records after ${timeoutMs} ms.`);
    }
    await wait(100);
  }
}

/** Reads all partitions up to their current end. */
export async function readWithKcat(brokers: string, topic: string, deadline: number): Promise<TopicRecord[]> {
  const args = ['-C', '-b', brokers, '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const child = spawn('kcat', [...args, '-X', 'fetch.wait.max.ms=20'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: Math.max(deadline - Date.now(), 1),
  });
  const chunks: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`kcat could not read topic ${topic}: ${errors.trim() || 'timed out'}`);
  // kcat escapes control characters and copies all other bytes; as Latin-1, each character is one byte.
  const lines = Buffer.concat(chunks).toString('latin1').split('\n').filter(Boolean);
  return lines.map((line) => recordOf(JSON.parse(line)));
}

interface KcatRecord {
  partition: number;
  offset: number;
  ts: number;
  key: string | null;
  payload: string | null;
  /** name, value, name, value, … */
  headers?: Array<string | null>;
}

function recordOf({ partition, offset, ts, key, payload, headers = [] }: KcatRecord): TopicRecord {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const pairs = Array.from({ length: headers.length / 2 }, (_, i): [string, Buffer | null] => {
    const value = headers[2 * i + 1] ?? null;
    return [bytes(headers[2 * i] ?? '').toString(), value === null ? null : bytes(value)];
  });
  return {
    partition,
    offset,
    timestamp: ts,
    key: key === null ? null : bytes(key),
    value: payload === null ? null : bytes(payload),
    headers: pairs,
  };
}

/** The same with a kafkajs consumer in a new group. */
export async function readWithKafkajs(
  brokers: string,
  topic: string,
  deadline: number,
): Promise<TopicRecord[]> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic).finally(() => admin.disconnect());
  const remaining = new Map(
    ends
      .filter(({ high, low }) => Number(high) > Number(low))
      .map(({ partition, high }) => [partition, Number(high)]),
  );
  const records: TopicRecord[] = [];
  if (remaining.size === 0) return records;
  const consumer = kafka.consumer({ groupId: `read-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        records.push(fromKafkajs(partition, message));
        if (Number(message.offset) + 1 >= (remaining.get(partition) ?? 0)) remaining.delete(partition);
      },
    });
    while (remaining.size > 0 && Date.now() < deadline) await wait(20);
  } finally {
    await consumer.disconnect();
  }
  return records;
}

function fromKafkajs(partition: number, message: KafkaMessage): TopicRecord {
  const headers = Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one): [string, Buffer | null] => {
      const bytes = one ?? null;
      return [name, bytes === null ? null : Buffer.from(bytes)];
    }),
  );
  return {
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers,
  };
}
