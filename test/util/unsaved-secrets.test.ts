import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filledIn, UnsavedSecrets } from '../../src/util/unsaved-secrets';

const rejected = {
  notDeployed: 'secret-not-deployed',
  stored: 'secret-elsewhere',
  variable: 'secret-variable',
} as const;
const variable = (name: string): string | undefined => (name === 'SET' ? 'its value' : undefined);
const deployedTo = (isDeployedAddress: boolean): UnsavedSecrets =>
  new UnsavedSecrets(() => isDeployedAddress, variable, rejected);
const there = deployedTo(true);
const elsewhere = deployedTo(false);

test('unsaved secrets: entered text -> as entered, for any address', () => {
  for (const secrets of [there, elsewhere]) {
    assert.equal(secrets.secret('password', 'entered', 'stored'), 'entered');
    assert.equal(secrets.secret('password', '', 'stored'), '');
    assert.equal(secrets.text('username', 'alice'), 'alice');
    assert.equal(secrets.text('username', undefined), undefined);
  }
});

test('unsaved secrets: stored secret -> only for the deployed address', () => {
  for (const entered of [undefined, '__PWRD__']) {
    assert.equal(there.secret('password', entered, 'stored'), 'stored');
    assert.throws(() => elsewhere.secret('password', entered, 'stored'), { key: 'secret-elsewhere' });
    for (const secrets of [there, elsewhere]) {
      assert.throws(() => secrets.secret('password', entered, undefined), { key: 'secret-not-deployed' });
    }
  }
});

test('unsaved secrets: environment variable -> only for the deployed address', () => {
  for (const text of ['\u0024{SET}', ' \u0024{SET} ']) {
    assert.equal(there.secret('password', text, 'stored'), 'its value');
    assert.equal(there.text('username', text), 'its value');
    const error = { key: 'secret-variable', params: { name: 'SET' } };
    assert.throws(() => elsewhere.secret('password', text, 'stored'), error);
    assert.throws(() => elsewhere.text('username', text), error);
  }
});

test('unsaved secrets: variable as a part -> filled in in a text, with the same rule; left in a secret', () => {
  assert.equal(there.text('username', 'a-\u0024{SET}'), 'a-its value');
  assert.throws(() => elsewhere.text('username', 'a-\u0024{SET}'), {
    key: 'secret-variable',
    params: { name: 'SET' },
  });
  for (const secrets of [there, elsewhere]) {
    assert.equal(secrets.secret('password', 'a\u0024{SET}', 'stored'), 'a\u0024{SET}');
  }
});

test('unsaved secrets: variable that is not set -> env-unset, with the field', () => {
  const error = { key: 'env-unset', params: { field: 'password', name: 'UNSET' } };
  assert.throws(() => there.secret('password', '\u0024{UNSET}', 'stored'), error);
  assert.throws(() => filledIn('password', '\u0024{UNSET}', variable), error);
});

test('filled in: text, variable, missing field -> text, value, undefined', () => {
  assert.deepEqual(
    ['a.example', '\u0024{SET}', 'x\u0024{SET}', undefined].map((text) => filledIn('url', text, variable)),
    ['a.example', 'its value', 'xits value', undefined],
  );
});
