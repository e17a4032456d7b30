import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, mock, test } from 'node:test';
import BrokerPool, { type PooledBroker } from 'kafkajs/src/cluster/brokerPool';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import {
  isPrivateCopy,
  patchMetadataBroker,
  patchRequestQueue,
} from '../../../src/kafka/connection/kafkajs-patches';

patchRequestQueue();
patchMetadataBroker();

interface Inside {
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: unknown;
  scheduleCheckPendingRequests(): void;
}

function newQueue(): Inside {
  const logger = { namespace: () => logger, debug() {}, warn() {}, error() {} };
  const options = {
    requestTimeout: 1000,
    maxInFlightRequests: null,
    clientId: 'test',
    broker: 'b:1',
    logger,
  };
  return new (RequestQueue as unknown as new (given: unknown) => Inside)(options);
}

test('patchRequestQueue: idle connection -> no timer', () => {
  const queue = newQueue();
  queue.scheduleCheckPendingRequests();
  assert.equal(queue.throttleCheckTimeoutId, null);
});

test('patchRequestQueue: pending request -> check after a positive delay', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const delays: unknown[] = [];
    const timers = mock.method(globalThis, 'setTimeout');
    for (const throttledUntil of [-1, Date.now() + 500]) {
      const queue = newQueue();
      queue.pending = [{}];
      queue.throttledUntil = throttledUntil;
      queue.scheduleCheckPendingRequests();
      delays.push(timers.mock.calls.at(-1)?.arguments[1]);
    }
    assert.equal(delays.length, 2);
    for (const delay of delays) assert.ok(Number(delay) > 0, `${delay} ms`);
    assert.ok(Number(delays[1]) > Number(delays[0]), 'a throttled connection waits until it may send');
  } finally {
    mock.restoreAll();
    mock.timers.reset();
  }
});

/** Its requests without a response were sent at these times (epoch milliseconds), on a connection each list. */
function broker(answer: () => Promise<object>, ...sent: number[][]): PooledBroker {
  const pool = sent.map((times) => ({
    requestQueue: { inflight: new Map(times.map((sentAt, id) => [id, { sentAt }])) },
  }));
  return {
    isConnected: () => sent.length > 0,
    connectionPool: { pool: [...pool, { requestQueue: undefined }] },
    metadata: answer,
  };
}

const refreshed = async (brokers: Record<string, PooledBroker>): Promise<object> => {
  const findBroker = async ({ nodeId }: { nodeId: string }): Promise<PooledBroker> => {
    const found = brokers[nodeId];
    if (!found || nodeId === '0') throw new Error('refused');
    return found;
  };
  const pool = { brokers, findBroker } as unknown as BrokerPool;
  const source = await BrokerPool.prototype.findConnectedBroker.call(pool);
  return source.metadata(['t']);
};

test('patchMetadataBroker: some brokers wait for replicas -> metadata of one that does not', async () => {
  const of = (name: string) => async () => ({ name });
  const slow = broker(of('slow'), [1000, 9000]);
  const fast = broker(of('fast'), [8000], [8500]);
  assert.deepEqual(await refreshed({ 1: slow, 2: fast }), { name: 'fast' });
  assert.deepEqual(await refreshed({ 1: fast, 2: slow }), { name: 'fast' });
  assert.deepEqual(await refreshed({ 1: slow, 2: fast, 3: broker(of('idle'), []) }), { name: 'idle' });
  assert.deepEqual(await refreshed({ 1: slow, 2: broker(of('not connected')) }), { name: 'slow' });
});

test('patchMetadataBroker: no answer within a second -> another broker is asked, connected or not', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const never = new Promise<object>(() => {});
  try {
    for (const sent of [[[Date.now() + 1000]], []]) {
      const asked: string[] = [];
      const answers = (name: string) => async () => ({ asked: asked.push(name) });
      const answer = refreshed({
        0: broker(answers('dead')),
        1: broker(() => {
          asked.push('first');
          return never;
        }, []),
        2: broker(answers('waits, too'), [1]),
        3: broker(answers('third'), ...sent),
      });
      await new Promise(setImmediate);
      mock.timers.tick(999);
      await new Promise(setImmediate);
      assert.deepEqual(asked, ['first']);
      mock.timers.tick(1);
      assert.deepEqual(await answer, { asked: 2 });
      assert.deepEqual(asked, ['first', 'third']);
    }
  } finally {
    mock.timers.reset();
  }
});

test('patchMetadataBroker: the broker fails -> its error, and no other is asked', async () => {
  const failing = broker(() => Promise.reject(new Error('closed')), []);
  const other = broker(() => assert.fail('asked'), [1]);
  await assert.rejects(refreshed({ 1: failing, 2: other }), /closed/);
});

const dir = mkdtempSync(join(tmpdir(), 'kafkajs-patches-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const modules = (...parts: string[]): string => join(dir, ...parts, 'node_modules');
const own = 'user/node_modules/@scope/own';

function file(...path: string[]): string {
  const whole = join(dir, ...path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, '');
  return whole;
}

const ownFolder = dirname(file(own, 'dist/src/kafka/patches.js'));
file(own, 'package.json');
const hoisted = file('user/node_modules/kafkajs/index.js');

test('isPrivateCopy: package without node_modules -> false', () => {
  assert.equal(isPrivateCopy(hoisted, ownFolder), false);
});

test('isPrivateCopy: copy below the package -> true; hoisted copy beside it -> false', () => {
  assert.equal(isPrivateCopy(file(own, 'node_modules/kafkajs/index.js'), ownFolder), true);
  assert.equal(isPrivateCopy(hoisted, ownFolder), false);
  assert.equal(isPrivateCopy(file(own, 'node_modules-old/kafkajs/index.js'), ownFolder), false);
});

test('isPrivateCopy: linked node_modules -> true; kafkajs alone linked to a shared store -> false', () => {
  file('checkout/package.json');
  const kafkajs = file('main/node_modules/kafkajs/index.js');
  symlinkSync(modules('main'), modules('checkout'));
  assert.equal(isPrivateCopy(kafkajs, join(dir, 'checkout')), true);

  file('workspace/package.json');
  mkdirSync(modules('workspace'));
  symlinkSync(dirname(hoisted), join(modules('workspace'), 'kafkajs'));
  assert.equal(isPrivateCopy(join(modules('workspace'), 'kafkajs/index.js'), join(dir, 'workspace')), false);
});
