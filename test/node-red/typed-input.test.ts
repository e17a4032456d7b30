import assert from 'node:assert/strict';
import { test } from 'node:test';
import { util } from '@node-red/util';
import type { Node, NodeAPI } from 'node-red';
import { readFields, typedReader } from '../../src/node-red/typed-input';

const RED = { util } as unknown as NodeAPI;
const late = new Map<string, unknown>([['count', 7]]);
// A context store that calls back in a later turn, like one on disk or in a database.
const store = {
  get: (key: string, _store: unknown, done: (error: null, value: unknown) => void) =>
    setImmediate(() => done(null, late.get(key))),
};
const node = {
  id: 'n',
  _flow: { getSetting: () => undefined },
  context: () => ({ flow: store, global: store }),
} as unknown as Node;
const read = (value: string, type: string | undefined, msg: object = {}): unknown =>
  typedReader(RED, node, 'field', value, type)(msg as never);

test('typedReader: a value and its type -> only the type decides how it is read', async () => {
  const msg = { payload: 'p', a: { b: [1, 2] } };
  assert.equal(read('payload', 'msg', msg), 'p');
  assert.equal(read('payload', 'str', msg), 'payload');
  assert.equal(read('payload', undefined, msg), 'payload');
  assert.equal(read('a.b[1]', 'msg', msg), 2);
  assert.equal(read('5', 'num'), 5);
  assert.equal(read('true', 'bool'), true);
  assert.deepEqual(read('{"x":1}', 'json'), { x: 1 });
  assert.equal(await read('count', 'flow'), 7);
});

test('typedReader: a blank field or a missing property -> undefined', () => {
  for (const type of ['msg', 'str', 'num', 'json', 'jsonata', 'flow', 'env'])
    assert.equal(read('', type), undefined);
  assert.equal(read('missing', 'msg'), undefined);
  assert.equal(read('a.b.c', 'msg', {}), undefined);
});

test('typedReader: invalid JSON or JSONata, unset variable -> a Problem', () => {
  assert.throws(() => read('{broken', 'json'), { key: 'typed-invalid' });
  assert.throws(() => typedReader(RED, node, 'field', '$broken(', 'jsonata'), { key: 'typed-invalid' });
  assert.throws(() => read('SURELY_NOT_SET_ANYWHERE', 'env'), { key: 'env-unset' });
});

test('readFields: a promise only if a reader returns one', async () => {
  const constant = () => 1;
  const delayed = async () => 2;
  assert.deepEqual(readFields({ a: constant, b: constant }, {} as never), { a: 1, b: 1 });
  const both = readFields({ a: constant, b: delayed }, {} as never);
  assert.ok(both instanceof Promise);
  assert.deepEqual(await both, { a: 1, b: 2 });
});
