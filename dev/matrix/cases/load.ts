import { join } from 'node:path';
import { root } from '../../paths';
import { check, complaints, until } from '../check';
import { keysIn, startExamples } from '../examples';
import { type Case, newestUser, stopping } from './case';

interface Probe {
  heap: number;
  handles: number;
  files: number;
  listeners: number;
}

const postsPerSecond = 200;
const deployCount = 100;
const settledAfter = 10;
/** Handles of connections that are just opening or closing. */
const handleTolerance = 8;
const heapTolerance = 20_000_000;

const deploys: Case = {
  name: 'deploys',
  title: `${deployCount} full deploys at ${postsPerSecond} posts per second`,
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    await user.start({ env: { MATRIX_NODES: join(root, 'dev/matrix/nodes') } });
    return stopping(user, async () => {
      const { x, flow, sent } = await startExamples(environment, user, postsPerSecond);
      try {
        const probe = (): Promise<Probe> => user.json<Probe>('/matrix-probe');
        const settled = async (): Promise<Probe> => {
          const { length } = sent;
          await until(() => sent.length > length + postsPerSecond, 'posts after the deploys');
          return probe();
        };
        // Not started by the flow's first node: a deploy must not pause the stream.
        const busy = flow.map((node) =>
          node.type === 'twitter-stream-in' ? { ...node, autostart: true } : node,
        );
        let tenth: Probe | undefined;
        for (let at = 1; at <= deployCount; at++) {
          await user.deploy(busy);
          const { length } = sent;
          await until(() => sent.length > length + postsPerSecond / 10, `posts after deploy ${at}`);
          if (at === settledAfter) tenth = await settled();
        }
        const last = await settled();
        check(tenth, 'no tenth deploy');
        const grown = (name: 'heap' | 'handles' | 'files' | 'listeners'): number =>
          last[name] - (tenth as Probe)[name];
        check(
          grown('listeners') <= 0,
          `${grown('listeners')} more listeners than after deploy ${settledAfter}`,
        );
        for (const name of ['handles', 'files'] as const) {
          check(
            grown(name) <= handleTolerance,
            `${grown(name)} more ${name} than after deploy ${settledAfter}`,
          );
        }
        check(grown('heap') <= heapTolerance, `the heap has grown by ${megabytes(grown('heap'))}`);
        const wanted = [...sent];
        let missing: string[] = [];
        await until(
          async () => {
            const keys = await keysIn(environment.broker.brokers);
            missing = wanted.filter((id) => !keys.has(id));
            return missing.length === 0;
          },
          () => `${missing.length} of ${wanted.length} posts not in Kafka, such as ${missing[0]}`,
        );
        const found = complaints(user.nodeRed.log());
        check(found.length === 0, `in the log: ${found.slice(0, 3).join(' | ')}`);
        return (
          `all ${wanted.length} posts are in Kafka; handles ${tenth.handles} after deploy ${settledAfter}, ${last.handles} after ` +
          `the last; listeners ${tenth.listeners} and ${last.listeners}; heap ${megabytes(tenth.heap)} and ${megabytes(last.heap)}`
        );
      } finally {
        await x.close();
      }
    });
  },
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** `docker stop` sends SIGKILL after 10 s. */
const dockerLimitMs = 10_000;

const stop: Case = {
  name: 'stop',
  title: 'SIGTERM at 200 posts per second, and with an unresponsive broker',
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    const seconds: string[] = [];
    for (const paused of [false, true]) {
      await user.start();
      await stopping(user, async () => {
        const { x, sent } = await startExamples(environment, user, postsPerSecond);
        try {
          if (paused) await environment.broker.pause();
          // A post needs a moment to reach kafka-out.
          const early = [...sent];
          await until(() => sent.length > early.length + postsPerSecond, 'more posts');
          check(user.nodeRed.pid !== undefined, 'Node-RED has exited');
          const begin = Date.now();
          await user.stop();
          const took = Date.now() - begin;
          environment.broker.resume();
          check(took < dockerLimitMs, `${took} ms until the exit${paused ? ', with a paused broker' : ''}`);
          seconds.push(`${(took / 1000).toFixed(1)} s`);
          if (paused) await user.start();
          await until(async () => {
            const keys = await keysIn(environment.broker.brokers);
            return early.every((id) => keys.has(id));
          }, 'the posts from before the stop in Kafka');
        } finally {
          environment.broker.resume();
          await x.close();
        }
      });
    }
    return `exits after ${seconds[0]}, and after ${seconds[1]} with a paused broker (docker stop waits for 10 s); every post is in Kafka, after the next start`;
  },
};

export const loadCases = [deploys, stop];
