import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { Problem } from '../../src/util/problem';
import { until } from '../until';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-language-'));
const onTab = { z: 'v-tab', x: 300 };
const flow = [
  { id: 'v-tab', type: 'tab', label: 'language' },
  {
    id: 'v-inject',
    type: 'inject',
    ...onTab,
    y: 120,
    props: [{ p: 'payload' }],
    wires: [['v-out', 'v-classify']],
  },
  { id: 'v-out', type: 'kafka-out', ...onTab, y: 180, wires: [[]] },
  { id: 'v-classify', type: 'tweet-classifier', ...onTab, y: 360, wires: [] },
  { id: 'v-status', type: 'status', ...onTab, y: 240, scope: ['v-classify'], wires: [['v-log']] },
  {
    id: 'v-log',
    type: 'debug',
    ...onTab,
    y: 300,
    active: true,
    tosidebar: false,
    console: true,
    complete: 'status',
  },
];
const sentence = new Problem('no-config', { what: 'kafka-cluster' }).message;
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number, env: { LC_ALL: 'en_US.UTF-8' } });
  await nodeRed.deploy(flow);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('Korean editor, English server -> status and Test results in Korean; sidebar shows the sentence', async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'ko' });
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await editor.untilStatus('v-out', '설정 노드 선택 안 됨');

  await editor.invoke('core:show-debug-tab');
  await fetch(`${nodeRed.url}/inject/v-inject`, { method: 'POST' });
  await page.locator('.red-ui-debug-msg-payload', { hasText: sentence }).waitFor();
  assert.ok(nodeRed.log().includes(`[error] [kafka-out:v-out] ${sentence}\n`));

  await editor.edit('v-out', () =>
    editor.addConfig('cluster', async () => {
      await page.fill('#node-config-input-brokers', '127.0.0.1:9');
      const lines = await editor.pressTest();
      assert.match(lines[0]?.text ?? '', /127\.0\.0\.1:9.*\p{Script=Hangul}/u);
      assert.doesNotMatch(lines[0]?.text ?? '', /[a-z]{3,} [a-z]{3,}/);
    }),
  );
  await page.close();
});

test('palette: pointer on our category -> its description, in the language of the editor', async () => {
  for (const [locale, words] of [
    ['en-US', 'delivers them to Apache Kafka'],
    ['ko', 'Apache Kafka에'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale });
    await new Editor(page).open(nodeRed.url);
    const header = page.locator('.red-ui-palette-header', { hasText: 'X to Kafka' });
    await header.scrollIntoViewIfNeeded();
    await header.hover();
    await page.locator('.red-ui-popover', { hasText: words }).waitFor();
    await page.close();
  }
});

test('Status node -> the key of the text, and the text in the server’s language', async () => {
  await until(() => nodeRed.log().includes("message: 'empty text'"), 'the status');
  assert.match(nodeRed.log(), /text: '@tweet-pipeline\/.*:problems\.empty-message-short'/);
});
