import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../dev/paths';

const dir = mkdtempSync(join(tmpdir(), 'failed-tests-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const files = {
  'passes.mjs': `test('passes', () => {});`,
  'fails.mjs': `test('fails', () => { throw new Error('no'); });`,
  'hangs.mjs': `describe('a suite', () => { it('passes', () => {}); it('hangs', () => hang()); });`,
  'open.mjs': `test('passes', () => {}); hang();`,
};

test('failed tests: a line each at the end; for a file at its time limit, the test that was running', () => {
  for (const [name, text] of Object.entries(files)) {
    const hang = 'const hang = () => new Promise((resolve) => setTimeout(resolve, 60_000));';
    writeFileSync(join(dir, name), `import { describe, it, test } from 'node:test';\n${hang}\n${text}\n`);
  }
  // This variable would make it a part of this test.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const reporter = join(root, 'dev/failed-tests.mjs');
  const args = ['--test', '--test-timeout=2000', '--test-concurrency=4', `--test-reporter=${reporter}`];
  const { stdout } = spawnSync(process.execPath, [...args, ...Object.keys(files)], {
    cwd: dir,
    env,
    encoding: 'utf8',
  });
  assert.match(stdout, /^Failed tests:\n/m);
  assert.match(stdout, /^fails\.mjs:\d+: fails\n {4}no$/m);
  assert.match(stdout, /^hangs\.mjs: timed out in the test "a suite > hangs"$/m);
  assert.match(stdout, /^open\.mjs: timed out in a hook, or with a timer or socket still open$/m);
  assert.doesNotMatch(stdout, /passes/);
});
