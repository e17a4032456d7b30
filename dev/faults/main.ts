import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOthers } from '../other-packages/install';
import { others } from '../other-packages/packages';
import { root } from '../paths';
import { versions } from '../versions';
import { openStage, type Shape, type Stage } from './environment';
import { type Contender, contenderOf, ours } from './producer-under-test';
import { emptyPage, intoPage, tableLine } from './report';
import type { RowResult } from './result';
import { runRow } from './run-scenario';
import type { Row } from './scenario';
import { rows } from './scenarios';

const page = join(root, 'docs/faults.md');
const shapes: Shape[] = ['plain', 'patient', 'named', 'guarded'];

/**
 * npm run test:faults [-- --only ROW,ROW] [--package NAME]: plays the rows and writes their lines into docs/faults.md.
 * @returns 1 when a row of this project's own node has not passed
 */
async function main(words: string[]): Promise<number> {
  const contender = await chooseContender(optionOf(words, '--package'));
  const chosen = chooseRows(optionOf(words, '--only'), contender);
  const lines = new Map<string, string>();
  let failed = 0;
  let stage: Stage | undefined;
  try {
    for (const row of chosen) {
      stage = await stageFor(row, stage);
      const result = await runRow(row, stage, contender);
      if (result.faults.length > 0) failed++;
      report(row, result);
      lines.set(row.name, tableLine(row, result, new Date().toISOString().slice(0, 10)));
      write(contender, lines);
    }
  } finally {
    await stage?.stop();
  }
  console.log(`\n${chosen.length - failed} of ${chosen.length} rows passed.`);
  return contender === ours && failed > 0 ? 1 : 0;
}

async function chooseContender(name: string | undefined): Promise<Contender> {
  if (name === undefined) return ours;
  const other = others.find((one) => one.name === name);
  if (!other)
    throw new Error(`No such package: ${name}. There are ${others.map((one) => one.name).join(', ')}.`);
  return contenderOf(other, await installOthers(console.log));
}

/** Sorted by the cluster they need, so that few are started; other packages take part where no setting of ours is asked for. */
function chooseRows(names: string | undefined, contender: Contender): Row[] {
  const wanted = names?.split(',');
  const unknown = wanted?.filter((name) => !rows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `No such row: ${unknown.join(', ')}. There are ${rows.map(({ name }) => name).join(', ')}.`,
    );
  }
  return rows
    .filter((row) => wanted?.includes(row.name) ?? true)
    .filter((row) => contender === ours || !row.needsOurs)
    .sort((a, b) => shapes.indexOf(a.shape ?? 'plain') - shapes.indexOf(b.shape ?? 'plain'));
}

async function stageFor({ shape = 'plain' }: Row, stage: Stage | undefined): Promise<Stage> {
  if (stage?.shape === shape) return stage;
  await stage?.stop();
  return openStage(shape);
}

function report({ name, title }: Row, { lanes, faults }: RowResult): void {
  console.log(`\n${faults.length === 0 ? 'passed' : 'FAILED'} ${name}: ${title}`);
  for (const fault of faults) console.log(`  ! ${fault}`);
  for (const { variant, verdict } of lanes.slice(0, 8)) {
    const { taken, acked, failed, lost, duplicates, silence, slowest } = verdict;
    console.log(
      `  ${variant}: ${taken} taken, ${acked} acked, ${failed} to Catch, ${lost} lost, ${duplicates} duplicates, ` +
        `longest silence ${silence} ms, slowest ${slowest} ms`,
    );
    for (const [cause, count] of [...verdict.causes].slice(0, 3)) console.log(`    ${count} × ${cause}`);
  }
}

function write({ name, version, variants }: Contender, lines: Map<string, string>): void {
  const before = existsSync(page) ? readFileSync(page, 'utf8') : emptyPage;
  const section = {
    title: name === ours.name ? name : `${name} ${version}`,
    variants: variants.map((variant) => variant.name),
    versions: versions(),
    lines,
  };
  const order = rows.map((row) => row.name);
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
