import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { versions } from '../versions';

const opening = `# Benchmarks

Written by \`npm run bench\`; each run replaces the sections that it measures. The producer, Kafka and other processes
share the machine's cores: compare only figures of the same run, and treat differences below a third as noise.
`;

/** Writes a section, which begins with "## name", into a file; replaces an earlier one of that name. */
export function writeSection(file: string, section: string): void {
  const [heading = ''] = section.split('\n');
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const kept = old
    .split(/^(?=## )/m)
    .filter((one) => one.startsWith('## ') && !one.startsWith(`${heading}\n`));
  const sections = [...kept, section].map((one) => one.trim()).sort();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${[opening.trim(), ...sections].join('\n\n')}\n`);
}

/** Date, versions and number of cores, in one line. */
export function environmentLine(): string {
  return `${new Date().toISOString().slice(0, 10)}, ${versions()}`;
}
