// Runs node-red-dev without the network. Its three modules that ask registries answer from a file instead:
//   node --import tsx dev/scorecard/node-red-dev.ts <folder of node-red-dev> <answers.json> [arguments of node-red-dev]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Answers } from './answers';

const [folder = '', answersFile = '', ...args] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(answersFile, 'utf8')) as Answers;
const load = createRequire(join(folder, 'package.json'));

/** Puts a module into Node's cache, so that node-red-dev gets this one. */
function replace(name: string, exports: unknown): void {
  const id = load.resolve(name);
  require.cache[id] = Object.assign(Object.create(null), { id, filename: id, loaded: true, exports });
}

replace('axios', {
  async get(url: string) {
    return { data: url.endsWith('/catalogue.json') ? answers.catalogue : answers.nodeRed };
  },
});

// It asks for the tree of the first dependency only. This answer is the tree of all of them.
replace('npm-remote-ls', {
  config: () => {},
  ls: (_name: string, _range: string, _flat: boolean, done: (packages: string[]) => void) =>
    done(answers.tree),
});

replace('npm-check', async () => ({ get: () => answers.dependencies }));

process.argv = [process.argv[0] as string, join(folder, 'bin/run'), ...args];
load('./bin/run');
