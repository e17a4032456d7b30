// The scorecard of the flow library, on the packed package:
//   npm run scorecard      prints a line per rule, writes docs/scorecard.md, exits with 1 if a rule is false
// FLOW_CATALOGUE: a saved catalogue of the flow library, for the rules that compare with other packages.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';
import { collectAnswers } from './answers';
import { ruleResults, type Score, scorecardPage } from './report';

const version = '0.1.6';
const folder = join(root, 'target/scorecard');
const tool = join(folder, 'node_modules/node-red-dev');
const limitMs = 600_000;

function main(): number {
  installTool();
  const catalogue = process.env.FLOW_CATALOGUE;
  const answers = collectAnswers(tool, catalogue);
  const answersFile = join(folder, 'answers.json');
  writeFileSync(answersFile, JSON.stringify(answers));
  const score = validate(unpack(), answersFile);
  const results = ruleResults(score, Boolean(catalogue));
  for (const { id, checks, result, details } of results) {
    console.log(`${id}  ${result.padEnd(11)}  ${checks}${details && ` (${details})`}`);
  }
  writeFileSync(
    join(root, 'docs/scorecard.md'),
    scorecardPage(results, versionsLine(answers.nodeRed['dist-tags'])),
  );
  const failed = results.filter(({ result }) => result === 'false').map(({ id }) => id);
  if (failed.length > 0) console.error(`False: ${failed.join(', ')}.`);
  return failed.length > 0 ? 1 : 0;
}

/** Its 443 packages are not among the development dependencies: only this command needs them. */
function installTool(): void {
  const manifest = join(tool, 'package.json');
  if (existsSync(manifest) && versionIn(manifest) === version) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  console.log(`Installing node-red-dev ${version} …`);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--save-exact'];
  npm(folder, ['install', ...options, `node-red-dev@${version}`]);
}

/** Packs the built package. @returns the folder of what users install */
function unpack(): string {
  const output = npm(root, ['pack', '--ignore-scripts', '--json', `--pack-destination=${folder}`]);
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  rmSync(join(folder, 'package'), { recursive: true, force: true });
  execFileSync('tar', ['-xzf', filename], { cwd: folder });
  return join(folder, 'package');
}

/** node-red-dev exits with 0 always: only its file says what is false. */
function validate(path: string, answersFile: string): Score {
  const scoreFile = join(folder, 'score.json');
  rmSync(scoreFile, { force: true });
  const script = join(__dirname, 'node-red-dev.ts');
  const args = [tool, answersFile, 'validate', '--path', path, '--output', scoreFile];
  const stdio: Array<'ignore' | 'pipe'> = ['ignore', 'pipe', 'pipe'];
  const options = { cwd: root, encoding: 'utf8' as const, stdio, timeout: limitMs };
  const output = execFileSync(process.execPath, ['--import', 'tsx', script, ...args], options);
  if (!existsSync(scoreFile)) throw new Error(`node-red-dev wrote no scorecard:\n${output}`);
  return JSON.parse(readFileSync(scoreFile, 'utf8')) as Score;
}

function npm(cwd: string, args: string[]): string {
  return execFileSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
}

function versionsLine({ latest }: Record<string, string>): string {
  const date = new Date().toISOString().slice(0, 10);
  const own = versionIn(join(root, 'package.json'));
  const node = `Node.js ${process.versions.node}`;
  return `${date}, version ${own}, node-red-dev ${version}, latest Node-RED ${latest}, ${node}.`;
}

function versionIn(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
