import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, afterEach, before, test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { defineNode } from '../../src/node-red/define';
import { Problem } from '../../src/util/problem';
import { until } from '../until';
import { type Flow, helper, Inbox } from './flow';

/** What the debug sidebar receives, already encoded. */
interface Shown {
  id: string;
  format: string;
  msg: unknown;
}

// The helper loads only the Catch node by itself.
const debugNode = createRequire(require.resolve('node-red'))('@node-red/nodes/core/common/21-debug') as (
  RED: NodeAPI,
) => void;

const cause = 'a cause that is far longer than the thirty characters of a string inside an object';
const failure = new Problem('config-invalid', { what: 'kafka-cluster' }, { cause: new Error(cause) });

let shown: Shown[] = [];
const onComms = ({ topic, data }: { topic: string; data: Shown }): void => {
  if (topic === 'debug') shown.push(data);
};
let events: NodeAPI['events'] | undefined;

before(() => helper.startServer());
afterEach(async () => {
  events?.off('comms', onComms);
  shown = [];
  await helper.unload();
});
after(() => helper.stopServer());

/** A node that fails to start, and one that fails with what the message holds; the Debug node fills the sidebar. */
async function load(more: Flow = []): Promise<void> {
  const register = (RED: NodeAPI): void => {
    events = RED.events;
    RED.events.on('comms', onComms);
    defineNode(RED, 'test-unstarted', () => {
      throw failure;
    });
    defineNode(RED, 'test-failing', () => ({
      input({ payload }) {
        throw payload;
      },
    }));
  };
  const nodes = [
    { id: 'n-unstarted', type: 'test-unstarted' },
    { id: 'n-failing', type: 'test-failing' },
    { id: 'n-debug', type: 'debug', active: true },
    ...more,
  ].map((node) => ({ z: 'tab-1', ...node }));
  await helper.load([register, debugNode], [{ id: 'tab-1', type: 'tab', label: 'test' }, ...nodes] as never);
}

const give = (payload: unknown): void => helper.getNode('n-failing').receive({ payload } as never);
const shownOf = (id: string): Shown | undefined => shown.find((entry) => entry.id === id);

test('error without Catch node -> the whole sentence as text in the debug sidebar', async () => {
  await load();
  give(failure);
  for (const id of ['n-failing', 'n-unstarted']) {
    await until(() => shownOf(id), id);
    assert.deepEqual([shownOf(id)?.msg, shownOf(id)?.format], [failure.message, 'String']);
  }
});

test('unexpected error without Catch node -> its sentence in the debug sidebar', async () => {
  await load();
  give(new TypeError(cause));
  await until(() => shownOf('n-failing'), 'the error');
  assert.equal(shownOf('n-failing')?.msg, `Unexpected error: ${cause}`);
});

test('error with Catch node -> sentence, key and source; a stack only if it is unexpected', async () => {
  await load([
    { id: 'n-catch', type: 'catch', scope: ['n-failing'], wires: [['n-caught']] },
    { id: 'n-caught', type: 'helper' },
  ]);
  const caught = new Inbox('n-caught');
  give(failure);
  const source = { id: 'n-failing', type: 'test-failing', name: undefined, count: 1 };
  assert.deepEqual((await caught.next()).error, { message: failure.message, source, code: 'config-invalid' });
  const thrown = new TypeError(cause);
  give(thrown);
  assert.deepEqual((await caught.next()).error, {
    message: `Unexpected error: ${cause}`,
    source,
    code: 'unexpected',
    stack: thrown.stack,
  });
  assert.equal(shownOf('n-failing'), undefined);
});
