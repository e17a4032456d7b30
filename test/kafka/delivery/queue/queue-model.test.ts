import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Disk } from '../../../../src/kafka/delivery/queue/open-queue';
import { MemoryFiles } from '../../disk-queue/memory-files';
import { FakeClock } from '../fake-clock';
import { ModelCluster, type Response } from '../model-cluster';
import { QueueRun } from './queue-run';

// MockTimers keeps the abort listeners of timers that have fired.
setMaxListeners(100_000);

type Action =
  | { type: 'send'; count: number; key?: string; partition?: number; bytes: number }
  | { type: 'respond'; request: number; response: Response }
  | { type: 'acknowledge-all' }
  | { type: 'wait'; ms: number }
  | { type: 'reachable'; reachable: boolean }
  | { type: 'stick'; partition: number; stuck: boolean }
  | { type: 'pause' | 'resume' | 'restart' | 'kill' };

const failures: Response[] = [
  'lose-response',
  'lose-request',
  'leader-moved',
  'too-few-replicas',
  'reject-all',
];

const only = <T extends Action>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Action> => arbitrary;
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 10,
    arbitrary: only(
      fc.record({
        type: fc.constant('send' as const),
        count: fc.integer({ min: 1, max: 8 }),
        key: fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined }),
        partition: fc.option(fc.nat(2), { nil: undefined, freq: 5 }),
        bytes: fc.constantFrom(10, 300, 2000),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: only(
      fc.record({
        type: fc.constant('respond' as const),
        request: fc.nat(5),
        response: fc.constantFrom(...failures),
      }),
    ),
  },
  { weight: 4, arbitrary: fc.constant<Action>({ type: 'acknowledge-all' }) },
  {
    weight: 6,
    arbitrary: only(
      fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(50, 300, 1500, 6000) }),
    ),
  },
  { weight: 3, arbitrary: fc.boolean().map((reachable): Action => ({ type: 'reachable', reachable })) },
  {
    weight: 3,
    arbitrary: only(
      fc.record({ type: fc.constant('stick' as const), partition: fc.nat(2), stuck: fc.boolean() }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Action>(
      { type: 'pause' },
      { type: 'resume' },
      { type: 'restart' },
      { type: 'kill' },
    ),
  },
);

const memoryLimit = 20_000;
const diskLimit = 2_000_000;
const folder = '/user/twitter-kafka/node';

/** One sequence: an outbox with a queue on files in memory, on a model cluster. */
class Sequence {
  readonly clock = new FakeClock(['setTimeout', 'setInterval']);
  files = new MemoryFiles();
  readonly stuck = new Set<number>();
  readonly run: QueueRun;
  restarted = false;
  killed = false;
  /** Ids of records that were accepted and not safe when the process was killed. */
  readonly mayBeMissing = new Set<number>();

  constructor(mode: 'disk' | 'write-ahead') {
    const cluster: ModelCluster = new ModelCluster(this.clock, (id) => this.run.answered.has(id));
    this.run = new QueueRun(this.clock, cluster, {
      acks: 'all',
      idempotent: true,
      compression: 'none',
      memoryLimit,
      timeouts: { deliveryTimeout: 3000, linger: 0 },
      queue: { mode, folder, diskLimit, disk: this.disk() },
    });
  }

  async perform(one: Action): Promise<void> {
    const { run } = this;
    const { cluster } = run;
    if (one.type === 'send') for (let count = 0; count < one.count; count++) run.send(one);
    else if (one.type === 'respond') {
      const request = cluster.open[one.request % Math.max(1, cluster.open.length)];
      if (request) cluster.respond(request, one.response, new Set());
    } else if (one.type === 'acknowledge-all') this.acknowledgeAll();
    else if (one.type === 'wait') await run.wait(one.ms);
    else if (one.type === 'reachable') cluster.reachable = one.reachable;
    else if (one.type === 'stick') this.stick(one.partition, one.stuck);
    else if (one.type === 'pause') run.outbox.pause();
    else if (one.type === 'resume') run.outbox.resume();
    else if (one.type === 'restart') await this.restart();
    else this.kill();
    await run.wait(50);
    this.check();
  }

  /** Everything works again until nothing is pending. */
  async drain(): Promise<void> {
    const { run } = this;
    this.stuck.clear();
    run.cluster.reachable = true;
    run.outbox.resume();
    await run.acknowledgeUntil(() => run.outbox.counters.waiting === 0, 300_000, 250);
    await run.wait(3000);
  }

  checkEnd(): void {
    this.check();
    const { run, mayBeMissing } = this;
    const { cluster } = run;
    const logged = new Set([...cluster.logs.values()].flat());
    for (let id = 0; id < cluster.accepted; id++) {
      const isAnswered = run.acknowledged.has(id) || run.failed.has(id);
      assert.ok(
        isAnswered || run.safe.has(id) || mayBeMissing.has(id),
        `record ${id} is neither answered nor safe`,
      );
      if (run.failed.has(id)) assert.ok(!run.acknowledged.has(id), `record ${id} has two answers`);
      else if (!mayBeMissing.has(id)) assert.ok(logged.has(id), `record ${id} is lost`);
    }
    for (const [partition, log] of cluster.logs) {
      const first = [...new Set(log)];
      assert.deepEqual(
        first,
        [...first].sort((a, b) => a - b),
        `partition ${partition} in order`,
      );
    }
    const { waiting, waitingBytes, damaged } = run.outbox.counters;
    assert.deepEqual([waiting, waitingBytes, damaged], [0, 0, 0]);
    const { records, topics } = run.outbox.queueReport();
    assert.deepEqual([records, topics], [0, []]);
    assert.ok(!this.holdsSegments, 'no segment is left');
  }

  private disk(): Disk {
    const { files } = this;
    return {
      files,
      lock: async () => ({ release: async () => {} }),
      holdsSegments: () => this.holdsSegments,
    };
  }

  private get holdsSegments(): boolean {
    return Object.keys(this.files.sizes(folder)).some((name) => name.endsWith('.segment'));
  }

  private check(): void {
    const { run } = this;
    const [violation] = run.cluster.violations;
    if (violation) throw violation;
    const {
      in: accepted,
      restored,
      acked,
      failed,
      waiting,
      damaged,
      discarded,
      waitingBytes,
    } = run.outbox.counters;
    assert.equal(accepted + restored, acked + failed + waiting + damaged + discarded, 'counters add up');
    // Beside the limit there may be a batch that was sent for each of the three partitions.
    assert.ok(waitingBytes <= memoryLimit * 4, `${waitingBytes} bytes in memory`);
    for (const [id, { key }] of run.failed) {
      assert.ok(['memory-full', 'disk-full'].includes(key), `record ${id} failed: ${key}`);
    }
  }

  private acknowledgeAll(): void {
    const { cluster } = this.run;
    for (const request of cluster.open) {
      cluster.respond(request, this.stuck.has(request.partition) ? 'leader-moved' : 'acknowledge', new Set());
    }
  }

  private stick(partition: number, stuck: boolean): void {
    if (stuck) this.stuck.add(partition);
    else this.stuck.delete(partition);
  }

  private async restart(): Promise<void> {
    const { run } = this;
    assert.equal(await run.close(), 0, 'all records are acknowledged or on disk');
    run.restart();
  }

  private kill(): void {
    const { run } = this;
    const { cluster } = run;
    for (let id = 0; id < cluster.accepted; id++) {
      if (!run.safe.has(id) && !run.acknowledged.has(id) && !run.failed.has(id)) this.mayBeMissing.add(id);
    }
    this.files = this.files.crash('kill', Math.random);
    if (run.options.queue)
      run.options = { ...run.options, queue: { ...run.options.queue, disk: this.disk() } };
    run.restart();
  }
}

for (const mode of ['disk', 'write-ahead'] as const) {
  test(`queue: random sequences with ${mode} -> nothing is lost, in order per partition, memory within its limit`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 50, size: 'max' }), async (actions) => {
        const sequence = new Sequence(mode);
        try {
          for (const one of actions) await sequence.perform(one);
          await sequence.drain();
          sequence.checkEnd();
          await sequence.run.close();
        } finally {
          sequence.clock.reset();
        }
      }),
      { numRuns: Number(process.env.FUZZ_SEQUENCES ?? 100), includeErrorInReport: true },
    );
  });
}
