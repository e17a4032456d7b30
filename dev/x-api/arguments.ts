import { parseArgs } from 'node:util';
import type { XApiOptions } from './server';

export const usage = `Starts an X API simulator on 127.0.0.1.

  --rate <n>           lines a second [10], or "max"
  --port <n>           port [8080], 0 for a free one
  --rule <text>        a rule the app has from the start; may be given again
  --seed <n>           the same seed gives the same posts [1]
  --file <path>        send this file's lines (plain or .gz) in place of generated posts
  --repeat             begin the file again when it is through
  --total <n>          stop sending after so many lines
  --keep-alive <s>     seconds without a line until a keep-alive [20]
  --chunking <how>     random: cut responses at arbitrary bytes; whole: line by line [random]
  --notice-share <n>   how much of what is generated are deletes and other notices, 0 to 1 [0.02]
  --token <text>       the bearer token that is accepted [simulated-token]
  --help`;

const known = {
  rate: { type: 'string' },
  port: { type: 'string' },
  rule: { type: 'string', multiple: true },
  seed: { type: 'string' },
  file: { type: 'string' },
  repeat: { type: 'boolean' },
  total: { type: 'string' },
  'keep-alive': { type: 'string' },
  chunking: { type: 'string' },
  'notice-share': { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line; undefined when only help was asked for. Throws a sentence on what is wrong. */
export function optionsFrom(args: string[]): XApiOptions | undefined {
  const { values } = parseArgs({ args, options: known, strict: true });
  if (values.help) return undefined;
  const number = (name: 'rate' | 'port' | 'seed' | 'total' | 'keep-alive' | 'notice-share', check: Check) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = name === 'rate' && text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
    if (text.trim() === '' || !check.fits(value))
      throw new Error(`--${name} must be ${check.meaning}, not "${text}".`);
    return value;
  };
  const chunking = values.chunking;
  if (chunking !== undefined && chunking !== 'random' && chunking !== 'whole')
    throw new Error(`--chunking must be "random" or "whole", not "${chunking}".`);
  if (values.repeat && values.file === undefined) throw new Error('--repeat needs a --file to repeat.');
  const seconds = number('keep-alive', positive);
  return {
    port: number('port', port) ?? 8080,
    rate: number('rate', notNegative),
    seed: number('seed', whole),
    total: number('total', whole),
    noticeShare: number('notice-share', share),
    keepAliveMs: seconds === undefined ? undefined : seconds * 1000,
    rules: values.rule?.map((value) => ({ value })),
    file: values.file,
    repeat: values.repeat,
    bearerToken: values.token,
    chunking,
  };
}

interface Check {
  meaning: string;
  fits: (value: number) => boolean;
}

const port: Check = {
  meaning: 'a port from 0 to 65535',
  fits: (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
};
const whole: Check = {
  meaning: 'a whole number, 0 or more',
  fits: (value) => Number.isSafeInteger(value) && value >= 0,
};
const notNegative: Check = { meaning: 'a number, 0 or more, or "max"', fits: (value) => value >= 0 };
const positive: Check = {
  meaning: 'a number of seconds above 0, at most 86400',
  fits: (value) => value > 0 && value <= 86_400,
};
const share: Check = { meaning: 'a number from 0 to 1', fits: (value) => value >= 0 && value <= 1 };
