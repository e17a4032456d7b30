import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { queueReport, statusReport } from '../../nodes/kafka-out/report';
import type { OutboxReport } from '../../src/kafka/delivery/outbox-report';
import { Problem } from '../../src/util/problem';
import { inWords } from './server-language';

const korean = { RED: { _: inWords('ko') } as unknown as NodeAPI };
const leaderNone = new Problem('leader-none', { topic: 'tweets' });
const onDisk = {
  records: 12,
  bytes: 6000,
  oldest: 1_569_693_923_661,
  limit: 1_024_000_000,
  free: null,
  damaged: 1,
  damagedBytes: 500,
  otherCluster: 3,
};
const queue = {
  ...onDisk,
  topics: [
    { topic: 'tweets', records: 8, cause: leaderNone },
    { topic: 'retweets', records: 4 },
  ],
};

/** An outbox with this report, and nothing on disk. */
const outboxWith = (report: OutboxReport): Parameters<typeof statusReport>[1] => ({
  report: () => report,
  queueStatus: undefined,
  queueReport: () => queue,
});

test('kafka-out report: causes -> sentences in the server’s language; no cause -> absent', () => {
  const counters = { in: 1, acked: 0, failed: 1, waiting: 0, waitingBytes: 0, retries: 0 };
  const onDisk = { restored: 0, damaged: 0, discarded: 0, onDisk: 0, diskBytes: 0, diskLimit: 0 };
  const thrown = leaderNone;
  const report = {
    ...counters,
    ...onDisk,
    state: 'failing' as const,
    paused: false,
    memoryLimit: 5,
    rate: 0,
    brokersAway: [],
    lastCause: { thrown, at: 77 },
    topics: [
      { ...counters, onDisk: 0, topic: 'tweets', state: 'failing' as const, lastCause: { thrown, at: 77 } },
      { ...counters, onDisk: 0, topic: 'retweets', state: 'connected' as const },
    ],
  };
  const status = statusReport(korean, outboxWith(report)) as Record<string, unknown> & {
    topics: Array<Record<string, unknown>>;
  };
  assert.match(String(status.lastCause), /tweets.*리더가 없는/);
  assert.equal(status.lastCauseAt, 77);
  assert.equal(status.topics[0]?.lastCause, status.lastCause);
  assert.ok(!('lastCause' in (status.topics[1] as object)));
  assert.ok(!('queue' in status));
  const withoutCause = statusReport(korean, outboxWith({ ...report, lastCause: undefined }));
  assert.ok(!('lastCause' in withoutCause) && !('lastCauseAt' in withoutCause));
});

test('kafka-out report: queue on disk -> part of the status', () => {
  const idle = { onDisk: 12, onlyOnDisk: 0, draining: false, drainPerSecond: 0, foreign: 3, full: false };
  const counters = { in: 1, acked: 0, failed: 1, waiting: 0, waitingBytes: 0, retries: 0 };
  const onDisk = { restored: 0, damaged: 0, discarded: 0, onDisk: 0, diskBytes: 0, diskLimit: 0 };
  const report = {
    ...counters,
    ...onDisk,
    state: 'connected' as const,
    paused: false,
    memoryLimit: 5,
    rate: 0,
    brokersAway: [],
    topics: [],
  };
  const status = statusReport(korean, { ...outboxWith(report), queueStatus: idle });
  assert.deepEqual((status as { queue: object }).queue, queueReport(korean, { queueReport: () => queue }));
});

test('kafka-out queue report: causes and problem -> sentences in the server’s language; none -> absent', () => {
  const report = queueReport(korean, { queueReport: () => queue }) as {
    topics: Array<Record<string, unknown>>;
  };
  assert.match(String(report.topics[0]?.cause), /tweets.*리더가 없는/);
  assert.deepEqual(report, {
    ...onDisk,
    topics: [
      { topic: 'tweets', records: 8, cause: report.topics[0]?.cause },
      { topic: 'retweets', records: 4 },
    ],
  });
  const broken = queueReport(korean, { queueReport: () => ({ ...queue, problem: leaderNone }) });
  assert.equal((broken as { problem: string }).problem, report.topics[0]?.cause);
});
