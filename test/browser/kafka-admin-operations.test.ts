import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import type { Page } from 'playwright-core';
import { type Broker, startBroker } from '../../dev/kafka/broker';
import {
  OPERATIONS,
  type Operation,
  type OperationSchema,
  operationSchemas,
} from '../../src/kafka/admin/operations';
import { type AdminDialogs, admin, choose, field, openDialogs } from './admin-dialog';
import type { Editor } from './editor';

let dialogs: AdminDialogs;
let broker: Broker;

before(async () => {
  // The operations on ACLs need an authorizer.
  broker = await startBroker({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
    },
  });
  dialogs = await openDialogs();
});
after(async () => {
  await dialogs?.close();
  await broker?.stop();
});

const topic = 'tweets';
const group = 'readers, and more';
const day = 86_400_000;
const newest = Date.UTC(2026, 7, 22, 12, 0, 30);

/** Five records, a day apart. */
async function produce(): Promise<void> {
  const kafka = new Kafka({ brokers: [broker.brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const messages = [4, 3, 2, 1, 0].map((days) => ({
    ...{ value: `<b>${days}</b>`, partition: 0, timestamp: String(newest - days * day) },
  }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

interface Step {
  operation: Operation;
  target?: string;
  /** Text by the field of an option; true and false are a check box, a list the cells of a row. */
  fields?: Record<string, string | boolean | string[]>;
  /** Part of the answer, once it is carried out. */
  answer: object;
  next?: () => Promise<void>;
}

const steps: Step[] = [
  {
    ...{ operation: 'topics.ensure', target: topic },
    fields: { partitions: '2', configs: ['retention.ms', '-1'] },
    answer: [{ topic, created: true, partitions: 2 }],
    next: produce,
  },
  { operation: 'topics.list', fields: { internal: true }, answer: [topic] },
  {
    ...{ operation: 'topics.describe', target: topic },
    answer: [{ configs: { 'retention.ms': '-1' }, partitions: [{ partition: 0 }, { partition: 1 }] }],
  },
  {
    ...{ operation: 'offsets.list', target: topic, fields: { time: '2026-08-20T12:00:30' } },
    answer: [
      {
        records: 5,
        partitions: [
          { latest: '5', atTime: '2' },
          { latest: '0', atTime: null },
        ],
      },
    ],
  },
  {
    ...{ operation: 'records.peek', target: topic, fields: { last: '2', format: 'text' } },
    answer: {
      records: [
        { offset: '4', value: '<b>0</b>' },
        { offset: '3', timestamp: newest - day },
      ],
    },
  },
  {
    ...{ operation: 'configs.change', target: topic, fields: { set: ['max.message.bytes', '900000'] } },
    answer: { changes: [{ config: 'max.message.bytes', after: '900000' }] },
  },
  {
    ...{ operation: 'configs.describe', target: topic },
    answer: [{ name: topic, configs: [{ name: 'max.message.bytes', value: '900000', source: 'topic' }] }],
  },
  {
    ...{ operation: 'groups.resetOffsets', target: group },
    fields: { offsets: [topic, '0', '2'], create: true },
    answer: { group, partitions: [{ topic, partition: 0, before: null, after: '2', lag: 3 }] },
  },
  { operation: 'groups.list', fields: { types: 'classic' }, answer: [{ group, type: 'classic' }] },
  { operation: 'groups.describe', target: group, answer: [{ group, state: 'Empty', members: [] }] },
  {
    ...{ operation: 'groups.lag', target: group, fields: { topics: topic } },
    answer: [{ group, lag: 3, partitions: [{ committed: '2', latest: '5' }] }],
  },
  {
    ...{ operation: 'groups.deleteOffsets', target: group, fields: { topics: topic } },
    answer: { group, partitions: [{ topic, partition: 0, before: '2' }] },
  },
  {
    ...{ operation: 'records.delete', target: topic, fields: { offsets: ['0', '2'] } },
    answer: { topics: [{ topic, records: 2, partitions: [{ before: '0', after: '2' }] }] },
  },
  {
    ...{ operation: 'topics.addPartitions', target: topic, fields: { partitions: '4', replicas: '1, 1' } },
    answer: { topics: [{ topic, before: 2, after: 4 }] },
  },
  { operation: 'topics.empty', target: topic, answer: { topics: [{ topic, records: 3 }] } },
  {
    ...{ operation: 'acls.create', target: 'User:alice' },
    fields: { resource: 'topic', name: topic, operations: 'read, write' },
    answer: { acls: [{ operation: 'read', name: topic }, { operation: 'write' }] },
  },
  { operation: 'acls.list', fields: { operations: 'write' }, answer: [{ principal: 'User:alice' }] },
  {
    ...{ operation: 'acls.delete', target: 'User:alice', fields: { operations: 'read' } },
    answer: { acls: [{ operation: 'read', name: topic }] },
  },
  { operation: 'cluster.describe', answer: { brokers: [{ broker: 1 }], controller: 1 } },
  { operation: 'groups.delete', target: group, answer: { deleted: true, groups: [{ group }] } },
  { operation: 'topics.delete', target: topic, answer: { deleted: true, topics: [{ topic }] } },
];

async function fill(editor: Editor, { operation, target = '', fields = {} }: Step): Promise<void> {
  const { page } = editor;
  await choose(editor, operation);
  await page.evaluate(`$('#node-input-target').typedInput('value', ${JSON.stringify(target)})`);
  for (const [name, value] of Object.entries(fields)) {
    const input = page.locator(field(name));
    if (typeof value === 'boolean') await input.setChecked(value);
    else if (Array.isArray(value)) {
      const cells = input.locator('xpath=..').locator('input');
      for (const [at, cell] of value.entries()) await cells.nth(at).fill(cell);
    } else if (await input.evaluate(({ tagName }) => tagName === 'SELECT')) await input.selectOption(value);
    else await input.fill(value);
  }
}

/** What Run now shows as JSON. */
async function shown(page: Page): Promise<{ dryRun?: boolean }> {
  const state = page.locator('#node-input-run-state');
  const result = page.locator('#node-input-run-result pre');
  await result
    .or(state.filter({ hasText: /[^…]$/ }))
    .first()
    .waitFor({ state: 'attached' });
  assert.ok((await result.count()) === 1, (await state.textContent()) ?? '');
  return JSON.parse((await result.textContent()) ?? '');
}

/** What an answer has of the fields, and of the first items of the lists, that are expected. */
function partOf(answer: unknown, expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map((item, at) => partOf((answer as unknown[])[at], item));
  if (typeof expected !== 'object' || expected === null) return answer;
  const given = Object(answer) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(expected).map(([name, part]) => [name, partOf(given[name], part)]),
  );
}

test('kafka-admin dialog: each operation by Run now -> its answer; destructive ones after the name is typed', async () => {
  assert.deepEqual([...new Set(steps.map(({ operation }) => operation))].sort(), [...OPERATIONS].sort());
  const node = admin('topics.list', {}, { target: '', targetType: 'str' });
  const editor = await dialogs.editorOn(node, { brokers: broker.brokers });
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    for (const step of steps) {
      const { destructive }: OperationSchema = operationSchemas[step.operation];
      await fill(editor, step);
      assert.equal(await page.locator('.x-to-kafka-note:not(:empty)').count(), 0, step.operation);
      await page.click('#node-input-run');
      let answer = await shown(page);
      if (destructive) {
        assert.equal(answer.dryRun, true, step.operation);
        await page.fill('#node-input-run-name', step.target ?? '');
        await page.click('#node-input-run-execute');
        await page.locator('#node-input-run-result', { hasText: 'dryRun: false' }).waitFor();
        answer = await shown(page);
      }
      assert.deepEqual(partOf(answer, step.answer), step.answer, step.operation);
      await step.next?.();
    }
  });
  await page.close();
});
