import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../paths';
import { runDeploys } from './deploys';
import { runMonth } from './month';
import { deployViolations, type MonthRun, streamReport } from './report';

const ratePerSecond = 0.05;
const deployOptions = { count: 20, rate: 500 };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { days: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
  });
  const [days, seed] = [Number(values.days), Number(values.seed)];
  if (!(days > 0)) throw new Error(`--days must be a number above 0, not "${values.days}".`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed must be a non-negative integer, not "${values.seed}".`);
  const date = new Date().toISOString().slice(0, 10);
  const months: MonthRun[] = [];
  for (const recover of ['none', 'search'] as const) {
    const since = process.hrtime.bigint();
    const onDay = (day: number): void => console.log(`recover ${recover}: day ${day}`);
    const options = { days, seed, ratePerSecond, recover };
    const result = await runMonth({ ...options, onDay });
    const seconds = Number((process.hrtime.bigint() - since) / 1_000_000_000n);
    months.push({ options, result, seconds });
  }
  // The last one: its connections must not meet the controlled clock.
  console.log(`${deployOptions.count} deploys`);
  const deploys = await runDeploys(deployOptions);
  const page = streamReport(months, deploys, date);
  console.log(page);
  writeFileSync(join(root, 'docs', 'stream.md'), page);
  const violations = [...months.flatMap(({ result }) => result.violations), ...deployViolations(deploys)];
  return violations.length > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
