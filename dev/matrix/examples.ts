import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTopic } from '../../test/topic-reader';
import { startXApi, type XApi } from '../x-api/server';
import { check, complaints, until } from './check';
import type { Environment } from './environment';
import { packageName, type UserFolder } from './user-folder';

type FlowNode = Record<string, unknown> & { id: string; type: string; name?: string };

const fewestPosts = 40;
const topics = ['tweets', 'retweets'];

/** The example flow, its X API, and the ids of the posts that it got. */
export interface RunningExamples {
  x: XApi;
  flow: FlowNode[];
  sent: string[];
  /** Waits until every post that was sent until now is in Kafka. @returns their number */
  arrived(): Promise<number>;
}

/** All examples of the package, as the import dialog reads them, with the addresses of this run. */
export async function exampleFlows(
  user: UserFolder,
  brokers: string,
  { url, settings }: XApi,
): Promise<FlowNode[]> {
  const flows = await readExamples(user);
  check(flows.length > 0, 'no examples');
  return flows.flat().map((node) => {
    switch (node.type) {
      case 'twitter-app':
        return { ...node, baseUrl: url, credentials: { bearerToken: settings.bearerToken } };
      case 'kafka-cluster':
        return { ...node, brokers };
      case 'debug':
        // Into the log, where this run finds it.
        return { ...node, console: true };
      default:
        return node;
    }
  });
}

/** By the library of the admin API, which Node-RED has only with its editor; else the installed files. */
async function readExamples(user: UserFolder): Promise<FlowNode[][]> {
  const folder = `/library/examples/flows/${packageName}`;
  const { status } = await user.request(`${folder}/`);
  if (status === 404) {
    const installed = join(user.dir, 'node_modules', packageName, 'examples');
    return readdirSync(installed).map((name) => JSON.parse(readFileSync(join(installed, name), 'utf8')));
  }
  const files = await user.json<Array<{ fn: string }>>(`${folder}/`);
  return Promise.all(files.map(({ fn }) => user.json<FlowNode[]>(`${folder}/${encodeURIComponent(fn)}`)));
}

/** Imports and deploys all examples, and waits for the first posts. @param rate posts per second */
export async function startExamples(
  environment: Environment,
  user: UserFolder,
  rate = 40,
): Promise<RunningExamples> {
  await environment.clear();
  const { brokers } = environment.broker;
  const sent: string[] = [];
  const x = await startXApi({ rate, onPost: ({ id, streams }) => streams > 0 && sent.push(id) });
  let flow: FlowNode[];
  try {
    flow = await exampleFlows(user, brokers, x);
    await user.deploy(flow);
    await until(
      () => sent.length >= fewestPosts,
      () => `posts: ${sent.length} sent. ${lastLines(user)}`,
    );
  } catch (error) {
    await x.close();
    throw error;
  }
  return {
    x,
    flow,
    sent,
    async arrived() {
      const wanted = [...sent];
      await until(
        async () => {
          const keys = await keysIn(brokers);
          return wanted.every((id) => keys.has(id));
        },
        () => `${wanted.length} posts in Kafka. ${lastLines(user)}`,
      );
      return wanted.length;
    },
  };
}

/** Imports every example, and reads the records of the first one back. @returns how many */
export async function tryExamples(
  environment: Environment,
  user: UserFolder,
  alsoKnown: RegExp[] = [],
): Promise<number> {
  const running = await startExamples(environment, user);
  try {
    const count = await running.arrived();
    const response = await user.request('/inject/b81f62d0e300010b', { method: 'POST' });
    check(response.ok, `inject: ${response.status}`);
    await until(() => user.nodeRed.log().includes('[debug:records]'), 'the last posts of the second example');
    const log = user.nodeRed.log();
    check(
      !log.includes('[debug:errors]'),
      `an example failed: ${log.split('[debug:errors]')[1]?.slice(0, 500)}`,
    );
    const found = complaints(log, alsoKnown);
    check(found.length === 0, `in the log: ${found.join(' | ')}`);
    return count;
  } finally {
    await running.x.close();
  }
}

/** The keys of all records of the examples' topics. */
export async function keysIn(brokers: string): Promise<Set<string>> {
  const records = await Promise.all(topics.map((topic) => readTopic(brokers, topic, 0)));
  return new Set(records.flat().map(({ key }) => String(key)));
}

const lastLines = (user: UserFolder): string => user.nodeRed.log().trim().split('\n').slice(-5).join(' | ');
