import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OPERATIONS, type Operation, operationSchemas } from '../../../src/kafka/admin/operations';
import { readOptions } from '../../../src/kafka/admin/option-values';
import { Problem } from '../../../src/util/problem';

const keyOf = (operation: Operation, options: Record<string, unknown>): string => {
  try {
    readOptions(operation, options);
    return 'valid';
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error.key;
  }
};

test('options: left out or blank -> their defaults', () => {
  const defaults = { time: undefined, age: undefined, isolation: 'uncommitted' };
  for (const options of [{}, { time: '', age: null, isolation: undefined }]) {
    assert.deepEqual(readOptions('offsets.list', options), defaults);
  }
});

test('options: times, ages, lists, counts -> as Kafka needs them', () => {
  const time = Date.parse('2026-08-22T12:00:00Z');
  for (const value of [time, String(time), new Date(time), '2026-08-22T12:00:00Z', '2026-08-22T12:00Z']) {
    assert.equal(readOptions('offsets.list', { time: value }).time, time, String(value));
  }
  for (const [age, ms] of [
    ['90 s', 90_000],
    ['15 min', 900_000],
    ['72 h', 259_200_000],
    ['7d', 604_800_000],
    ['1.5 h', 5_400_000],
  ] as const) {
    assert.equal(readOptions('offsets.list', { age }).age, ms);
  }
  const { partitions } = readOptions('records.delete', { offset: 1, partitions: '0, 2' });
  assert.deepEqual(partitions, [0, 2]);
  assert.deepEqual(readOptions('groups.list', { types: 'SHARE,classic' }).types, ['share', 'classic']);
  assert.equal(readOptions('topics.addPartitions', { partitions: '6' }).partitions, 6);
  for (const replicas of [
    '1:2, 2:3',
    [
      [1, 2],
      ['2', 3],
    ],
  ]) {
    const read = readOptions('topics.ensure', { replicas });
    assert.deepEqual(read.replicas, [
      [1, 2],
      [2, 3],
    ]);
  }
  assert.equal(readOptions('groups.resetOffsets', { shift: '-10' }).shift, -10);
  const { offsets } = readOptions('groups.resetOffsets', { offsets: { 'a/b': { 1: '9007199254740993' } } });
  assert.deepEqual([...(offsets ?? [])], [['a/b/1', 9007199254740993n]]);
  assert.deepEqual(readOptions('configs.change', { append: { x: ['a', 1] } }).append, { x: 'a,1' });
});

test('options: invalid -> the option is named, with what it must be', () => {
  for (const [operation, options, key] of [
    ['offsets.list', { time: 'soon' }, 'option-invalid'],
    ['offsets.list', { time: new Date(Number.NaN) }, 'option-invalid'],
    ['offsets.list', { time: '22.08.2026' }, 'option-invalid'],
    ['offsets.list', { age: 72 }, 'option-invalid'],
    ['offsets.list', { age: '3 weeks' }, 'option-invalid'],
    ['offsets.list', { time: 1, age: '1 h' }, 'option-invalid'],
    ['offsets.list', { isolation: 'some' }, 'option-invalid'],
    ['topics.describe', { all: true }, 'option-unknown'],
    ['topics.ensure', { partitions: 1, replicas: [[1]] }, 'option-invalid'],
    ['topics.ensure', { replicas: [[1, 1]] }, 'option-invalid'],
    ['topics.ensure', { replicas: [] }, 'option-invalid'],
    ['topics.ensure', { replicas: '1:x' }, 'option-invalid'],
    ['topics.ensure', { replicas: '1:1' }, 'option-invalid'],
    ['topics.ensure', { replicas: [[1, '1']] }, 'option-invalid'],
    ['topics.delete', { dryRun: 'yes' }, 'option-invalid'],
    ['records.delete', {}, 'option-missing'],
    ['records.delete', { offsets: { 0: -1 } }, 'option-invalid'],
    ['records.delete', { offsets: { zero: 1 } }, 'option-invalid'],
    ['configs.change', { set: [] }, 'option-invalid'],
    ['configs.change', { set: { x: null } }, 'option-invalid'],
    ['groups.resetOffsets', { shift: 1.5 }, 'option-invalid'],
    ['groups.resetOffsets', { offsets: { t: {} } }, 'option-invalid'],
  ] as const) {
    assert.equal(keyOf(operation, options), key, JSON.stringify([operation, options]));
  }
  assert.throws(() => readOptions('topics.describe', { partition: 3 }), {
    message: 'Unknown option “partition”. Supported: topics.describe has none.',
  });
});

test('options of any shape -> read, or one sentence', () => {
  const operation = fc.constantFrom(...OPERATIONS);
  const request = operation.chain((name) => {
    const names = Object.keys(operationSchemas[name].options);
    const option = names.length > 0 ? fc.oneof(fc.constantFrom(...names), fc.string()) : fc.string();
    return fc.tuple(fc.constant(name), fc.dictionary(option, fc.anything(), { maxKeys: 4 }));
  });
  fc.assert(
    fc.property(request, ([name, options]) => {
      const key = keyOf(name, options);
      assert.match(key, /^(valid|option-(unknown|invalid|missing))$/);
    }),
    { numRuns: 5000 },
  );
});
