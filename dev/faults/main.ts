import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOtherPackages } from '../other-packages/install';
import { otherPackages } from '../other-packages/packages';
import { root } from '../paths';
import { versions } from '../versions';
import { type ClusterKind, type Environment, startEnvironment } from './environment';
import { kafkaOut, otherProducer, type ProducerUnderTest } from './producer-under-test';
import { emptyPage, tableLine, updatePage } from './report';
import { runScenario } from './run-scenario';
import type { Scenario } from './scenario';
import { scenarios } from './scenarios';
import type { ScenarioResult } from './violations';

const page = join(root, 'docs/faults.md');
const maxWarnings = 30;
const clusterKinds: ClusterKind[] = ['plain', 'default-failover', 'slow-failover', 'host-names', 'secured'];

/**
 * npm run test:faults [-- --only SCENARIO,SCENARIO] [--package NAME]: runs scenarios and updates docs/faults.md.
 * @returns the exit code: 1 if kafka-out failed a scenario
 */
async function main(args: string[]): Promise<number> {
  const producer = await chooseProducer(optionOf(args, '--package'));
  const chosen = chooseScenarios(optionOf(args, '--only'), producer);
  const lines = new Map<string, string>();
  let failed = 0;
  let environment: Environment | undefined;
  try {
    for (const scenario of chosen) {
      environment = await environmentFor(scenario, environment);
      const begin = performance.now();
      const result = await runScenario(scenario, environment, producer);
      if (result.violations.length > 0) failed++;
      report(scenario, result, Math.round((performance.now() - begin) / 1000));
      lines.set(scenario.name, tableLine(scenario, result, new Date().toISOString().slice(0, 10)));
      write(producer, lines);
    }
  } finally {
    await environment?.stop();
  }
  console.log(`\n${chosen.length - failed} of ${chosen.length} scenarios passed.`);
  return producer === kafkaOut && failed > 0 ? 1 : 0;
}

async function chooseProducer(name: string | undefined): Promise<ProducerUnderTest> {
  if (name === undefined) return kafkaOut;
  const other = otherPackages.find((one) => one.name === name);
  if (!other)
    throw new Error(
      `No such package: ${name}. There are ${otherPackages.map((one) => one.name).join(', ')}.`,
    );
  return otherProducer(other, await installOtherPackages(console.log));
}

/** Sorts scenarios by cluster kind, so that each cluster starts once; other packages skip those for kafka-out only. */
function chooseScenarios(names: string | undefined, producer: ProducerUnderTest): Scenario[] {
  const selected = names?.split(',');
  const unknown = selected?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `Unknown scenario: ${unknown.join(', ')}. Choose from: ${scenarios.map(({ name }) => name).join(', ')}.`,
    );
  }
  return scenarios
    .filter((scenario) => selected?.includes(scenario.name) ?? true)
    .filter((scenario) => producer === kafkaOut || !scenario.kafkaOutOnly)
    .sort(
      (a, b) =>
        clusterKinds.indexOf(a.clusterKind ?? 'plain') - clusterKinds.indexOf(b.clusterKind ?? 'plain'),
    );
}

async function environmentFor(
  { clusterKind = 'plain' }: Scenario,
  environment: Environment | undefined,
): Promise<Environment> {
  if (environment?.clusterKind === clusterKind) return environment;
  await environment?.stop();
  return startEnvironment(clusterKind);
}

function report({ name, title }: Scenario, result: ScenarioResult, seconds: number): void {
  const { lanes, violations, warnings } = result;
  console.log(`\n${violations.length === 0 ? 'passed' : 'FAILED'} ${name}: ${title} (${seconds} s)`);
  for (const violation of violations) console.log(`  ! ${violation}`);
  if (violations.length > 0) for (const line of warnings.slice(-maxWarnings)) console.log(`  log: ${line}`);
  for (const { variant, stats } of lanes.slice(0, 8)) {
    const { accepted, acked, failed, lost, duplicates, longestStallMs, maxLatencyMs } = stats;
    const { fromDisk, unansweredAtCrash, destroyed } = stats;
    console.log(
      `  ${variant}: ${accepted} accepted, ${acked} acked, ${failed} to Catch, ${lost} lost, ${duplicates} duplicates, ` +
        `${fromDisk} from disk, ${unansweredAtCrash} unanswered at kill -9, ${destroyed} damaged, ` +
        `longest stall ${longestStallMs} ms, max latency ${maxLatencyMs} ms`,
    );
    for (const [cause, count] of [...stats.causes].slice(0, 3)) console.log(`    ${count} × ${cause}`);
  }
}

function write({ name, version, variants }: ProducerUnderTest, lines: Map<string, string>): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : emptyPage;
  const section = {
    title: name === kafkaOut.name ? name : `${name} ${version}`,
    variants: variants.map((variant) => variant.name),
    versions: versions(),
    lines,
  };
  const order = scenarios.map((scenario) => scenario.name);
  writeFileSync(page, updatePage(before, section, order));
}

function optionOf(args: string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
