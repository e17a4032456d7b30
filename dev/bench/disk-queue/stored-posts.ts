import { readFileSync } from 'node:fs';
import { type RecordFields, toRecord } from '../../../src/kafka/delivery/record/record';
import { originOf } from '../../../src/kafka/delivery/record/stored-message';
import { encodeRecord } from '../../../src/kafka/delivery/record/stored-record';
import { DiskLog } from '../../../src/kafka/disk-queue/disk-log';
import { writePosts } from '../posts';

/** The fields of posts in turn: each one's text with a key of its own. @param file path for the posts */
export function postFields(file: string): () => RecordFields {
  const values = readFileSync(writePosts(file).file, 'utf8').trim().split('\n');
  let next = 0;
  return () => ({ value: values[next % values.length], key: String(next++) });
}

const diskLimit = 8_000_000_000;

/** Fills a queue's folder, as a node that was stopped in an outage does. @returns how many records */
export async function fillQueue(
  folder: string,
  topic: string,
  bytes: number,
  nextFields: () => RecordFields,
): Promise<number> {
  const problems: string[] = [];
  const log = new DiskLog({
    folder,
    limit: diskLimit,
    syncIntervalMs: 0,
    onProblem: ({ message }) => problems.push(message),
    onChange: () => {},
  });
  await log.open(() => {});
  let records = 0;
  while (log.stats.fileBytes < bytes && problems.length === 0) {
    for (let count = 0; count < 500; count++) {
      const fields = nextFields();
      const record = toRecord(fields, Date.now());
      const origin = originOf(fields, String(records));
      log.append(encodeRecord({ topic, record, acceptedAt: Date.now(), ...origin }), () => {});
      records++;
    }
    await log.flush();
  }
  await log.close(60_000);
  if (problems.length > 0) throw new Error(problems[0]);
  return records;
}
