import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Node } from 'node-red';
import { errorStatus, okStatus, StatusLight } from '../../src/node-red/status';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

/** In steps of the light's interval: a timer set during a tick counts from the end of the tick. */
function minute(): void {
  for (let step = 0; step < 120; step++) mock.timers.tick(500);
}

/** A light, the texts that it has shown, and how often it has computed the live status. */
function lightOn(state: { text: string; changing: boolean }): {
  light: StatusLight;
  shown: string[];
  live: () => { status: ReturnType<typeof okStatus>; changing: boolean };
  computed: () => number;
} {
  const shown: string[] = [];
  let computed = 0;
  const node = { status: ({ text }: { text: string }) => shown.push(text) } as unknown as Node;
  const live = () => {
    computed++;
    return { status: okStatus(state.text), changing: state.changing };
  };
  return { light: new StatusLight(node), shown, live, computed: () => computed };
}

test('StatusLight: 100 live statuses -> computed at most twice per second', () => {
  const state = { text: '1', changing: false };
  const { light, shown, live, computed } = lightOn(state);
  for (let number = 0; number < 100; number++) light.show(live);
  assert.equal(computed(), 1);
  state.text = '2';
  mock.timers.tick(500);
  assert.deepEqual([shown, computed()], [['1', '2'], 2]);
  // Unchanged, it is still not computed for each call.
  for (let number = 0; number < 100; number++) light.show(live);
  mock.timers.tick(500);
  for (let number = 0; number < 100; number++) light.show(live);
  assert.deepEqual([shown, computed()], [['1', '2'], 3]);
  light.close();
});

test('StatusLight: a changing live status -> computed until it rests or another one is shown', () => {
  const state = { text: 'fast', changing: true };
  const { light, shown, live, computed } = lightOn(state);
  light.show(live);
  state.text = 'slow';
  mock.timers.tick(500);
  state.text = 'still';
  state.changing = false;
  mock.timers.tick(500);
  assert.deepEqual(shown, ['fast', 'slow', 'still']);
  minute();
  assert.equal(computed(), 3);

  Object.assign(state, { text: 'fast again', changing: true });
  light.show(live);
  light.show(errorStatus('no value'));
  minute();
  assert.deepEqual(shown.slice(3), ['fast again', 'no value']);
  assert.equal(computed(), 4);
  light.show(live);
  assert.equal(computed(), 5);
  light.close();
  minute();
  assert.equal(computed(), 5);
});
