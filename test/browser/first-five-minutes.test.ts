import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { startXApi, type XApi } from '../../dev/x-api/server';
import { type TestBroker, testBroker } from '../kafka-broker';
import { buildFlowByHand } from './flow-built-by-hand';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-browser-'));
let broker: TestBroker;
let x: XApi;
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  broker = await testBroker();
  x = await startXApi({ rate: 20, bearerToken: 'AAAA-secret-token-of-the-test' });
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir: join(dir, 'node-red'), port: port as number });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  await x?.close();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('editor: flow built by hand -> posts in Kafka; example imports; export without secrets', () =>
  buildFlowByHand({ browser, url: nodeRed.url, brokers: broker.brokers, x }));
