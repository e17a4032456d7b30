import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../paths';
import { runMonth } from './month';
import { monthReport } from './month-report';

const ratePerSecond = 0.05;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { days: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
  });
  const [days, seed] = [Number(values.days), Number(values.seed)];
  if (!(days > 0)) throw new Error(`--days must be a number above 0, not "${values.days}".`);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed must be a non-negative integer, not "${values.seed}".`);
  const date = new Date().toISOString().slice(0, 10);
  const since = process.hrtime.bigint();
  const onDay = (day: number): void => console.log(`day ${day}`);
  const result = await runMonth({ days, seed, ratePerSecond, onDay });
  const seconds = Number((process.hrtime.bigint() - since) / 1_000_000_000n);
  const page = monthReport(result, { date, days, ratePerSecond, seconds });
  console.log(page);
  writeFileSync(join(root, 'docs', 'stream.md'), page);
  return result.violations.length > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
