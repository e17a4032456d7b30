import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import { versions } from '../versions';
import { moveLeaders } from './actions';
import { startEnvironment } from './environment';
import { kafkaOut } from './producer-under-test';
import type { LaneResult, ScenarioResult } from './result';
import type { RunContext } from './run-context';
import { runScenario } from './run-scenario';
import type { Scenario } from './scenario';

const page = join(root, 'docs/soak.md');
const heading = `# Soak

A million records (or as many as \`npm run test:soak -- --records N\` says) through four kafka-out nodes into a Kafka of
three brokers, with a fault every few seconds, drawn by lot: kill -9 and return, clean stop and return, SIGSTOP, leaders
moved, connections cut before the answer, in mid-request or in mid-response, connections that never answer again.
Judged as in [faults.md](faults.md).

| date | seed | records | minutes | faults | lost | never answered | answered twice | reordered | to Catch | duplicates: ${kafkaOut.variants.map(({ name }) => name).join(' · ')} | memory, MB at start and at most | passed | with |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;
const restMs = 3000;

type Blow = (run: RunContext, index: number) => Promise<void>;

const blows: Record<string, Blow> = {
  async kill({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.kill();
    await wait(6000);
    await node?.start();
  },
  async stop({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.stop();
    await wait(2000);
    await node?.start();
  },
  async pause({ environment, wait }, index) {
    const node = environment.cluster.nodes[index];
    await node?.pause();
    await wait(6000);
    node?.resume();
  },
  elect: (run) => moveLeaders(run),
  cutBeforeResponse: (run, index) => briefly(run, index, (proxy) => proxy.cutBeforeResponse({ every: 10 })),
  cutMidRequest: (run, index) => briefly(run, index, (proxy) => proxy.cutMidRequest({ every: 10 })),
  resetMidResponse: (run, index) => briefly(run, index, (proxy) => proxy.resetMidResponse({ every: 10 })),
  dropResponses: (run, index) => briefly(run, index, (proxy) => proxy.dropResponses()),
};

async function briefly(
  { environment, wait }: RunContext,
  index: number,
  begin: (proxy: RunContext['environment']['proxies'][number]) => void,
): Promise<void> {
  const proxy = environment.proxies[index];
  if (proxy) begin(proxy);
  await wait(3000);
  proxy?.passThrough();
}

/** Numbers from 0 on, the same for the same seed. */
function lots(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    // A linear congruential generator with the constants of Numerical Recipes.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function soakScenario(records: number, seed: number, count: (blow: string) => void): Scenario {
  return {
    name: 'soak',
    title: 'a fault every few seconds',
    rate: 4000,
    async fault(run) {
      const draw = lots(seed);
      const names = Object.keys(blows);
      for (;;) {
        const state = await run.state();
        if (!state) return;
        const accepted = Object.values(state.loads).reduce((sum, load) => sum + load.accepted, 0);
        console.log(`${new Date().toISOString().slice(11, 19)} ${accepted} records accepted`);
        if (accepted >= records) return;
        const name = names[draw(names.length)] as string;
        const index = draw(run.environment.cluster.nodes.length);
        console.log(`  ${name} on broker ${index + 1}`);
        count(name);
        await (blows[name] as Blow)(run, index);
        await run.wait(restMs);
      }
    },
  };
}

/** npm run test:soak [-- --records N --seed N]. @returns 1 when it has not passed */
async function main(words: string[]): Promise<number> {
  const number = (option: string, otherwise: number): number =>
    words.includes(option) ? Number(words[words.indexOf(option) + 1]) : otherwise;
  const seed = number('--seed', Date.now() % 1_000_000);
  let struck = 0;
  const environment = await startEnvironment('plain', console.log);
  const begin = Date.now();
  try {
    const scenario = soakScenario(number('--records', 1_000_000), seed, () => struck++);
    const result = await runScenario(scenario, environment, kafkaOut);
    const line = soakLine(result, seed, struck, (Date.now() - begin) / 60_000);
    console.log(line);
    for (const fault of result.faults) console.log(`  ! ${fault}`);
    writeFileSync(page, `${existsSync(page) ? readFileSync(page, 'utf8') : heading}${line}\n`);
    return result.faults.length > 0 ? 1 : 0;
  } finally {
    await environment.stop();
  }
}

function soakLine(
  { lanes, memory, faults }: ScenarioResult,
  seed: number,
  struck: number,
  minutes: number,
): string {
  const sum = (pick: (lane: LaneResult['stats']) => number): number =>
    lanes.reduce((all, { stats }) => all + pick(stats), 0);
  const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
  const cells = [
    new Date().toISOString().slice(0, 10),
    seed,
    sum(({ accepted }) => accepted),
    minutes.toFixed(1),
    struck,
    sum(({ lost }) => lost),
    sum(({ noOutcome }) => noOutcome),
    sum(({ twoOutcomes }) => twoOutcomes),
    sum(({ reordered }) => reordered),
    sum(({ failed }) => failed),
    lanes.map(({ stats }) => stats.duplicates).join(' · '),
    `${megabytes(memory.rssAtStart)}, ${megabytes(memory.rssPeak)}`,
    faults.length === 0 ? 'yes' : 'no',
    versions(),
  ];
  return `| ${cells.join(' | ')} |`;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
