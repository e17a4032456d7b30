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

/** Resolves with the first counterexample, or "Holds." */
async function run(kind: Kind, numRuns: number): Promise<string> {
  const file = join(__dirname, 'log-model-process.ts');
  const args = ['--import', 'tsx', file, kind, String(numRuns)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
  return stdout.trim();
}

for (const [kind, share] of Object.entries(shares) as Array<[Kind, number]>) {
  // They run at the same time.
  const running = run(kind, Math.ceil(sequences * share));
  running.catch(() => {});
  test(`disk log: random sequences, ${kind} -> what was synced and not settled comes back, once, in order`, async () => {
    assert.equal(await running, 'Holds.');
  });
}
