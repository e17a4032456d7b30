import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import { versions } from '../versions';
import { moveLeaders } from './actions';
import { openStage } from './environment';
import { ours } from './producer-under-test';
import type { LaneResult, RowResult } from './result';
import type { Scene } from './run-context';
import { runRow } from './run-scenario';
import type { Row } from './scenario';

const page = join(root, 'docs/soak.md');
const heading = `# Soak

A million records (or as many as \`npm run test:soak -- --records N\` says) through four kafka-out nodes into a Kafka of
three brokers, with a fault every few seconds, drawn by lot: kill -9 and return, clean stop and return, SIGSTOP, leaders
moved, connections cut before the answer, in mid-request or in mid-response, connections that never answer again.
Judged as in [faults.md](faults.md).

| date | seed | records | minutes | faults | lost | never answered | answered twice | reordered | to Catch | duplicates: ${ours.variants.map(({ name }) => name).join(' · ')} | memory, MB at start and at most | passed | with |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`;
const restMs = 3000;

type Blow = (scene: Scene, index: number) => Promise<void>;

const blows: Record<string, Blow> = {
  async kill({ stage, wait }, index) {
    const node = stage.cluster.nodes[index];
    await node?.kill();
    await wait(6000);
    await node?.start();
  },
  async stop({ stage, wait }, index) {
    const node = stage.cluster.nodes[index];
    await node?.stop();
    await wait(2000);
    await node?.start();
  },
  async pause({ stage, wait }, index) {
    const node = stage.cluster.nodes[index];
    await node?.pause();
    await wait(6000);
    node?.resume();
  },
  elect: (scene) => moveLeaders(scene),
  cutBeforeAnswer: (scene, index) => briefly(scene, index, (proxy) => proxy.cutBeforeAnswer({ every: 10 })),
  cutInRequest: (scene, index) => briefly(scene, index, (proxy) => proxy.cutInRequest({ every: 10 })),
  resetInResponse: (scene, index) => briefly(scene, index, (proxy) => proxy.resetInResponse({ every: 10 })),
  silence: (scene, index) => briefly(scene, index, (proxy) => proxy.silence()),
};

async function briefly(
  { stage, wait }: Scene,
  index: number,
  begin: (proxy: Scene['stage']['proxies'][number]) => void,
): Promise<void> {
  const proxy = stage.proxies[index];
  if (proxy) begin(proxy);
  await wait(3000);
  proxy?.calm();
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

function soakRow(records: number, seed: number, count: (blow: string) => void): Row {
  return {
    name: 'soak',
    title: 'a fault every few seconds',
    rate: 4000,
    async fault(scene) {
      const draw = lots(seed);
      const names = Object.keys(blows);
      for (;;) {
        const state = await scene.state();
        if (!state) return;
        const taken = Object.values(state.loads).reduce((sum, load) => sum + load.taken, 0);
        console.log(`${new Date().toISOString().slice(11, 19)} ${taken} records taken`);
        if (taken >= records) return;
        const name = names[draw(names.length)] as string;
        const index = draw(scene.stage.cluster.nodes.length);
        console.log(`  ${name} on broker ${index + 1}`);
        count(name);
        await (blows[name] as Blow)(scene, index);
        await scene.wait(restMs);
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
  const stage = await openStage('plain', console.log);
  const begin = Date.now();
  try {
    const row = soakRow(number('--records', 1_000_000), seed, () => struck++);
    const result = await runRow(row, stage, ours);
    const line = soakLine(result, seed, struck, (Date.now() - begin) / 60_000);
    console.log(line);
    for (const fault of result.faults) console.log(`  ! ${fault}`);
    writeFileSync(page, `${existsSync(page) ? readFileSync(page, 'utf8') : heading}${line}\n`);
    return result.faults.length > 0 ? 1 : 0;
  } finally {
    await stage.stop();
  }
}

function soakLine(
  { lanes, memory, faults }: RowResult,
  seed: number,
  struck: number,
  minutes: number,
): string {
  const sum = (pick: (lane: LaneResult['verdict']) => number): number =>
    lanes.reduce((all, { verdict }) => all + pick(verdict), 0);
  const megabytes = (bytes: number): number => Math.round(bytes / 1_000_000);
  const cells = [
    new Date().toISOString().slice(0, 10),
    seed,
    sum(({ taken }) => taken),
    minutes.toFixed(1),
    struck,
    sum(({ lost }) => lost),
    sum(({ unanswered }) => unanswered),
    sum(({ twice }) => twice),
    sum(({ reordered }) => reordered),
    sum(({ failed }) => failed),
    lanes.map(({ verdict }) => verdict.duplicates).join(' · '),
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
