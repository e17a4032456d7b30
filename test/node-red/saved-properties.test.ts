import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PropertyTable, propertyProblem, SavedProperties } from '../../src/node-red/saved-properties';

const table = {
  text: { default: 'a' },
  seconds: { default: 30, minimum: 0.5 },
  count: { default: 1, minimum: 1, maximum: 100, integer: true },
  limit: { default: '', minimum: 1 },
  mode: { default: 'fast', choices: ['fast', 'slow'] },
} as const satisfies PropertyTable;

const read = (saved: object): SavedProperties<typeof table> => new SavedProperties(table, saved);

test('saved properties: missing property -> its default', () => {
  const settings = read({});
  assert.deepEqual(
    [settings.get('text'), settings.number('seconds'), settings.number('count'), settings.choice('mode')],
    ['a', 30, 1, 'fast'],
  );
});

test('saved properties: blank number or choice -> the default; blank text -> blank', () => {
  for (const blank of ['', ' ', null]) {
    const settings = read({ seconds: blank, limit: blank, mode: blank, text: '' });
    assert.deepEqual(
      [settings.number('seconds'), settings.choice('mode'), settings.get('text')],
      [30, 'fast', ''],
    );
    assert.equal(settings.number('limit'), undefined);
  }
});

test('saved properties: number or its digits in a string -> the number', () => {
  for (const [value, number] of [
    [2, 2],
    ['2', 2],
    [0.5, 0.5],
    [' 1e3 ', 1000],
  ] as const) {
    assert.equal(read({ seconds: value }).number('seconds'), number);
  }
  // An environment variable leaves a string.
  assert.equal(read({ limit: '7' }).number('limit'), 7);
  assert.equal(read({ mode: 'slow' }).choice('mode'), 'slow');
});

test('saved properties: invalid number, fraction of an integer, unknown choice -> Problem', () => {
  for (const value of ['soon', 0.4, -1, Number.NaN, Number.POSITIVE_INFINITY, true, {}, '${UNSET}']) {
    assert.throws(() => read({ seconds: value }).number('seconds'), {
      key: 'number-invalid',
      params: { field: 'seconds', least: 0.5 },
    });
  }
  for (const value of [1.5, '1.5', 0, '0', 'one', '1,000', Number.POSITIVE_INFINITY]) {
    assert.throws(() => read({ count: value }).number('count'), {
      key: 'integer-invalid',
      message: '“count” must be an integer of at least 1.',
    });
  }
  assert.throws(() => read({ count: 101 }).number('count'), {
    key: 'integer-too-large',
    message: '“count” must be an integer of at most 100.',
  });
  assert.throws(() => read({ mode: 'later' }).choice('mode'), {
    key: 'setting-unknown',
    params: { field: 'mode', value: 'later' },
  });
});

test('saved properties: text without bounds -> never a Problem', () => {
  for (const value of ['', 'x', 5, null]) assert.equal(propertyProblem('text', value, table.text), undefined);
});

test('saved properties: text -> with its environment variables, or the missing one', () => {
  const variable = (name: string): string | undefined => (name === 'SET' ? 'b' : undefined);
  const text = (saved: string): string => new SavedProperties(table, { text: saved }, variable).text('text');
  assert.equal(text('a${SET}c'), 'abc');
  assert.throws(() => text('a${UNSET}'), { key: 'env-unset', params: { field: 'text', name: 'UNSET' } });
  assert.equal(read({ text: '${UNSET}' }).text('text'), '${UNSET}', 'filled in already');
});
