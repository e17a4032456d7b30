import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Node } from 'node-red';
import { connected, errorStatus, StatusLight } from '../../src/node-red/status';

test('StatusLight: 100 statuses -> the first at once, the latest after 500 ms, none twice', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const shown: string[] = [];
    const node = { status: ({ text }: { text: string }) => shown.push(text) } as unknown as Node;
    const light = new StatusLight(node);
    for (let number = 0; number < 100; number++) light.show(errorStatus(`try ${number}`));
    assert.deepEqual(shown, ['try 0']);
    mock.timers.tick(500);
    assert.deepEqual(shown, ['try 0', 'try 99']);
    light.show(errorStatus('try 99'));
    mock.timers.tick(500);
    assert.equal(shown.length, 2);
    light.show(errorStatus('x'.repeat(50)));
    assert.equal(shown[2]?.length, 32);
    light.show(connected);
    light.close();
    mock.timers.tick(5000);
    assert.equal(shown.length, 3);
  } finally {
    mock.timers.reset();
  }
});
