import { parseArgs } from 'node:util';
import { faultNamed, faultNames } from './faults/named';
import type { XApiOptions } from './server';

export const usage = `Starts an X API simulator on 127.0.0.1.

  --rate <n>                 lines per second [10], or "max"
  --port <n>                 port [8080], 0 for a free one
  --rule <text>              a rule of the app; repeat the option for several rules
  --seed <n>                 seed of the generated posts [1]
  --file <path>              send the lines of this file (plain or .gz) instead of generated posts
  --repeat                   loop the file
  --total <n>                stop sending after n lines
  --keep-alive <s>           send a keep-alive after s seconds without a line [20]
  --chunking <mode>          random: split chunks at arbitrary bytes; whole: one line per chunk [random]
  --notice-share <n>         share of deletes and other notices among generated lines, 0 to 1 [0.02]
  --duplicate-share <n>      share of generated lines that are sent again, 0 to 1 [0]
  --reorder-share <n>        share of generated lines that are swapped with the next, 0 to 1 [0]
  --generate-while-closed    also generate posts while no stream is open: an outage loses them
  --clock-offset <s>         X's clock is ahead by s seconds, or behind if negative [0]
  --late-release <s>         a closed connection counts as open for s seconds [0]
  --rule-cap <n>             rules that the app may have [1000]
  --rule-delay <s>           rules take effect after s seconds [0]
  --search-delay <s>         search finds posts after s seconds [20]
  --enterprise               allow backfill and recovery
  --no-connections-api       answer 404 instead of connections
  --token <text>             the accepted bearer token [simulated-token]
  --fault <name>             a fault of the next stream request; repeat the option for several requests:
                             ${faultNames.join('\n                             ')}
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
  'duplicate-share': { type: 'string' },
  'reorder-share': { type: 'string' },
  'generate-while-closed': { type: 'boolean' },
  'clock-offset': { type: 'string' },
  'late-release': { type: 'string' },
  'rule-cap': { type: 'string' },
  'rule-delay': { type: 'string' },
  'search-delay': { type: 'string' },
  enterprise: { type: 'boolean' },
  'no-connections-api': { type: 'boolean' },
  fault: { type: 'string', multiple: true },
  token: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Parses the command line; undefined for --help. @throws an error that names the invalid option */
export function optionsFrom(args: string[]): XApiOptions | undefined {
  const { values } = parseArgs({ args, options: known, strict: true });
  if (values.help) return undefined;
  const number = (name: keyof typeof values, check: Check) => {
    const text = values[name];
    if (typeof text !== 'string') return undefined;
    const value = name === 'rate' && text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
    if (text.trim() === '' || !check.fits(value))
      throw new Error(`--${name} must be ${check.meaning}, not "${text}".`);
    return value;
  };
  const chunking = values.chunking;
  if (chunking !== undefined && chunking !== 'random' && chunking !== 'whole')
    throw new Error(`--chunking must be "random" or "whole", not "${chunking}".`);
  if (values.repeat && values.file === undefined) throw new Error('--repeat requires --file.');
  const milliseconds = (name: keyof typeof values, check: Check) => {
    const seconds = number(name, check);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  return {
    port: number('port', port) ?? 8080,
    rate: number('rate', nonNegative),
    seed: number('seed', nonNegativeInteger),
    total: number('total', nonNegativeInteger),
    noticeShare: number('notice-share', share),
    keepAliveMs: milliseconds('keep-alive', positive),
    duplicateShare: number('duplicate-share', share),
    reorderShare: number('reorder-share', share),
    generateWhileClosed: values['generate-while-closed'],
    clockOffsetMs: milliseconds('clock-offset', anySeconds),
    lateReleaseMs: milliseconds('late-release', seconds),
    ruleCap: number('rule-cap', nonNegativeInteger),
    ruleDelayMs: milliseconds('rule-delay', seconds),
    searchDelayMs: milliseconds('search-delay', seconds),
    enterprise: values.enterprise,
    connectionsApi: values['no-connections-api'] ? false : undefined,
    rules: values.rule?.map((value) => ({ value })),
    file: values.file,
    repeat: values.repeat,
    faults: values.fault?.map(faultNamed),
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
const nonNegativeInteger: Check = {
  meaning: 'a non-negative integer',
  fits: (value) => Number.isSafeInteger(value) && value >= 0,
};
const nonNegative: Check = { meaning: 'a non-negative number or "max"', fits: (value) => value >= 0 };
const positive: Check = {
  meaning: 'a number of seconds, more than 0 and at most 86400',
  fits: (value) => value > 0 && value <= 86_400,
};
const seconds: Check = {
  meaning: 'a number of seconds from 0 to 86400',
  fits: (value) => value >= 0 && value <= 86_400,
};
const anySeconds: Check = {
  meaning: 'a number of seconds from -86400 to 86400',
  fits: (value) => Math.abs(value) <= 86_400,
};
const share: Check = { meaning: 'a number from 0 to 1', fits: (value) => value >= 0 && value <= 1 };
