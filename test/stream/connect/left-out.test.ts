import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeftOut } from '../../../src/stream/connect/left-out';

test('left out: cumulative counts of a connection -> each increase; another connection -> from 0', () => {
  const leftOut = new LeftOut();
  assert.deepEqual(
    [5, 5, undefined, 12, 3].map((total) => leftOut.increase(total)),
    [5, 0, 0, 7, 0],
  );
  leftOut.opened();
  assert.equal(leftOut.increase(3), 3);
});
