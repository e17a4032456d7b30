import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { versions } from '../versions';

const opening = `# Measurements

Written by \`npm run bench\`; each section is rewritten by the run that measures it. The producer, Kafka and what else the
machine does share its cores: only figures of one run compare, and less than a third more or less may be chance.
`;

/** Puts a section, which begins with "## name", into a report, in the place of an earlier one of that name. */
export function report(file: string, section: string): void {
  const [heading = ''] = section.split('\n');
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const kept = old
    .split(/^(?=## )/m)
    .filter((one) => one.startsWith('## ') && !one.startsWith(`${heading}\n`));
  const sections = [...kept, section].map((one) => one.trim()).sort();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[opening.trim(), ...sections].join('\n\n')}\n`);
}

/** Date, versions and cores, in one line. */
export function environmentLine(): string {
  return `${new Date().toISOString().slice(0, 10)}, ${versions()}`;
}
