import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { OutboxOptions } from '../../../../src/kafka/delivery/outbox';
import type { QueueOptions } from '../../../../src/kafka/delivery/queue/open-queue';
import type { FileSystem } from '../../../../src/kafka/disk-queue/file-system';
import { FakeClock } from '../fake-clock';
import { ModelCluster } from '../model-cluster';
import { countedDisk, idOf, QueueRun, temporaryFolder } from './queue-run';

// MockTimers keeps the abort listeners of timers that have fired.
setMaxListeners(10_000);

let clock: FakeClock;
let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  clock = new FakeClock(['setTimeout', 'setInterval']);
  place = temporaryFolder();
});
afterEach(() => {
  clock.reset();
  place.remove();
});

function runWith(options: Partial<OutboxOptions> & { mode?: QueueOptions['mode'] } = {}): QueueRun {
  const { mode = 'disk', ...others } = options;
  const run: { current?: QueueRun } = {};
  const cluster = new ModelCluster(clock, (id) => run.current?.acknowledged.has(id) === true);
  run.current = new QueueRun(clock, cluster, {
    acks: 'all',
    idempotent: true,
    compression: 'none',
    memoryLimit: 1_000_000,
    timeouts: { deliveryTimeout: 3000, linger: 0 },
    queue: { mode, folder: place.folder, diskLimit: 100_000_000, disk: countedDisk },
    ...others,
  });
  return run.current;
}

const inOrder = (ids: number[]): void =>
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );

test('disk queue: nothing waits -> nothing is on disk', async () => {
  const run = runWith();
  for (let count = 0; count < 20; count++) run.send();
  await run.acknowledgeUntil(() => run.acknowledged.size === 20);
  assert.equal(existsSync(place.folder), false);
  assert.equal(await run.close(), 0);
});

test('disk queue: waited 5 s -> copied, done; acknowledged from memory with its message', async () => {
  const run = runWith();
  run.cluster.reachable = false;
  for (let count = 0; count < 20; count++) run.send();
  await run.wait(4000);
  assert.equal(run.safe.size, 0);
  await run.until(() => run.safe.size === 20);
  assert.equal(run.acknowledged.size, 0);
  run.cluster.reachable = true;
  await run.acknowledgeUntil(() => run.acknowledged.size === 20);
  assert.equal(run.fromDisk.length, 0);
  await run.until(() => !existsSync(place.folder));
  const { in: accepted, acked, waiting } = run.outbox.counters;
  assert.deepEqual([accepted, acked, waiting], [20, 20, 0]);
  await run.close();
});

test('disk queue: more than fits in memory -> on disk, in order, all sent when Kafka is back', async () => {
  const run = runWith({ memoryLimit: 100_000 });
  run.cluster.reachable = false;
  for (let count = 0; count < 400; count++) {
    run.send({ key: `k${count % 5}`, bytes: 1000 });
    await run.wait(50);
    assert.ok(run.outbox.counters.waitingBytes <= 100_000);
  }
  assert.equal(run.failed.size, 0);
  run.cluster.reachable = true;
  await run.acknowledgeUntil(() => run.acknowledged.size === 400);
  for (const log of run.cluster.logs.values()) inOrder(log);
  assert.ok(run.fromDisk.length > 200);
  const { waiting, waitingBytes, acked } = run.outbox.counters;
  assert.deepEqual([waiting, waitingBytes, acked], [0, 0, 400]);
  await run.until(() => !existsSync(place.folder));
  // Afterwards nothing goes to disk again.
  run.send();
  await run.acknowledgeUntil(() => run.acknowledged.size === 401);
  assert.equal(existsSync(place.folder), false);
  await run.close();
});

test('disk queue: closed in an outage -> everything is sent after the next start, in order', async () => {
  const run = runWith();
  run.cluster.reachable = false;
  for (let count = 0; count < 50; count++) run.send({ key: `k${count % 5}` });
  await run.wait(200);
  assert.equal(await run.close(), 0);
  assert.equal(run.safe.size, 50);
  run.restart();
  for (let count = 0; count < 50; count++) run.send({ key: `k${count % 5}` });
  await run.wait(1000);
  run.cluster.reachable = true;
  await run.acknowledgeUntil(() => run.acknowledged.size === 100);
  inOrder(run.fromDisk.map(idOf).filter((id) => id % 5 === 0));
  for (const log of run.cluster.logs.values()) inOrder(log);
  const { restored, in: accepted, acked, waiting } = run.outbox.counters;
  assert.deepEqual([restored, accepted, acked, waiting], [50, 50, 100, 0]);
  await run.close();
  assert.equal(existsSync(place.folder), false);
});

test('disk queue: the folder is unusable -> records expire as in memory, and say so', async () => {
  writeFileSync(dirname(place.folder), '');
  const run = runWith();
  run.cluster.reachable = false;
  for (let count = 0; count < 20; count++) run.send();
  await run.until(() => run.failed.size === 20);
  assert.deepEqual(
    run.problems.map(({ key }) => key),
    ['disk-unusable'],
  );
  for (const { key } of run.failed.values()) assert.equal(key, 'not-delivered');
  assert.equal(run.safe.size, 0);
  await run.close();
});

test('disk queue: export -> records on disk and in memory, in order; nothing is removed', async () => {
  const run = runWith();
  run.cluster.reachable = false;
  for (let count = 0; count < 20; count++) run.send();
  await run.until(() => run.safe.size === 20);
  for (let count = 0; count < 20; count++) run.send();
  const exported: number[] = [];
  let records: number | undefined;
  void run.outbox
    .exportQueue((message) => void exported.push(idOf(message)))
    .then((count) => {
      records = count;
    });
  await run.until(() => records !== undefined);
  assert.deepEqual(
    exported,
    Array.from({ length: 40 }, (_, id) => id),
  );
  run.cluster.reachable = true;
  await run.acknowledgeUntil(() => run.acknowledged.size === 40);
  await run.close();
});

test('disk queue: no space left on the disk -> rejected messages say so, also where memory is full', async () => {
  const space = { total: 1e9, free: 1e9 };
  const files = new Proxy(countedDisk.files as FileSystem, {
    get: (target, name) => (name === 'space' ? async () => space : Reflect.get(target, name)),
  });
  const run = runWith({
    memoryLimit: 100_000,
    queue: { mode: 'disk', folder: place.folder, diskLimit: 100_000_000, disk: { ...countedDisk, files } },
  });
  run.cluster.reachable = false;
  const send = async (records: number): Promise<string[]> => {
    const before = run.failed.size;
    for (let count = 0; count < records; count++) {
      run.send({ key: 'k', bytes: 1000 });
      await run.wait(50);
    }
    return [...run.failed.values()].slice(before).map(({ key }) => key);
  };
  assert.deepEqual(await send(300), []);
  // 5 % stay free: there is room for a header, not for a group of records.
  space.free = 5e7 + 500;
  await send(300);
  assert.deepEqual([...new Set(await send(100))], ['disk-full']);
  assert.equal(run.outbox.queueStatus?.full, true);
  space.free = 1e9;
  await run.wait(10_000);
  assert.deepEqual(await send(100), []);
  assert.equal(run.outbox.queueStatus?.full, false);
  run.cluster.reachable = true;
  await run.acknowledgeUntil(() => run.acknowledged.size + run.failed.size === 800);
  await run.close();
});

test('disk queue: a sent batch fills memory -> later records go to disk, none is rejected', async () => {
  const run = runWith({ memoryLimit: 20_000 });
  run.send({ key: 'k', bytes: 19_500 });
  await run.until(() => run.cluster.open.length > 0);
  for (let count = 0; count < 100; count++) {
    run.send({ key: 'k', bytes: 900 });
    await run.wait(100);
  }
  assert.equal(run.failed.size, 0);
  await run.acknowledgeUntil(() => run.acknowledged.size === 101);
  for (const log of run.cluster.logs.values()) inOrder(log);
  await run.close();
});
