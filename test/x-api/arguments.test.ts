import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optionsFrom, usage } from '../../dev/x-api/arguments';

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

for (const [args, message] of [
  ['--rate fast', /^--rate must be a non-negative number or "max", not "fast"\.$/],
  ['--rate=-1', /--rate must be/],
  ['--port 99999', /--port must be a port from 0 to 65535, not "99999"/],
  ['--seed 1.5', /--seed must be a non-negative integer/],
  ['--keep-alive 0', /--keep-alive must be/],
  ['--notice-share 2', /--notice-share must be a number from 0 to 1/],
  ['--chunking odd', /--chunking must be "random" or "whole", not "odd"/],
  ['--repeat', /--repeat requires --file/],
  ['--color red', /Unknown option '--color'/],
] as const)
  test(`arguments: ${args} -> error`, () => {
    assert.throws(() => optionsFrom(args.split(' ')), { message });
  });
