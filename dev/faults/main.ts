import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOtherPackages } from '../other-packages/install';
import { otherPackages } from '../other-packages/packages';
import { root } from '../paths';
import { versions } from '../versions';
import { type ClusterKind, type Environment, startEnvironment } from './environment';
import { kafkaOut, otherProducer, type ProducerUnderTest } from './producer-under-test';
import { emptyPage, intoPage, tableLine } from './report';
import type { ScenarioResult } from './result';
import { runScenario } from './run-scenario';
import type { Scenario } from './scenario';
import { scenarios } from './scenarios';

const page = join(root, 'docs/faults.md');
const clusterKinds: ClusterKind[] = ['plain', 'slow-failover', 'host-names', 'secured'];

/**
 * npm run test:faults [-- --only ROW,ROW] [--package NAME]: plays the scenarios and writes their lines into docs/faults.md.
 * @returns 1 when a scenario of this project's own node has not passed
 */
async function main(words: string[]): Promise<number> {
  const producer = await chooseProducer(optionOf(words, '--package'));
  const chosen = chooseScenarios(optionOf(words, '--only'), producer);
  const lines = new Map<string, string>();
  let failed = 0;
  let environment: Environment | undefined;
  try {
    for (const scenario of chosen) {
      environment = await environmentFor(scenario, environment);
      const result = await runScenario(scenario, environment, producer);
      if (result.faults.length > 0) failed++;
      report(scenario, result);
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

/** Sorted by the cluster they need, so that few are started; other packages take part where no setting of kafkaOut is asked for. */
function chooseScenarios(names: string | undefined, producer: ProducerUnderTest): Scenario[] {
  const wanted = names?.split(',');
  const unknown = wanted?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `No such scenario: ${unknown.join(', ')}. There are ${scenarios.map(({ name }) => name).join(', ')}.`,
    );
  }
  return scenarios
    .filter((scenario) => wanted?.includes(scenario.name) ?? true)
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

function report({ name, title }: Scenario, { lanes, faults }: ScenarioResult): void {
  console.log(`\n${faults.length === 0 ? 'passed' : 'FAILED'} ${name}: ${title}`);
  for (const fault of faults) console.log(`  ! ${fault}`);
  for (const { variant, stats } of lanes.slice(0, 8)) {
    const { accepted, acked, failed, lost, duplicates, longestStallMs, maxLatencyMs } = stats;
    console.log(
      `  ${variant}: ${accepted} accepted, ${acked} acked, ${failed} to Catch, ${lost} lost, ${duplicates} duplicates, ` +
        `longest silence ${longestStallMs} ms, slowest ${maxLatencyMs} ms`,
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
  writeFileSync(page, intoPage(before, section, order));
}

function optionOf(words: string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
