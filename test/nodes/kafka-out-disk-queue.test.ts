import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import outNode from '../../nodes/kafka-out/kafka-out';
import { until } from '../until';
import { codeOf, helper, type Msg, statusesOf } from './flow';
import { type Inboxes, loadOnCluster } from './kafka-flow';
import { speaking } from './server-language';

const userDir = mkdtempSync(join(tmpdir(), 'disk-queue-'));
before(() => helper.startServer());
afterEach(async () => {
  await helper.unload();
  rmSync(join(userDir, 'twitter-kafka'), { recursive: true, force: true });
});
after(async () => {
  await helper.stopServer();
  helper.settings({ userDir: undefined });
  rmSync(userDir, { recursive: true, force: true });
});

// Nothing listens there.
const unreachable = '127.0.0.1:1';

function load(id: string): Promise<Inboxes> {
  helper.settings({ userDir });
  const out = {
    type: 'kafka-out',
    cluster: 'c-cluster',
    topic: 'topic',
    topicType: 'msg',
    queue: 'write-ahead',
  };
  const types = [clusterNode, speaking(outNode as never, 'en-US') as never];
  return loadOnCluster(types, unreachable, { id, ...out, wires: [['n-acked']] });
}

const receive = (id: string, msg: Msg): void => helper.getNode(id).receive(msg as never);

/** Sends a command, and returns what it answers. */
async function command(id: string, msg: Msg, { acked }: Inboxes): Promise<Record<string, unknown>> {
  const answered = (): Msg | undefined => acked.all.find(({ mine }) => mine === msg);
  receive(id, { ...msg, mine: msg });
  await until(() => answered() !== undefined, `the answer to ${msg.action}`);
  return answered()?.payload as Record<string, unknown>;
}

/** Waits until so many records are on disk. */
async function untilOnDisk(id: string, records: number, inboxes: Inboxes): Promise<Record<string, unknown>> {
  let report: Record<string, unknown> = {};
  await until(async () => {
    report = await command(id, { action: 'queue' }, inboxes);
    // Counted when accepted; found on disk after the first sync.
    return report.records === records && report.oldest !== null;
  }, `${records} records on disk`);
  return report;
}

const sendPosts = (id: string): void => {
  for (let number = 0; number < 20; number++) {
    const topic = number % 4 === 0 ? 'retweets' : 'tweets';
    receive(id, {
      _msgid: `m${number}`,
      topic,
      key: `k${number}`,
      payload: { number },
      timestamp: 1_600_000_000_000,
    });
  }
};

test('kafka-out: outage -> status, report and export of the disk queue', async () => {
  const inboxes = await load('n-out');
  const { acked, caught } = inboxes;
  sendPosts('n-out');
  const report = await untilOnDisk('n-out', 20, inboxes);
  const topics = report.topics as Array<Record<string, unknown>>;
  assert.deepEqual(topics.map(({ topic, records }) => [topic, records]).sort(), [
    ['retweets', 5],
    ['tweets', 15],
  ]);
  assert.deepEqual(
    [report.limit, report.damaged, report.otherCluster, report.orphans],
    [1_024_000_000, 0, 0, []],
  );
  assert.ok(Number(report.bytes) > 20 && Number(report.free) > 0, JSON.stringify(report));
  await until(() => statusesOf('n-out').at(-1) === '20 on disk · 1 unreachable', 'the status of an outage');

  const exported = await command('n-out', { action: 'export' }, inboxes);
  assert.deepEqual(exported, { exported: 20 });
  const copies = acked.all.filter(({ kafka }) => kafka);
  assert.deepEqual(
    copies.map(({ _msgid }) => _msgid),
    Array.from({ length: 20 }, (_, number) => `m${number}`),
  );
  assert.deepEqual(copies[1], {
    ...{ _msgid: 'm1', topic: 'tweets', key: 'k1', payload: { number: 1 }, timestamp: 1_600_000_000_000 },
    kafka: { exported: true },
  });
  const status = await command('n-out', { action: 'status' }, inboxes);
  assert.deepEqual([status.in, status.waiting, status.onDisk, status.failed], [20, 20, 20, 0]);
  assert.equal((status.queue as Record<string, unknown>).records, 20);
  assert.deepEqual(caught.all, []);
});

test('kafka-out: discard -> only with the right confirm, one topic or all', async () => {
  const inboxes = await load('n-out');
  sendPosts('n-out');
  await untilOnDisk('n-out', 20, inboxes);
  const discard = (msg: Msg): Promise<Record<string, unknown>> =>
    command('n-out', { action: 'discard', ...msg }, inboxes);
  assert.deepEqual(await discard({ topic: 'retweets' }), { dryRun: true, records: 5, confirm: 'retweets' });
  assert.deepEqual(await discard({ topic: 'retweets', confirm: 'retweets' }), { dryRun: false, records: 5 });
  assert.deepEqual(await discard({ confirm: 'tweets' }), { dryRun: true, records: 15, confirm: 'n-out' });
  assert.deepEqual(await discard({ confirm: 'n-out' }), { dryRun: false, records: 15 });
  const status = await command('n-out', { action: 'status' }, inboxes);
  assert.deepEqual([status.in, status.waiting, status.discarded], [20, 0, 20]);
});

test('kafka-out: node deleted in an outage -> an orphan, which another one adopts', async () => {
  const before = await load('n-old');
  sendPosts('n-old');
  await untilOnDisk('n-old', 20, before);
  await helper.unload();

  const inboxes = await load('n-new');
  const { orphans } = await command('n-new', { action: 'queue' }, inboxes);
  const [orphan] = orphans as Array<Record<string, unknown>>;
  assert.equal(orphan?.id, 'n-old');
  assert.equal(orphan?.folder, join(userDir, 'twitter-kafka', 'n-old'));
  const adopt = (msg: Msg): Promise<Record<string, unknown>> =>
    command('n-new', { action: 'adopt', ...msg }, inboxes);
  assert.deepEqual(await adopt({ folder: 'n-old' }), { dryRun: true, records: 20, confirm: 'n-old' });
  assert.deepEqual(await adopt({ folder: 'n-old', confirm: 'n-old' }), { dryRun: false, records: 20 });
  await untilOnDisk('n-new', 20, inboxes);
  await until(() => !readdirSync(join(userDir, 'twitter-kafka')).includes('n-old'), 'the orphan is empty');

  const status = await command('n-new', { action: 'status' }, inboxes);
  assert.deepEqual([status.in, status.restored, status.waiting], [0, 20, 20]);

  receive('n-new', { action: 'adopt', folder: '/etc', confirm: '/etc' });
  assert.equal(codeOf(await inboxes.caught.next()), 'adopt-unknown');

  // The cluster waits 12 s for a writer that is not released.
  const begun = performance.now();
  await helper.unload();
  assert.ok(performance.now() - begun < 8000);
});
