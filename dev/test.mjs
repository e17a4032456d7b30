// npm test: builds, lints, checks types, and runs all tests against one Kafka broker.
// npm test -- kafka stream: builds, and runs the test files whose path contains one of the words.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build, checkNode, install, root, run, runMain, seconds } from './bootstrap.mjs';

const bin = join(root, 'node_modules', '.bin');
const tsc = join(bin, 'tsc');
const configs = ['tsconfig.json', 'nodes/tsconfig.editor.json', 'dev/tsconfig.json'];

// Time limits of one test file. Each fault runs for about half a minute.
const fileLimitMs = 5 * 60_000;
const faultsLimitMs = 15 * 60_000;

const failed = [];
let stopBroker = async () => {};

runMain(async () => {
  checkNode();
  const words = process.argv.slice(2);
  const files = testFiles(words);
  if (files.length === 0) throw new Error(`No path of a test file contains ${words.join(' or ')}.`);
  if (!existsSync(resolve(root, '../shared/recordings'))) {
    console.log('../shared/recordings does not exist: skipping the tests that read recorded posts.');
  }
  await install(console.log);
  await step('build', async () => {
    await build();
    return 0;
  });
  if (failed.length === 0) {
    if (words.length === 0) await check();
    // The faults need three brokers and two cores, so they run alone.
    const [faults, newest] = [files.filter(isFault), files.filter(isNodeRed5)];
    const others = files.filter((file) => !isFault(file) && !isNodeRed5(file));
    if (others.length > 0) await test(others);
    if (faults.length > 0) await step('faults', () => runTests(faults, faultsLimitMs));
    // Last, because a first run downloads Node-RED 5 and its Node.js.
    if (newest.length > 0) await step('Node-RED 5', () => runTests(newest, fileLimitMs));
  }
  if (failed.length > 0) throw new Error(`\nFailed: ${failed.join(', ')}.`);
});

async function check() {
  // In CI, Biome colours its output even if it goes to a file.
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
  }
  const env = broker ? { ...process.env, TEST_KAFKA_BROKERS: broker.brokers } : process.env;
  await step('tests', () => runTests(files, fileLimitMs, env));
  await stopBroker();
}

function runTests(files, limitMs, env = process.env) {
  const reporter = process.stdout.isTTY ? 'spec' : 'tap';
  const options = [
    '--test-concurrency=2',
    `--test-timeout=${limitMs}`,
    ...[`--test-reporter=${reporter}`, '--test-reporter-destination=stdout'],
    ...['--test-reporter=./dev/failed-tests.mjs', '--test-reporter-destination=stderr'],
  ];
  return show(process.execPath, ['--import', 'tsx', '--test', ...options, ...files], env);
}

/** Starts one broker for all test files, in a child process that ends when its stdin closes. */
async function startBroker() {
  const child = spawn(process.execPath, ['--import', 'tsx', 'dev/kafka/for-tests.ts'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.on('exit', resolve));
  stopBroker = async () => {
    child.stdin.end();
    await exited;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line);
  }
  return undefined; // the child process printed the reason
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

function isNodeRed5(file) {
  return file.startsWith(join('test', 'node-red-5'));
}

function needsBroker(file) {
  return /kafka-broker|TEST_KAFKA_BROKERS/.test(readFileSync(join(root, file), 'utf8'));
}

// Ctrl-C ends the tests too. Wait for the broker, so that no process remains when the prompt returns.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.once(signal, () => stopBroker().finally(() => process.exit(code)));
}
