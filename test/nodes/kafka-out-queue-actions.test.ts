import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeAPI } from 'node-red';
import { runCommand } from '../../nodes/kafka-out/command';
import type { QueueActions } from '../../nodes/kafka-out/queue-actions';
import type { StoredMessage } from '../../src/kafka/delivery/record/stored-message';
import type { Message } from '../../src/node-red/define';
import { Problem } from '../../src/util/problem';
import { inWords } from './server-language';

type Commanded = Parameters<typeof runCommand>[1];

const words = inWords('en-US');
const context = { id: 'n-out', RED: { _: words } as unknown as NodeAPI, words };
const orphan = { id: 'n-deleted', folder: '/user/twitter-kafka/n-deleted', segments: 2, bytes: 900 };
const status = { onDisk: 5, onlyOnDisk: 5, draining: false, drainPerSecond: 0, foreign: 0, full: false };
const report = {
  records: 5,
  bytes: 900,
  oldest: 7,
  limit: 1000,
  free: 5000,
  damaged: 0,
  damagedBytes: 0,
  otherCluster: 0,
  topics: [{ topic: 'tweets', records: 5, cause: new Problem('not-authorized', { topic: 'tweets' }) }],
};

/** Runs a command on an outbox whose queue answers each call with 5 records. */
async function run(
  command: object,
  part: Partial<QueueActions> = {},
): Promise<{ payload: Record<string, unknown>; calls: unknown[]; sent: Message[] }> {
  const calls: unknown[] = [];
  const sent: Message[] = [];
  const called = async (name: string, ...args: unknown[]): Promise<number> => {
    calls.push([name, ...args]);
    return 5;
  };
  const queue: QueueActions = {
    queueStatus: status,
    queueReport: () => report,
    exportQueue: () => called('export'),
    discardQueue: (...args) => called('discard', ...args),
    adoptQueue: (...args) => called('adopt', ...args),
    ...part,
  };
  const msg = { _msgid: 'm', ...command } as Message;
  const outbox = queue as unknown as Commanded;
  const send = (message: unknown): void => void sent.push(message as Message);
  await runCommand(context, outbox, msg, send, async () => [orphan]);
  return { payload: msg.payload as Record<string, unknown>, calls, sent };
}

test('queue action: queue -> report with causes as sentences, and the orphans', async () => {
  const { payload } = await run({ action: 'queue' });
  const { topics, orphans, ...rest } = payload;
  const { topics: _, ...numbers } = report;
  assert.match(JSON.stringify(topics), /^\[{"topic":"tweets","records":5,"cause":"[A-Z].{20,}"}\]$/);
  assert.deepEqual(orphans, [orphan]);
  assert.deepEqual(rest, numbers);
});

test('queue action: export -> a message for each record, in order, one per turn; then the command', async () => {
  const records: StoredMessage[] = [
    { msgid: 'm1', topic: 'tweets', key: 'k', payload: { id: '1' }, timestamp: 1 },
    {
      topic: 'tweets',
      key: null,
      payload: Buffer.from('x'),
      timestamp: 2,
      partition: 0,
      headers: { a: 'b' },
    },
  ];
  let turns = 0;
  const { payload, sent } = await run(
    { action: 'export' },
    {
      async exportQueue(emit) {
        for (const record of records) {
          const turn = new Promise((resolve) => setImmediate(resolve)).then(() => turns++);
          await emit(record);
          await turn;
        }
        return records.length;
      },
    },
  );
  assert.deepEqual(payload, { exported: 2 });
  assert.equal(turns, 2);
  const kafka = { exported: true };
  assert.deepEqual(sent, [
    { _msgid: 'm1', topic: 'tweets', key: 'k', payload: { id: '1' }, timestamp: 1, kafka },
    {
      ...{ topic: 'tweets', key: null, payload: Buffer.from('x'), timestamp: 2 },
      ...{ partition: 0, headers: { a: 'b' }, kafka },
    },
  ]);
});

test('queue action: discard and adopt without the right confirm -> dry run that names it', async () => {
  const table: Array<[object, string, unknown[]]> = [
    [{ action: 'discard' }, 'n-out', ['discard', { topic: undefined }, true]],
    [{ action: 'discard', topic: '' }, 'n-out', ['discard', { topic: undefined }, true]],
    [{ action: 'discard', confirm: 'n-other' }, 'n-out', ['discard', { topic: undefined }, true]],
    [{ action: 'discard', confirm: true }, 'n-out', ['discard', { topic: undefined }, true]],
    [
      { action: 'discard', topic: 'tweets', confirm: 'n-out' },
      'tweets',
      ['discard', { topic: 'tweets' }, true],
    ],
    [{ action: 'adopt' }, 'n-out', ['adopt', { folder: undefined }, true]],
    [{ action: 'adopt', folder: 'n-deleted' }, 'n-deleted', ['adopt', { folder: orphan.folder }, true]],
    [{ action: 'adopt', folder: orphan.folder }, orphan.folder, ['adopt', { folder: orphan.folder }, true]],
  ];
  for (const [command, confirm, call] of table) {
    const dry = await run(command);
    assert.deepEqual(dry.payload, { dryRun: true, records: 5, confirm }, JSON.stringify(command));
    assert.deepEqual(dry.calls, [call]);
    const real = await run({ ...command, confirm: dry.payload.confirm });
    assert.deepEqual(real.payload, { dryRun: false, records: 5 });
    assert.deepEqual(real.calls, [[...call.slice(0, 2), false]]);
  }
});

test('queue action: properties that it does not accept -> error, nothing is called', async () => {
  const table: Array<[object, string]> = [
    [{ action: 'discard', topic: 5 }, 'selection-invalid'],
    [{ action: 'adopt', folder: ['n-deleted'] }, 'selection-invalid'],
    [{ action: 'discard', folder: 'n-deleted', confirm: 'n-out' }, 'discard-folder'],
    [{ action: 'adopt', topic: 'tweets', confirm: 'tweets' }, 'adopt-topic'],
    [{ action: 'adopt', folder: 'n-deleted', topic: 'tweets' }, 'adopt-topic'],
    [{ action: 'adopt', folder: '/etc', confirm: '/etc' }, 'adopt-unknown'],
    [{ action: 'adopt', folder: '../twitter-kafka/n-running' }, 'adopt-unknown'],
    [{ action: 'adopt', folder: 'n-out', confirm: 'n-out' }, 'adopt-unknown'],
  ];
  const fail = async (): Promise<never> => assert.fail('called');
  for (const [command, key] of table) {
    await assert.rejects(
      run(command, { discardQueue: fail, adoptQueue: fail }),
      { name: 'Problem', key },
      JSON.stringify(command),
    );
  }
  await assert.rejects(run({ action: 'adopt', folder: '/etc' }), /“\/etc”.* n-deleted\./);
});

test('queue action: adopt with a queue in memory only -> error; discard and export -> 0 records', async () => {
  const memory = { queueStatus: undefined };
  await assert.rejects(run({ action: 'adopt' }, memory), { name: 'Problem', key: 'adopt-memory' });
  assert.ok((await run({ action: 'discard' }, memory)).payload.dryRun);
});

test('queue action: unknown action -> error lists all', async () => {
  const known = /flush, pause, resume, status, queue, export, discard, adopt/;
  await assert.rejects(run({ action: 'delete' }), known);
});
