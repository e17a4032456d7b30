import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { benchDiskQueue, type DiskQueueResult } from '../../dev/bench/disk-queue/bench';
import { diskQueueReport, fileSystemOf } from '../../dev/bench/disk-queue/report';
import { environmentLine } from '../../dev/bench/report';
import { type TestBroker, testBroker } from '../kafka-broker';

const size = {
  logRounds: 1,
  logGroups: 2,
  modeRounds: 1,
  modeRecords: 100,
  drainRounds: 1,
  drainBytes: 1_000_000,
  startBytes: 1_000_000,
  emptyStarts: 1,
  slowSeconds: 6,
};

let broker: TestBroker;
let result: DiskQueueResult;

before(async () => {
  broker = await testBroker();
  // Throws if a record fails, or remains on disk where it should not.
  result = await benchDiskQueue({ brokers: broker.brokers, size, progress: () => {} });
});
after(() => broker.stop());

test('benchmark of the disk queue: one run -> every figure, no file remains', () => {
  const positive = (values: object): void => {
    for (const [name, value] of Object.entries(values)) assert.ok(value > 0, `${name}: ${value}`);
  };
  for (const { speeds } of result.log) for (const speed of speeds) positive(speed);
  for (const speed of [...result.modes.disk, ...result.modes['write-ahead'], ...result.drain.speeds])
    positive(speed);
  for (const { full, empty } of Object.values(result.starts)) {
    positive(full);
    positive(empty);
  }
  for (const slow of Object.values(result.slow)) positive(slow);
  assert.equal(existsSync(result.dir), false);
});

test('report of the disk queue: a row for each target', () => {
  const report = diskQueueReport(result, environmentLine(), fileSystemOf('/'));
  assert.match(report, /^## disk-queue\n\n\d{4}-\d\d-\d\d, Apache Kafka .*, files on \S.*\.\n/);
  const targets = report.match(
    /^\| .* \| at (least|most) [\d.,]+ \| -?[\d.,]+.* \| (met|\*\*missed\*\*) \|$/gm,
  );
  assert.equal(targets?.length, 14);
  // So short a run may have samples of a few functions only.
  const profiles = report.match(/^- (in, \d+ bytes|drain): .* [\d.]+ %$/gm);
  assert.equal(profiles?.length, 3, report);
  assert.ok(!/NaN|undefined|–/.test(report), report);
});
