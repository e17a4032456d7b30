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

/** A broker with a connection for each list of times (epoch milliseconds) at which its open requests were sent. */
function broker(connected: boolean, ...sent: number[][]): PooledBroker {
  const pool = sent.map((times) => ({
    requestQueue: { inflight: new Map(times.map((sentAt, id) => [id, { sentAt }])) },
  }));
  return { isConnected: () => connected, connectionPool: { pool: [...pool, { requestQueue: undefined }] } };
}

test('patchMetadataBroker: a broker waits for replicas -> metadata from one that answers', async () => {
  const choose = async (brokers: Record<string, PooledBroker>): Promise<string | undefined> => {
    const findBroker = async ({ nodeId }: { nodeId: string }) => brokers[nodeId];
    const chosen = await BrokerPool.prototype.findConnectedBroker.call({ brokers, findBroker } as BrokerPool);
    return Object.keys(brokers).find((id) => brokers[id] === chosen);
  };
  const [slow, fast, idle] = [broker(true, [1000, 9000]), broker(true, [8000], [8500]), broker(true, [])];
  assert.equal(await choose({ 1: slow, 2: fast }), '2');
  assert.equal(await choose({ 1: fast, 2: slow }), '1');
  assert.equal(await choose({ 1: slow, 2: fast, 3: idle }), '3');
  assert.equal(await choose({ 1: slow, 2: broker(false) }), '1');
  // None is connected: kafkajs connects to one.
  assert.equal(await choose({ 1: broker(false) }), '1');
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
