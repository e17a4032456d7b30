import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Node } from 'node-red';
import { connected, failing, StatusLight } from '../../src/node-red/status';

test('a status is shown at most twice a second: the first at once, then the newest, the same never twice', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const shown: string[] = [];
    const node = { status: ({ text }: { text: string }) => shown.push(text) } as unknown as Node;
    const light = new StatusLight(node);
    for (let number = 0; number < 100; number++) light.show(failing(`try ${number}`));
    assert.deepEqual(shown, ['try 0']);
    mock.timers.tick(500);
    assert.deepEqual(shown, ['try 0', 'try 99']);
    light.show(failing('try 99'));
    mock.timers.tick(500);
    assert.equal(shown.length, 2);
    light.show(failing('x'.repeat(50)));
    assert.equal(shown[2]?.length, 32);
    light.show(connected);
    light.close();
    mock.timers.tick(5000);
    assert.equal(shown.length, 3);
  } finally {
    mock.timers.reset();
  }
});
