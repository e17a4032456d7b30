import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Node } from 'node-red';
import { connected, errorStatus, type Status, StatusLight } from '../../src/node-red/status';

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
    mock.timers.tick(500);
    light.show(
      errorStatus(`@tweet-pipeline/node-red-twitter-kafka/kafka-cluster:problems.${'x'.repeat(50)}`),
    );
    assert.match(shown[3] ?? '', /x{50}$/, 'a key is not cut');
    light.show(connected);
    light.close();
    mock.timers.tick(5000);
    assert.equal(shown.length, 4);
  } finally {
    mock.timers.reset();
  }
});

test('StatusLight: any status -> its text in the server’s language as `message`', () => {
  const messages: string[] = [];
  const node = { status: ({ message }: { message: string }) => messages.push(message) } as unknown as Node;
  const show = (status: Status): void => {
    const light = new StatusLight(node, (key) => `text of ${key}`);
    light.show(status);
    light.close();
  };
  show(connected);
  show(errorStatus('retrying: no leader'));
  assert.deepEqual(messages, ['text of node-red:common.status.connected', 'retrying: no leader']);
});
