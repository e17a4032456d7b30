import { acquireApp } from '../../src/stream/app/app-registry';
import { LiveSource } from '../../src/stream/filtered/live-source';
import type { SourceState, StreamOutput } from '../../src/stream/source';
import { sourceKinds } from '../../src/stream/source-kind';
import type { StreamLine } from '../../src/stream/stream-line';
import type { XApp } from '../../src/stream/x/app';
import { proxyFor } from '../../src/stream/x/proxy/proxy';
import type { Problem } from '../../src/util/problem';
import { usage, type WatchOptions, watchOptionsFrom } from './watch-arguments';

const countersEveryMs = 1000;
const dedupe = 100_000;
/** Characters of the text that a problem concerns. */
const longestPayload = 500;

const print = (type: string, values: object): void =>
  void process.stdout.write(`${JSON.stringify({ type, at: new Date().toISOString(), ...values })}\n`);

/** The message as X sent it: JavaScript rounds the ids of v1.1. */
function printPost(recovered: string | undefined, { text, valueIfJson }: StreamLine): void {
  const at = new Date().toISOString();
  const how = recovered === undefined ? '' : `,"recovered":"${recovered}"`;
  const message = valueIfJson === undefined ? JSON.stringify(String(text)) : text;
  process.stdout.write(`{"type":"post","at":"${at}"${how},"message":${message}}\n`);
}

function main(): void {
  const options = watchOptionsFrom(process.argv.slice(2));
  if (options) watch(options);
  else console.log(usage);
}

function watch({ url, token, rules, recover, state, posts }: WatchOptions): void {
  const counts = { posts: 0, recovered: 0, others: 0, events: 0, problems: 0, warnings: 0 };
  const warn = (problem: Problem): void => {
    counts.warnings++;
    print('warning', described(problem));
  };
  const output: StreamOutput = {
    onMessage(line, recovered) {
      const isPost = sourceKinds.filtered.postId(line.valueIfJson) !== undefined;
      if (!isPost) counts.others++;
      else if (recovered) counts.recovered++;
      else counts.posts++;
      if (posts) printPost(recovered, line);
    },
    onEvent(event) {
      counts.events++;
      print('event', event);
    },
    onState: (next) => print('state', stateOf(next)),
    onProblem(problem, payload) {
      counts.problems++;
      print('problem', { ...described(problem), payload: payload?.toString().slice(0, longestPayload) });
    },
    onWarning: warn,
  };
  const app: XApp = { baseUrl: url, bearerToken: token, proxy: proxyFor(url) };
  const handle = acquireApp(app, state, warn);
  const source = new LiveSource(
    handle.shared,
    {
      source: 'filtered',
      parameters: {},
      node: 'watch',
      mode: 'own',
      rules: rules.map((value) => ({ value, tag: '' })),
      fields: { fields: 'default' },
      stallTimeoutMs: sourceKinds.filtered.stallTimeout * 1000,
      dedupe,
      recover,
      takeOver: false,
      dailyLimit: 0,
    },
    output,
  );
  // Also keeps the process running while the source waits.
  const counters = setInterval(() => print('counters', { ...counts, ...source.report() }), countersEveryMs);
  const end = async (): Promise<void> => {
    clearInterval(counters);
    // Not a stop by a person: with --state the next run reports the time until then.
    await source.stop('removed');
    await handle.shared.close();
    await handle.release();
    print('end', { ...counts });
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  source.start();
}

function stateOf(state: SourceState): object {
  if (!('problem' in state)) return state;
  const { problem, untilMs } = state;
  const until = untilMs === undefined ? undefined : new Date(untilMs).toISOString();
  return { state: state.state, until, ...described(problem) };
}

const described = ({ key, message }: Problem): object => ({ problem: key, message });

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
