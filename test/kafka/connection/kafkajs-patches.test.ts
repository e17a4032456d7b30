import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import RequestQueue from 'kafkajs/src/network/requestQueue';
import { patchRequestQueue } from '../../../src/kafka/connection/kafkajs-patches';

patchRequestQueue();

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

test("an idle connection of kafkajs's runs no timer", () => {
  const queue = newQueue();
  queue.scheduleCheckPendingRequests();
  assert.equal(queue.throttleCheckTimeoutId, null);
});

test("what waits is looked at again after a delay that is never negative (Node's TimeoutNegativeWarning)", () => {
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
