import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Kind } from './log-sequences';

const sequences = Number(process.env.FUZZ_SEQUENCES ?? 10_000);

/** Kinds, and their share of all sequences. */
const shares: Record<Kind, number> = {
  'small records': 0.56,
  'a disk that fails': 0.4,
  'segments that are rewritten': 0.01,
  'segments that are rewritten on a disk that fails': 0.02,
  'many segments on a disk that fails': 0.01,
};

// fast-check and the file systems in memory take gigabytes where one process runs many more.
const sequencesOfProcess = 10_000;

/** Resolves with the first counterexample, or "Holds." */
async function run(kind: Kind): Promise<string> {
  const file = join(__dirname, 'log-model-process.ts');
  for (let left = sequences; left > 0; left -= sequencesOfProcess) {
    const runs = Math.ceil(Math.min(left, sequencesOfProcess) * shares[kind]);
    const args = ['--import', 'tsx', file, kind, String(runs)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
    if (stdout.trim() !== 'Holds.') return stdout.trim();
  }
  return 'Holds.';
}

for (const kind of Object.keys(shares) as Kind[]) {
  // They run at the same time.
  const running = run(kind);
  running.catch(() => {});
  test(`disk log: random sequences, ${kind} -> what was synced and not settled comes back, once, in order`, async () => {
    assert.equal(await running, 'Holds.');
  });
}
