import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSync } from 'esbuild';
import { until } from '../../until';

const kills = 50;
const limit = 1_000_000;
const path = ['twitter-kafka', 'n1'];

interface Output {
  lines: string[];
}

/** Ids of the lines of one kind, in order. */
const idsOf = ({ lines }: Output, kind: string): number[] =>
  lines.filter((line) => line.startsWith(`${kind} `)).map((line) => Number(line.split(' ')[1]));

/** Runs the process until it has synced so many records, and kills it. It says what it does to a file. */
async function runAndKill(program: string, user: string, firstId: number, records: number): Promise<Output> {
  const said = join(user, `${firstId}.txt`);
  const output = openSync(said, 'a');
  const args = [program, join(user, ...path), String(firstId), String(limit)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', output, 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await until(() => readFileSync(said, 'utf8').split('synced ').length > records, 'synced', 20_000);
  } finally {
    child.kill('SIGKILL');
    await ended;
    closeSync(output);
  }
  // Its last line may be cut.
  return { lines: readFileSync(said, 'utf8').split('\n').slice(0, -1) };
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

test(`kill -9, ${kills} times while it appends and drains -> all that was synced and not settled comes back, in order`, async () => {
  const user = mkdtempSync(join(tmpdir(), 'disk-log-'));
  const folder = join(user, ...path);
  // Bundled, it starts ten times as fast.
  const program = join(user, 'program.js');
  buildSync({
    entryPoints: [join(__dirname, 'kill-process.ts')],
    bundle: true,
    platform: 'node',
    outfile: program,
  });
  const synced = new Set<number>();
  const settled = new Set<number>();
  let lastId = 0;
  let restoredInAll = 0;
  try {
    for (let kill = 0; kill <= kills; kill++) {
      const output = await runAndKill(program, user, lastId + 1, 1 + ((kill * 37) % 300));
      assert.deepEqual(
        output.lines.filter((line) => line.startsWith('damage')),
        [],
      );
      const restored = idsOf(output, 'restored');
      restoredInAll += restored.length;
      assert.deepEqual(
        restored,
        [...new Set(restored)].sort((a, b) => a - b),
        'in order, each once',
      );
      const there = new Set(restored);
      const lost = [...synced].filter((id) => !settled.has(id) && !there.has(id));
      assert.deepEqual(lost, [], `lost by kill ${kill}`);
      const returned = restored.filter((id) => settled.has(id)).length;
      assert.ok(returned <= 2000, `${returned} that were settled came back`);
      // What was neither synced nor told may have reached the disk all the same.
      for (const id of restored) {
        synced.add(id);
        settled.delete(id);
        lastId = Math.max(lastId, id);
      }
      for (const id of idsOf(output, 'synced')) {
        synced.add(id);
        lastId = Math.max(lastId, id);
      }
      for (const id of idsOf(output, 'settled')) settled.add(id);
      assert.ok(bytesIn(folder) <= limit, `${bytesIn(folder)} bytes`);
      // The next one gives no id twice, whatever was written and not told.
      lastId += 1000;
    }
    assert.ok(
      settled.size > 1000 && restoredInAll > 1000,
      `${settled.size} settled, ${restoredInAll} restored`,
    );
  } finally {
    rmSync(user, { recursive: true, force: true });
  }
});
