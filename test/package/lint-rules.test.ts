import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../dev/paths';

// A folder with the project's rules and files that break them.
const dir = mkdtempSync(join(tmpdir(), 'lint-rules-'));
after(() => rmSync(dir, { recursive: true, force: true }));
cpSync(join(root, 'biome.json'), join(dir, 'biome.json'));

interface Diagnostic {
  category: string;
  location: { path: string };
}

/** Runs the linter over the files alone. Returns `path: rule` for each finding. */
function findings(files: Record<string, string>): string[] {
  rmSync(join(dir, 'src'), { recursive: true, force: true });
  rmSync(join(dir, 'nodes'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'];
  const biome = join(root, 'node_modules/.bin/biome');
  const { stdout, stderr } = spawnSync(biome, args, { cwd: dir, encoding: 'utf8' });
  assert.match(stdout, /^\{/, stderr);
  const end = stdout.lastIndexOf('}') + 1;
  const { diagnostics } = JSON.parse(stdout.slice(0, end)) as { diagnostics: Diagnostic[] };
  return diagnostics.map(({ category, location }) => `${location.path}: ${category.split('/').pop()}`).sort();
}

/** Findings for files in one folder that each import one module. */
function rejected(folder: string, modules: string[]): string[] {
  const files = modules.map((module, index) => [
    `${folder}/import-${index}.ts`,
    `import type { X } from '${module}';\nexport type Y = X;\n`,
  ]);
  const found = findings(Object.fromEntries(files)).filter((line) => line.endsWith(': noRestrictedImports'));
  return modules.filter((_, index) => found.some((line) => line.includes(`/import-${index}.ts:`)));
}

const rules = [
  {
    folder: 'nodes/kafka-out',
    allowed: ['../../src/kafka/cluster', '../../src/node-red/define', '../form.editor', 'node-red'],
    forbidden: ['../../dev/paths', '../../test/until', 'kafkajs'],
  },
  {
    folder: 'src/kafka/delivery',
    allowed: ['../connection/client', './record', '../../util/sleep', 'kafkajs'],
    forbidden: [
      ...['../../../nodes/kafka-out/options', '../../../dev/paths', '../../../test/until'],
      ...['../../stream/source', '../../tweet', '../../node-red/define', 'node-red', '@node-red/util'],
      'kafkajs/src/network/requestQueue',
    ],
  },
  {
    folder: 'src/stream/x',
    allowed: ['../source', './app', '../../util/problem', 'twitter-api-v2'],
    forbidden: ['../../kafka/errors', '../../tweet/kinds', '../../node-red/status', 'node-red', 'kafkajs'],
  },
  {
    folder: 'src/tweet',
    allowed: ['./types', './kinds', '../util/problem'],
    forbidden: ['../kafka/errors', '../stream/source', '../node-red/status', 'node-red', 'kafkajs'],
  },
  {
    folder: 'src/node-red',
    allowed: ['./status', '../util/problem', 'node-red'],
    forbidden: ['../kafka/cluster', '../stream/x/app', '../tweet', '../../nodes/form.editor', 'kafkajs'],
  },
  {
    folder: 'src/util',
    allowed: ['./sleep', '../locales/en-US/kafka.json', 'node:fs'],
    forbidden: [
      '../kafka/errors',
      '../tweet',
      '../node-red/status',
      '../../dev/paths',
      'node-red',
      'kafkajs',
    ],
  },
  {
    folder: 'src/new-folder',
    allowed: ['../util/problem'],
    forbidden: ['../../nodes/form.editor', '../../dev/paths', '../../test/until', 'node-red'],
  },
];

for (const { folder, allowed, forbidden } of rules) {
  test(`imports of ${folder}: outside its layer -> lint error`, () => {
    assert.deepEqual(rejected(folder, [...allowed, ...forbidden]), forbidden);
  });
}

test('imports of kafkajs-patches.ts: modules inside kafkajs -> allowed there alone', () => {
  const text = "import queue from 'kafkajs/src/network/requestQueue';\nexport const name = queue.name;\n";
  const files = { 'kafkajs-patches.ts': text, 'client.ts': text };
  const inFolder = Object.entries(files).map(([name, text]) => [`src/kafka/connection/${name}`, text]);
  const found = findings(Object.fromEntries(inFolder));
  assert.deepEqual(found, ['src/kafka/connection/client.ts: noRestrictedImports']);
});

test('import cycle of types -> lint error', () => {
  const importing = (other: string) => `import type { X } from './${other}';\nexport type Y = X;\n`;
  const found = findings({ 'src/util/a.ts': importing('b'), 'src/util/b.ts': importing('a') });
  assert.deepEqual(found, ['src/util/a.ts: noImportCycles', 'src/util/b.ts: noImportCycles']);
});

test('promise without await, catch or void -> lint error', () => {
  const work = 'export async function work(): Promise<void> {}\n';
  const call = (statement: string) =>
    `import { work } from './work';\nexport function run(): void {\n  ${statement}\n}\n`;
  const found = findings({
    'src/util/work.ts': work,
    'src/util/floating.ts': call('work();'),
    'src/util/handled.ts': call('work().catch(() => {});'),
    'src/util/void.ts': call('void work();'),
  });
  assert.deepEqual(found, ['src/util/floating.ts: noFloatingPromises']);
});
