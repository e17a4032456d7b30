import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import { Outbox } from '../../../src/kafka/delivery/outbox';
import type { Delivery } from '../../../src/kafka/delivery/pending-record';
import type { Problem } from '../../../src/util/problem';
import { FakeClock } from './fake-clock';
import { ModelCluster, type Response } from './model-cluster';

// MockTimers keeps the abort listeners of timers that have fired.
setMaxListeners(10_000);

type Action =
  | { type: 'accept'; key?: string; partition?: number; invalid: boolean; bytes: number }
  | { type: 'respond'; request: number; response: Response }
  | { type: 'wait'; ms: number }
  | { type: 'partitions'; count: number }
  | { type: 'reachable'; reachable: boolean }
  | { type: 'pause' | 'resume' | 'disconnect' };

const responses: Response[] = [
  'lose-response',
  'lose-request',
  'time-out-written',
  'time-out',
  'leader-moved',
  'too-few-replicas',
  'unknown-partition',
  'empty-acknowledgement',
  'reject-all',
];

const accept = fc.record({
  type: fc.constant('accept' as const),
  key: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
  partition: fc.option(fc.nat(3), { nil: undefined, freq: 3 }),
  invalid: fc.nat(30).map((one) => one === 0),
  bytes: fc.constantFrom(10, 100, 30_000, 400_000),
});
const respond = (response: fc.Arbitrary<Response>): fc.Arbitrary<Action> =>
  fc.record({ type: fc.constant('respond' as const), request: fc.nat(5), response });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: accept as fc.Arbitrary<Action> },
  { weight: 5, arbitrary: respond(fc.constant('acknowledge')) },
  { weight: 6, arbitrary: respond(fc.constantFrom(...responses)) },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(50, 250, 1000, 4000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('partitions' as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map((reachable): Action => ({ type: 'reachable', reachable })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>({ type: 'pause' }, { type: 'resume' }, { type: 'disconnect' }),
  },
);

type Answer = { delivery: Delivery } | { problem: Problem };

/** One run: an outbox on a model cluster, and what it answered. */
class Run {
  readonly clock = new FakeClock(['setTimeout', 'setInterval']);
  readonly answers = new Map<number, Answer>();
  readonly invalid = new Set<number>();
  readonly cluster = new ModelCluster(this.clock, (id) => this.answers.has(id));
  readonly outbox = new Outbox(
    this.cluster,
    {
      acks: 'all',
      idempotent: true,
      compression: 'none',
      memoryLimit: 4_000_000,
      timeouts: { deliveryTimeout: 3000, linger: 0 },
    },
    () => {},
  );

  async perform(one: Action): Promise<void> {
    if (one.type === 'accept') this.accept(one);
    else if (one.type === 'respond') {
      const { open } = this.cluster;
      const request = open[one.request % Math.max(1, open.length)];
      if (request) this.cluster.respond(request, one.response, this.invalid);
    } else if (one.type === 'wait') await this.wait(one.ms);
    else if (one.type === 'partitions') this.cluster.partitions = one.count;
    else if (one.type === 'reachable') this.cluster.reachable = one.reachable;
    else if (one.type === 'disconnect') this.cluster.disconnect();
    else if (one.type === 'pause') this.outbox.pause();
    else this.outbox.resume();
    await turns();
    const [violation] = this.cluster.violations;
    if (violation) throw violation;
  }

  /** A healthy cluster answers all requests until no record is pending; at most two minutes. */
  async drain(): Promise<void> {
    this.outbox.resume();
    this.cluster.reachable = true;
    for (let waited = 0; this.outbox.counters.waiting > 0 && waited < 120_000; waited += 500) {
      for (const request of this.cluster.open) this.cluster.respond(request, 'acknowledge', this.invalid);
      await this.wait(500);
    }
  }

  async close(): Promise<void> {
    const closing = this.outbox.close(5000);
    await this.wait(6000);
    await closing;
  }

  private accept({ key, partition, invalid, bytes }: Extract<Action, { type: 'accept' }>): void {
    const id = this.cluster.accepted++;
    if (invalid) this.invalid.add(id);
    const answer = (one: Answer): void => {
      assert.ok(!this.answers.has(id), 'one answer per record');
      this.answers.set(id, one);
    };
    const fields = { key, partition, value: Buffer.alloc(bytes), headers: { id } };
    this.outbox.send('t', fields).then(
      (delivery) => answer({ delivery }),
      (problem: Problem) => answer({ problem }),
    );
  }

  private async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.clock.tick(50);
      this.cluster.expireAttempts();
      await turns();
    }
  }
}

/** Lets promises and immediates run. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise(setImmediate);
}

/** What must hold whatever happened, once every record is answered. */
function checkAnswers({ cluster, answers, invalid, outbox }: Run): void {
  const [violation] = cluster.violations;
  if (violation) throw violation;
  const { in: accepted, acked, failed, waiting, waitingBytes } = outbox.counters;
  assert.deepEqual([accepted, waiting, waitingBytes], [cluster.accepted, 0, 0]);
  assert.equal(answers.size, cluster.accepted, 'every record is answered');
  const logged = new Set([...cluster.logs.values()].flat());
  let acknowledged = 0;
  for (const [id, answer] of answers) {
    if ('delivery' in answer) {
      acknowledged++;
      const { partition, offset } = answer.delivery;
      assert.equal(
        cluster.logs.get(partition)?.[Number(offset)],
        id,
        'acknowledged: in the log where it says',
      );
    } else if (answer.problem.key === 'not-delivered') {
      assert.ok(!logged.has(id), 'not delivered: not in the log');
    } else if (answer.problem.key === 'record-invalid') {
      assert.ok(invalid.has(id), 'only the invalid record is rejected');
    }
  }
  assert.deepEqual([acked, failed], [acknowledged, answers.size - acknowledged]);
  for (const log of cluster.logs.values()) {
    const firstCopies = [...new Set(log)].filter((id) => {
      const answer = answers.get(id);
      return answer && 'delivery' in answer && !cluster.unordered.has(id);
    });
    assert.deepEqual(
      firstCopies,
      [...firstCopies].sort((a, b) => a - b),
      'acknowledged records in order',
    );
  }
}

for (const end of ['drain', 'close'] as const) {
  test(`delivery: random sequences, then ${end} -> one answer per record, in order`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 80, size: 'max' }), async (actions) => {
        const run = new Run();
        try {
          for (const one of actions) await run.perform(one);
          if (end === 'drain') await run.drain();
          await run.close();
          await turns();
          checkAnswers(run);
        } finally {
          run.clock.reset();
        }
      }),
      { numRuns: Number(process.env.FUZZ_SEQUENCES ?? 300), includeErrorInReport: true },
    );
  });
}
