// npm test: build, lint, types, and every test against one Kafka broker of its own.
// npm test -- kafka stream: builds, and runs the test files whose path contains one of the words.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build, checkNode, install, root, run, runMain, seconds } from './bootstrap.mjs';

const bin = join(root, 'node_modules', '.bin');
const tsc = join(bin, 'tsc');
const configs = ['tsconfig.json', 'nodes/tsconfig.editor.json', 'dev/tsconfig.json'];

const failed = [];
let ending = async () => {};

runMain(async () => {
  checkNode();
  const words = process.argv.slice(2);
  const files = testFiles(words);
  if (files.length === 0) throw new Error(`No test file has ${words.join(' or ')} in its path.`);
  if (!existsSync(resolve(root, '../shared/recordings'))) {
    console.log('There are no recordings (../shared/recordings): the tests that read them are left out.');
  }
  await install(console.log);
  await step('build', async () => {
    await build();
    return 0;
  });
  if (failed.length === 0) {
    if (words.length === 0) await check();
    // Three brokers and what breaks them take both cores: alone, when all else is over.
    const [faults, others] = [files.filter(isFault), files.filter((file) => !isFault(file))];
    if (others.length > 0) await test(others);
    if (faults.length > 0) await step('faults', () => runTests(faults));
  }
  if (failed.length > 0) throw new Error(`\nFailed: ${failed.join(', ')}.`);
});

async function check() {
  // Told that it runs in CI, Biome colours even what goes to a file.
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  await step('lint', () => show(join(bin, 'biome'), ['ci', ...colors, '.']));
  await step('types', async () => {
    const codes = [];
    for (const config of configs) codes.push(await show(tsc, ['--noEmit', '-p', config]));
    return Math.max(...codes);
  });
}

async function test(files) {
  let broker;
  if (files.some(needsBroker)) {
    await step('Kafka', async () => {
      broker = await startBroker();
      return broker ? 0 : 1;
    });
    if (!broker) return;
    ending = broker.stop;
  }
  const env = broker ? { ...process.env, TEST_KAFKA_BROKERS: broker.brokers } : process.env;
  await step('tests', () => runTests(files, env));
  await ending();
}

function runTests(files, env = process.env) {
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  const options = ['--test-concurrency=2', `--test-reporter=${reporter}`];
  return show(process.execPath, ['--import', 'tsx', '--test', ...options, ...files], env);
}

/** One broker for all test files, in a process of its own that ends when our end of its stdin closes. */
async function startBroker() {
  const child = spawn(process.execPath, ['--import', 'tsx', 'dev/kafka/for-tests.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const gone = new Promise((resolve) => child.on('exit', resolve));
  const stop = async () => {
    child.stdin.end();
    await gone;
  };
  ending = stop;
  for await (const line of createInterface({ input: child.stdout })) {
    return { ...JSON.parse(line), stop };
  }
  return undefined; // it has said why
}

async function step(name, work) {
  heading(name);
  const begin = Date.now();
  try {
    if ((await work()) !== 0) failed.push(name);
  } catch (error) {
    console.error(error.message);
    failed.push(name);
  }
  console.log(`${failed.includes(name) ? 'failed' : 'done'} in ${seconds(begin)}`);
}

function heading(name) {
  console.log(`\n── ${name} ──`);
}

async function show(command, args, env = process.env) {
  const { code } = await run(command, args, { show: true, env });
  return code;
}

function testFiles(words) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => relative(root, join(root, 'test', name)))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
}

function isFault(file) {
  return file.startsWith(join('test', 'faults'));
}

function needsBroker(file) {
  return /kafka-broker|TEST_KAFKA_BROKERS/.test(readFileSync(join(root, file), 'utf8'));
}

// Ctrl-C reaches the tests too; the broker is waited for, so that nothing runs on behind the prompt.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.once(signal, () => ending().finally(() => process.exit(code)));
}
