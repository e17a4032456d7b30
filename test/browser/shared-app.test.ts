import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openConfig, openNode } from '../../dev/browser/dialogs';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { startXApi, type XApi } from '../../dev/x-api/server';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-shared-app-'));
let x: XApi;
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  x = await startXApi();
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  await x?.close();
  rmSync(dir, { recursive: true, force: true });
});

test('Test of a twitter-app with the token of another one -> a line that names the other', async () => {
  const { bearerToken } = x.settings;
  const app = (id: string, name: string) => ({
    ...{ id, type: 'twitter-app', name, baseUrl: x.url },
    credentials: { bearerToken },
  });
  const stream = { type: 'twitter-stream-in', z: 's-tab', x: 300, rules: [{ value: 'a', tag: '' }] };
  await nodeRed.deploy([
    { id: 's-tab', type: 'tab', label: 'apps' },
    app('s-first', 'first App'),
    app('s-second', 'second App'),
    { ...stream, id: 's-in-1', y: 100, app: 's-first', autostart: false, wires: [[], []] },
    { ...stream, id: 's-in-2', y: 200, app: 's-second', autostart: false, wires: [[], []] },
  ]);
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await openNode(page, 's-in-2');
  await openConfig(page, 'app');
  const lines = await editor.pressTest();
  const [shared, ...others] = lines.filter(({ text }) => text.includes('first App'));
  assert.match(shared?.text ?? '', /“first App”/);
  assert.deepEqual(others, []);
  assert.ok(!lines.some(({ text }) => text.includes('second App')));
  await page.close();
});
