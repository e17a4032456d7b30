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
import { root } from '../../dev/paths';
import { haveRecordings, recordedLines } from './recordings';
import { allSamples } from './samples';

const name = '@tweet-pipeline/node-red-twitter-kafka';
const maxLinesPerFile = 40;

/**
 * The type of the messages in each file of recordings. Direct messages are missing: their ids were changed to text
 * when they were recorded.
 */
const typeOfFile: Record<string, string> = {
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
// @ts-expect-error Ids of the v2 API are strings.
export const wrong: X.V2Post = { id: 5 };
`;

describe('package', () => {
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

  it('a consumer in TypeScript -> compiles', () => {
    compile('consumer.ts');
  });

  if (haveRecordings) {
    it('recorded messages -> have the exported types', () => compile(recordedAs()));
  } else {
    console.log(
      'No recordings in ../shared/recordings: the types are not checked against recorded messages.',
    );
  }

  it('require and import -> the classifier works', () => {
    const post = JSON.stringify(allSamples.find(({ kind }) => kind === 'retweet')?.text);
    const print = `console.log(classify(${post}).kind, KINDS.length)`;
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, args, { cwd: dir, encoding: 'utf8' });
    assert.equal(run('-e', `const { classify, KINDS } = require('${name}'); ${print}`), 'retweet 11\n');
    assert.equal(
      run('--input-type=module', '-e', `import { classify, KINDS } from '${name}'; ${print}`),
      'retweet 11\n',
    );
  });

  it('Node-RED -> finds package.json and the nodes', () => {
    const { 'node-red': nodeRed } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const paths = ['package.json', ...(Object.values(nodeRed.nodes) as string[])];
    for (const path of paths) assert.ok(existsSync(join(dir, 'node_modules', name, path)), path);
    const code = `console.log(require('${name}/package.json').name)`;
    assert.equal(execFileSync(process.execPath, ['-e', code], { cwd: dir, encoding: 'utf8' }), `${name}\n`);
  });

  function recordedAs(): string {
    const parts = Object.entries(typeOfFile).map(([file, type]) => {
      const lines = recordedLines(`${file}.jsonl`);
      writeFileSync(join(dir, `${file}.json`), `[${lines.slice(0, maxLinesPerFile).join(',\n')}]`);
      const types = type.replace(/\b[VAS]\w+/g, (word) => `X.${word}`);
      return `import ${file}_ from './${file}.json';\nexport const of_${file}: Array<${types}> = ${file}_;`;
    });
    writeFileSync(join(dir, 'recorded.ts'), [`import type * as X from '${name}';`, ...parts].join('\n'));
    return 'recorded.ts';
  }
});
