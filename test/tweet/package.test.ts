import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../dev/places';
import { haveRecordings, recordedLines } from './recordings';
import { SAMPLES } from './samples';

const name = '@tweet-pipeline/node-red-twitter-kafka';
const linesOfAFile = 40;

/**
 * What a file of recordings holds, as a type of the package. The direct messages are left out: whoever recorded
 * them has changed ids into text.
 */
const TYPE_OF: Record<string, string> = {
  activity_v2: 'V2ActivityMessage',
  compliance_v1_other: 'Partial<V1Drop> | V1UserNotice',
  compliance_v2: 'V2ComplianceMessage | V2LabelMessage',
  delete: 'V1Delete',
  disconnect: 'V1Disconnect',
  errors_v2: 'V2Errors',
  event: 'V1Event',
  friends: 'V1Friends',
  gnip_activity_streams: 'ActivityStreamMessage',
  limit: 'V1Limit',
  retweets_v1: 'V1Retweet',
  retweets_v2: 'V2Envelope',
  scrub_geo: 'V1ScrubGeo',
  sitestream: 'SiteStreamEnvelope',
  tweets_v1: 'V1Post',
  tweets_v2: 'V2Envelope',
  tweets_v2_rt_by_text_only: 'V2Envelope',
  warning: 'V1Warning',
  withheld: 'V1StatusWithheld',
};

const consumer = `
import { classify, explain, KINDS, Problem } from '${name}';
import type * as X from '${name}';

export function idOf(message: unknown, raw: string): string | undefined {
  try {
    const { kind, key }: X.Classified = classify(message, raw);
    if (kind === 'delete') return (message as X.V1Delete).delete.status?.id_str;
    return KINDS.includes(explain(message).kind) ? key : undefined;
  } catch (error) {
    return error instanceof Problem ? error.message : undefined;
  }
}

export function textOf(post: X.V1Post): string | undefined {
  const whole = post.retweeted_status ?? post;
  return whole.extended_tweet?.full_text ?? whole.full_text ?? whole.text;
}

export const media = (post: X.V1Post): string[] => post.extended_entities?.media?.map((one) => one.media_url_https) ?? [];
export const quoted = ({ data }: X.V2Envelope): boolean => data.referenced_tweets?.some(({ type }) => type === 'quoted') ?? false;
export const limit = ({ limit }: X.MessageOf<'limit'>): number => limit.track;
// @ts-expect-error An id of the v2 API is text.
export const wrong: X.V2Post = { id: 5 };
`;

describe('the package, in somebody else’s code', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-consumer-'));

  before(() => {
    const installed = join(dir, 'node_modules', name);
    mkdirSync(installed, { recursive: true });
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    symlinkSync(join(root, 'dist'), join(installed, 'dist'));
    writeFileSync(join(dir, 'consumer.ts'), consumer);
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const compile = (...files: string[]): void => {
    for (const module of [
      ['--module', 'node16'],
      ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ]) {
      const options = [
        '--noEmit',
        '--strict',
        '--noUncheckedIndexedAccess',
        '--target',
        'es2022',
        '--types',
        '',
      ];
      const tsc = join(root, 'node_modules/.bin/tsc');
      const { stdout, status } = spawnSync(
        tsc,
        [...module, ...options, '--resolveJsonModule', '--esModuleInterop', ...files],
        { cwd: dir, encoding: 'utf8' },
      );
      assert.equal(status, 0, `${module.join(' ')}: ${stdout.slice(0, 4000)}`);
    }
  };

  it('compiles, with the types of messages and of the classifier', () => {
    compile('consumer.ts');
  });

  if (haveRecordings) {
    it('has types that the recorded messages are of', () => compile(recordedAs()));
  } else {
    console.log(
      'The recorded messages are not there (../shared/recordings): the types are not checked against them.',
    );
  }

  it('can be required and imported, and its classifier works', () => {
    const post = JSON.stringify(SAMPLES.find(({ kind }) => kind === 'retweet')?.text);
    const print = `console.log(classify(${post}).kind, KINDS.length)`;
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    assert.equal(run('-e', `const { classify, KINDS } = require('${name}'); ${print}`), 'retweet 11\n');
    assert.equal(
      run('--input-type=module', '-e', `import { classify, KINDS } from '${name}'; ${print}`),
      'retweet 11\n',
    );
  });

  it('gives Node-RED what it reads: package.json and the nodes', () => {
    const { 'node-red': nodeRed } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const paths = ['package.json', ...(Object.values(nodeRed.nodes) as string[])];
    for (const path of paths) assert.ok(existsSync(join(dir, 'node_modules', name, path)), path);
    const code = `console.log(require('${name}/package.json').name)`;
    assert.equal(execFileSync(process.execPath, ['-e', code], { cwd: dir, encoding: 'utf8' }), `${name}\n`);
  });

  function recordedAs(): string {
    const parts = Object.entries(TYPE_OF).map(([file, type]) => {
      const lines = recordedLines(`${file}.jsonl`);
      writeFileSync(join(dir, `${file}.json`), `[${lines.slice(0, linesOfAFile).join(',\n')}]`);
      const types = type.replace(/\b[VAS]\w+/g, (word) => `X.${word}`);
      return `import ${file}_ from './${file}.json';\nexport const of_${file}: Array<${types}> = ${file}_;`;
    });
    writeFileSync(join(dir, 'recorded.ts'), [`import type * as X from '${name}';`, ...parts].join('\n'));
    return 'recorded.ts';
  }
});
