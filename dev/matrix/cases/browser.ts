import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../paths';
import { nodeRedVersions, nodeVersions } from '../../runtimes/versions';
import { check } from '../check';
import { installPair } from '../pairs';
import type { Case } from './case';

const folder = 'test/browser';
const limitMs = 600_000;

const browser: Case = {
  name: 'browser',
  title: 'the browser tests of `npm test`',
  async run({ broker }) {
    const { node, red } = installPair({ nodeRed: nodeRedVersions.newest5, node: nodeVersions.newest24 });
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'));
    const { code, output } = await runTests(files, {
      TEST_NODE_RED: JSON.stringify({ node, red }),
      TEST_KAFKA_BROKERS: broker.brokers,
    });
    const failed = output.match(/^not ok .*/gm) ?? [];
    check(code === 0, failed.join(', ') || output.slice(-500));
    const [, passed = '0'] = /^# pass (\d+)/m.exec(output) ?? [];
    check(Number(passed) > 0, 'no test was run');
    return `${passed} tests: all dialogs, by mouse and by keyboard, in both languages; a flow built by hand`;
  },
};

async function runTests(
  files: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const options = ['--test', '--test-concurrency=2', '--test-reporter=tap'];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', ...options, ...files.map((file) => join(folder, file))],
    { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'], timeout: limitMs },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}

export const browserCases = [browser];
