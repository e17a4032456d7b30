import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Node } from 'node-red';
import { failing, fine, StatusLight } from '../../src/node-red/status';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** In the light's own steps: a mocked timer that is set while time passes counts from the end of the step. */
function minute(): void {
  for (let step = 0; step < 120; step++) mock.timers.tick(500);
}

/** A light, what it has shown, and how often a live status was worked out. */
function lightOn(state: { text: string; changing: boolean }): {
  light: StatusLight;
  shown: string[];
  live: () => { status: ReturnType<typeof fine>; changing: boolean };
  asked: () => number;
} {
  const shown: string[] = [];
  let asked = 0;
  const node = { status: ({ text }: { text: string }) => shown.push(text) } as unknown as Node;
  const live = () => {
    asked++;
    return { status: fine(state.text), changing: state.changing };
  };
  return { light: new StatusLight(node), shown, live, asked: () => asked };
}

test('a live status is worked out twice a second at most, however often it is asked to be shown', () => {
  const state = { text: '1', changing: false };
  const { light, shown, live, asked } = lightOn(state);
  for (let number = 0; number < 100; number++) light.show(live);
  assert.equal(asked(), 1);
  state.text = '2';
  mock.timers.tick(500);
  assert.deepEqual([shown, asked()], [['1', '2'], 2]);
  // Unchanged, it still is not worked out for each.
  for (let number = 0; number < 100; number++) light.show(live);
  mock.timers.tick(500);
  for (let number = 0; number < 100; number++) light.show(live);
  assert.deepEqual([shown, asked()], [['1', '2'], 3]);
  light.close();
});

test('one that changes by itself is looked at until it rests; a failure that is shown meanwhile stays', () => {
  const state = { text: 'fast', changing: true };
  const { light, shown, live, asked } = lightOn(state);
  light.show(live);
  state.text = 'slow';
  mock.timers.tick(500);
  state.text = 'still';
  state.changing = false;
  mock.timers.tick(500);
  assert.deepEqual(shown, ['fast', 'slow', 'still']);
  minute();
  assert.equal(asked(), 3);

  Object.assign(state, { text: 'fast again', changing: true });
  light.show(live);
  light.show(failing('no value'));
  minute();
  assert.deepEqual(shown.slice(3), ['fast again', 'no value']);
  assert.equal(asked(), 4);
  light.show(live);
  assert.equal(asked(), 5);
  light.close();
  minute();
  assert.equal(asked(), 5);
});
