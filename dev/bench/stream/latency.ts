import { SharedApp } from '../../../src/stream/app/shared-app';
import { sourceKinds } from '../../../src/stream/source-kind';
import { startXApi } from '../../x-api/server';
import { formatNumber, markdownTable, percentile } from '../figures';

/** X sends an App at most this many posts per second on pay-per-use. */
const postsPerSecond = 250;
const targetMs = 5;
const connectLimitMs = 30_000;

/**
 * Measures the time from a line that the simulated X API writes to the message that a node gets, over a real connection.
 * Server and client share this process, so the figure includes the work of the server.
 * @returns rows of docs/bench.md
 */
export async function benchLatency(posts: number): Promise<string> {
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const x = await startXApi({
    rate: postsPerSecond,
    noticeShare: 0,
    chunking: 'whole',
    onLine: (line) => sentAt.set(idIn(line), performance.now()),
  });
  const app = new SharedApp(
    { baseUrl: x.url, bearerToken: 'simulated-token' },
    { id: 'bench', folder: undefined, onWarning: () => {}, onIdle: () => {} },
  );
  try {
    await app.load();
    await received(app, posts, (line) => {
      const at = sentAt.get(idIn(line));
      if (at !== undefined) delays.push(performance.now() - at);
    });
  } finally {
    await app.close();
    await x.close();
  }
  const [p50, p99] = [percentile(delays, 50), percentile(delays, 99)];
  return markdownTable([
    ['metric', 'target', 'measured', 'result'],
    [
      `line to message at ${postsPerSecond} posts/s, ${posts.toLocaleString('en-US')} posts: p99 (p50)`,
      `below ${targetMs} ms`,
      `${formatNumber(p99)} ms (${formatNumber(p50)} ms)`,
      p99 < targetMs ? 'met' : '**missed**',
    ],
  ]);
}

function received(app: SharedApp, posts: number, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error('The posts did not arrive in time.')),
      connectLimitMs + (posts / postsPerSecond) * 2000,
    );
    let count = 0;
    app.stream('filtered', {}, 0).register({
      node: 'bench',
      mode: 'own',
      rules: [{ value: 'basketball', tag: '' }],
      fields: { fields: 'all' },
      stallTimeoutMs: sourceKinds.filtered.stallTimeout * 1000,
      dedupe: 100_000,
      recover: 'none',
      takeOver: false,
      mayReceive: () => true,
      output: {
        onMessage: (line) => {
          onLine(String(line.text));
          count++;
          if (count < posts) return;
          clearTimeout(limit);
          resolve();
        },
        onEvent: () => {},
        onState: () => {},
        onProblem: (problem) => reject(problem),
        onWarning: () => {},
      },
    });
  });
}

const idIn = (line: string): string => /"id":"(\d+)"/.exec(line)?.[1] ?? '';
