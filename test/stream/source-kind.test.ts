import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceKinds } from '../../src/stream/source-kind';

test('postId: a post -> its id; any other message -> undefined', () => {
  const { filtered, 'v1-filter': v1 } = sourceKinds;
  assert.equal(filtered.postId({ data: { id: '1178007813257388033' } }), '1178007813257388033');
  for (const other of [
    { data: { id: 5 } },
    { data: { id: 'x' } },
    { errors: [] },
    null,
    undefined,
    'text',
    1,
  ]) {
    assert.equal(filtered.postId(other), undefined);
  }
  assert.equal(v1.postId({ id_str: '12', text: 't' }), '12');
  assert.equal(v1.postId({ id_str: '12', full_text: 't' }), '12');
  for (const other of [
    { id: 12, text: 't' },
    { delete: { status: { id_str: '1' } } },
    { id_str: '7' },
    null,
    [],
    3,
  ]) {
    assert.equal(v1.postId(other), undefined);
  }
});
