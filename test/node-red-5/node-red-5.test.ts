import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { demoFlow } from '../../dev/demo/flow';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { NotAvailable, nodeRed5, type Program } from '../../dev/runtimes/runtimes';
import { nodeRedVersions, nodeVersions } from '../../dev/runtimes/versions';
import { startXApi, type XApi } from '../../dev/x-api/server';
import { buildFlowByHand } from '../browser/flow-built-by-hand';
import { readTopic, type TestBroker, testBroker } from '../kafka-broker';
import { until } from '../until';

const { program, skip } = available();
const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-node-red-5-'));
const sent: string[] = [];
let broker: TestBroker;
let x: XApi;
let nodeRed: NodeRed;
let browser: Browser;

/** Only Node-RED runs on Node.js 24: this test and the browser's driver stay on the Node.js at hand. */
function available(): { program?: Program; skip: string | false } {
  try {
    return { program: nodeRed5((line) => console.error(line)), skip: false };
  } catch (error) {
    if (error instanceof NotAvailable) return { skip: `not run: ${error.message}` };
    throw error;
  }
}

before(async () => {
  if (program === undefined) return;
  broker = await testBroker();
  x = await startXApi({ rate: 50, onPost: ({ id, streams }) => streams > 0 && sent.push(id) });
  const [port] = await freePorts([undefined]);
  const env = {
    ...{ X_API_URL: x.url, X_BEARER_TOKEN: x.settings.bearerToken, X_POST_LIMIT: '0' },
    KAFKA_BROKERS: broker.brokers,
  };
  nodeRed = await startNodeRed({ dir, port: port as number, program, env });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  await x?.close();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('Node-RED 5 on Node.js 24: example flow -> all posts of the stream are in Kafka', { skip }, async () => {
  assert.match(nodeRed.log(), new RegExp(`Node-RED version: v${nodeRedVersions.newest5}\\s`));
  assert.match(nodeRed.log(), new RegExp(`Node\\.js +version: v${nodeVersions.newest24}\\s`));
  await nodeRed.deploy(demoFlow());
  await until(() => sent.length >= 100, '100 posts');
  const wanted = sent.slice(0, 100);
  const keys = async (): Promise<Set<string>> => {
    const topics = ['tweets', 'retweets'].map((topic) => readTopic(broker.brokers, topic, 1));
    return new Set((await Promise.all(topics)).flat().map(({ key }) => String(key)));
  };
  await until(async () => {
    const read = await keys();
    return wanted.every((id) => read.has(id));
  }, 'the posts in the topics');
  await nodeRed.deploy([]);
});

test('Node-RED 5 on Node.js 24: flow built by hand in the editor -> posts in Kafka', { skip }, () =>
  buildFlowByHand({ browser, url: nodeRed.url, brokers: broker.brokers, x }),
);
