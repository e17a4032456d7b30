import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import { NotAvailable } from '../runtimes/runtimes';
import { cases } from './cases';
import { type Environment, startEnvironment } from './environment';
import { tryPair } from './pair';
import { installPair, pairs } from './pairs';
import { compatibilityPage, type Result } from './report';

/** A thing to try: a pair or a case. */
interface Trial {
  name: string;
  title: string;
  /** @returns what it showed */
  run(environment: Environment): Promise<string>;
}

const trials: Trial[] = [
  ...pairs.map((pair) => ({
    name: pair.name,
    title: `Node-RED ${pair.nodeRed} on Node.js ${pair.node}`,
    run: async (environment: Environment) => {
      const count = await tryPair(environment, installPair(pair));
      return `${count} records read back`;
    },
  })),
  ...cases,
];

/**
 * npm run test:matrix [-- --only PAIR,CASE]: a run of everything writes docs/compatibility.md.
 * @returns the exit code: 1 if something failed
 */
async function main(args: string[]): Promise<number> {
  const chosen = choose(args);
  const results: Result[] = [];
  const environment = await startEnvironment();
  try {
    for (const trial of chosen) results.push(await tryOne(trial, environment));
  } finally {
    await environment.stop();
  }
  const page = compatibilityPage(results, new Date().toISOString().slice(0, 10));
  if (chosen.length === trials.length) writeFileSync(join(root, 'docs/compatibility.md'), page);
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  console.log(`\n${results.length - failed} of ${results.length} did not fail.`);
  return failed > 0 ? 1 : 0;
}

function choose(args: string[]): Trial[] {
  const at = args.indexOf('--only');
  const names = at < 0 ? undefined : args[at + 1]?.split(',');
  const unknown = names?.filter((name) => !trials.some((trial) => trial.name === name)) ?? [];
  if (unknown.length > 0) {
    const all = trials.map(({ name }) => name).join(', ');
    throw new Error(`Unknown: ${unknown.join(', ')}. Choose from: ${all}.`);
  }
  return trials.filter(({ name }) => names?.includes(name) ?? true);
}

async function tryOne({ name, title, run }: Trial, environment: Environment): Promise<Result> {
  const begin = Date.now();
  const result: Result = { name, title, outcome: 'passed', detail: '' };
  try {
    result.detail = await run(environment);
  } catch (error) {
    result.outcome = error instanceof NotAvailable ? 'skipped' : 'failed';
    result.detail = (error as Error).message;
  }
  const seconds = Math.round((Date.now() - begin) / 1000);
  console.log(`${result.outcome.padEnd(7)} ${name}: ${result.detail} (${seconds} s)`);
  return result;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
