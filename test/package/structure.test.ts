import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { root } from '../../dev/paths';

const maxFiles = 16;
const maxLines = 300;

const sources = ['src', 'nodes', 'dev', 'test'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|html)$/.test(entry.name))
    .map((entry) => ({ folder: relative(root, entry.parentPath), name: entry.name })),
);

test(`structure: a folder under src/ -> at most ${maxFiles} files, types/ aside`, () => {
  const counts = new Map<string, number>();
  for (const { folder } of sources) {
    if (!folder.startsWith('src') || folder.endsWith('types')) continue;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  assert.ok(counts.size > 10);
  assert.deepEqual(
    [...counts].filter(([, count]) => count > maxFiles),
    [],
  );
});

test(`structure: a file -> at most ${maxLines} lines`, () => {
  const long = sources.filter(({ folder, name }) => {
    const text = readFileSync(join(root, folder, name), 'utf8');
    return text.trimEnd().split('\n').length > maxLines;
  });
  assert.deepEqual(long, []);
});

// A limit must be a timer that its user holds: on Node.js 20, AbortSignal.any() of a timeout may be garbage-collected
// before it fires (nodejs/node#57736).
test('structure: what is shipped -> no limit by AbortSignal.any or AbortSignal.timeout', () => {
  const using = sources
    .filter(({ folder }) => /^(src|nodes)/.test(folder))
    .filter(({ folder, name }) =>
      /AbortSignal\.(any|timeout)\(\[?[A-Za-z0-9]/.test(readFileSync(join(root, folder, name), 'utf8')),
    );
  assert.deepEqual(using, []);
});
