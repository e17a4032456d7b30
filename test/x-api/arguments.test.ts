import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsFrom, usage } from '../../dev/x-api/arguments';
import { faultNames, namedFaults } from '../../dev/x-api/faults/named';

test('arguments: valid options -> simulator options', () => {
  const line = '--rate 20 --port 8081 --file x.jsonl.gz --repeat --seed 7 --keep-alive 0.5 --chunking whole';
  const options = optionsFrom([...line.split(' '), '--rule', 'cat dog', '--rule', 'bird']);
  assert.deepEqual(
    Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)),
    {
      rate: 20,
      port: 8081,
      file: 'x.jsonl.gz',
      repeat: true,
      seed: 7,
      keepAliveMs: 500,
      chunking: 'whole',
      rules: [{ value: 'cat dog' }, { value: 'bird' }],
    },
  );
  assert.equal(optionsFrom([])?.port, 8080);
  assert.equal(optionsFrom(['--rate', 'max'])?.rate, Number.POSITIVE_INFINITY);
  assert.equal(optionsFrom(['--help']), undefined);
  assert.match(usage, /--rate/);
});

test('arguments: settings of X and of the app', () => {
  const line =
    '--generate-while-closed --clock-offset=-3600 --late-release 2 --rule-cap 5 --rule-delay 1.5 --search-delay 0 ' +
    '--enterprise --no-connections-api --duplicate-share 0.1 --reorder-share 1';
  const options = optionsFrom(line.split(' ')) ?? {};
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && name !== 'port');
  assert.deepEqual(Object.fromEntries(given), {
    generateWhileClosed: true,
    clockOffsetMs: -3_600_000,
    lateReleaseMs: 2000,
    ruleCap: 5,
    ruleDelayMs: 1500,
    searchDelayMs: 0,
    enterprise: true,
    connectionsApi: false,
    duplicateShare: 0.1,
    reorderShare: 1,
  });
});

test('arguments: faults -> in order, each in the help', () => {
  const options = optionsFrom(['--fault', 'reset', '--fault', 'usage-cap-429']);
  assert.deepEqual(options?.faults, [namedFaults.reset, namedFaults['usage-cap-429']]);
  for (const name of faultNames) assert.ok(usage.includes(`  ${name}\n`), name);
});

for (const [args, message] of [
  ['--rate fast', /^--rate must be a non-negative number or "max", not "fast"\.$/],
  ['--rate=-1', /--rate must be/],
  ['--port 99999', /--port must be a port from 0 to 65535, not "99999"/],
  ['--seed 1.5', /--seed must be a non-negative integer/],
  ['--keep-alive 0', /--keep-alive must be/],
  ['--notice-share 2', /--notice-share must be a number from 0 to 1/],
  ['--chunking odd', /--chunking must be "random" or "whole", not "odd"/],
  ['--repeat', /--repeat requires --file/],
  ['--late-release=-1', /--late-release must be a number of seconds from 0 to 86400/],
  ['--fault lightning', /--fault must be a name of --help, not "lightning"/],
  ['--clock-offset noon', /--clock-offset must be/],
  ['--color red', /Unknown option '--color'/],
] as const)
  test(`arguments: ${args} -> error`, () => {
    assert.throws(() => optionsFrom(args.split(' ')), { message });
  });
