import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { type Closable, closeOnRequest } from '../../src/node-red/close';
import type { NodeContext } from '../../src/node-red/node-context';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** A node that Node-RED closes with `request`, and the calls that follow. */
function nodeWith(closable: Closable): { request: () => void; calls: string[] } {
  const calls: string[] = [];
  let onClose = (_removed: boolean, _done: () => void): void => assert.fail('no listener');
  const context = {
    node: { on: (_event: 'close', listener: typeof onClose) => (onClose = listener) },
    RED: { _: (key: string) => key },
    log: (text: string) => calls.push(text),
    close: () => calls.push('context closed'),
  } as unknown as NodeContext;
  closeOnRequest(context, closable);
  return { request: () => onClose(true, () => calls.push('done')), calls };
}

/** Closing a node takes a turn of the event loop longer than its own close. */
const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 2; turns++) await new Promise((resolve) => setImmediate(resolve));
};

test('close: node without a close of its own -> done', async () => {
  const { request, calls } = nodeWith({});
  request();
  await settled();
  assert.deepEqual(calls, ['context closed', 'done']);
});

test('close: a node that drains -> done after it has drained', async () => {
  let drained = (): void => {};
  const { request, calls } = nodeWith({ close: () => new Promise((resolve) => (drained = resolve)) });
  request();
  await settled();
  assert.deepEqual(calls, []);
  drained();
  await settled();
  assert.deepEqual(calls, ['context closed', 'done']);
});

test('close: an error, thrown or rejected -> logged, and done', async () => {
  const broken = new Error('broken');
  const throws = (): never => {
    throw broken;
  };
  for (const close of [throws, () => Promise.reject(broken)]) {
    const { request, calls } = nodeWith({ close });
    request();
    await settled();
    assert.deepEqual(calls, ['broken', 'context closed', 'done']);
  }
});

test('close: longer than 14 s -> logged, and done', async () => {
  const { request, calls } = nodeWith({ close: () => new Promise(() => {}) });
  request();
  await settled();
  mock.timers.tick(13_999);
  await settled();
  assert.deepEqual(calls, []);
  mock.timers.tick(1);
  await settled();
  assert.deepEqual(calls, ['The node did not close within 14 s.', 'context closed', 'done']);
});
