import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { dialogFlow } from '../../dev/browser/dialogs';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { until } from '../until';
import { Editor } from './editor';
import { namedFunctions } from './layout';
import { tabThrough, tabTo } from './tab-order';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-keyboard-'));
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number });
  await nodeRed.deploy(
    dialogFlow.map((node) => (node.id === 'x-admin' ? { ...node, operation: 'topics.list' } : node)),
  );
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface EditorGlobal {
  RED: {
    nodes: { node(id: string): { name: string } };
    view: { select(selection: { nodes: object[] }): void; focus(): void };
  };
}

/** Opens a node's dialog as the keyboard does: Enter on a selected node. */
async function open(page: Page, id: string): Promise<void> {
  await page.evaluate((node) => {
    const { nodes, view } = (globalThis as unknown as EditorGlobal).RED;
    view.select({ nodes: [nodes.node(node)] });
    view.focus();
  }, id);
  await page.keyboard.press('Enter');
  await opened(page, '#node-input-name');
}

/** Waits until a dialog has opened: Node-RED then gives the focus to its first field. */
async function opened(page: Page, field: string): Promise<void> {
  await page.locator(field).waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.red-ui-tray')].at(-1)?.contains(document.activeElement),
  );
}

/** In an open dialog: replaces the text of a field. */
async function enter(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Space');
}

const dialogs: Array<{ id: string; property?: string; config?: string; use(page: Page): Promise<void> }> = [
  {
    id: 'x-in',
    async use(page) {
      await press(page, '#node-input-test');
      await page.locator('#node-input-test-lines > div').first().waitFor();
    },
  },
  { id: 'x-in', property: 'app', config: 'x-app', use: pressTest },
  {
    id: 'x-classify',
    async use(page) {
      await enter(page, '#tweet-classifier-try', '{"limit": {"track": 1}}');
      await page.locator('#tweet-classifier-answer', { hasText: 'limit' }).waitFor();
    },
  },
  {
    id: 'x-out',
    async use(page) {
      await enter(page, '#node-input-topic + .red-ui-typedInput-container input', 'my topic!');
      await page.locator('.x-to-kafka-note:visible', { hasText: 'my topic!' }).waitFor();
      await enter(page, '#node-input-topic + .red-ui-typedInput-container input', 'posts');
    },
  },
  { id: 'x-out', property: 'cluster', config: 'x-cluster', use: pressTest },
  {
    id: 'x-admin',
    async use(page) {
      await press(page, '#node-input-run');
      await page.locator('#node-input-run-state', { hasText: /./ }).waitFor();
    },
  },
];

async function pressTest(page: Page): Promise<void> {
  await press(page, '#node-config-input-test');
  await page.locator('#node-config-input-test-lines > div', { hasText: '127.0.0.1:9' }).first().waitFor();
}

for (const { id, property, config, use } of dialogs) {
  test(`dialog of ${config ?? id}: keyboard only -> opened, every control reached, filled, tested, closed`, async () => {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'en-US' });
    await page.addInitScript(namedFunctions);
    await new Editor(page).open(nodeRed.url);
    await open(page, id);
    if (property) {
      await press(page, `#node-input-btn-${property}-edit`);
      await opened(page, '#node-config-input-name');
    }
    const { count, ...faults } = await tabThrough(page);
    assert.deepEqual(faults, { missed: [], unmarked: [] });
    assert.ok(count > 2, `${count} controls`);
    await enter(page, property ? '#node-config-input-name' : '#node-input-name', 'by keyboard');
    await use(page);
    await page.keyboard.press('Control+Enter');
    if (property) {
      await page.locator('#node-config-input-name').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+Enter');
    }
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
    const name = () =>
      page.evaluate(
        (node) => (globalThis as unknown as EditorGlobal).RED.nodes.node(node).name,
        config ?? id,
      );
    await until(async () => (await name()) === 'by keyboard', 'the new name');
    await page.close();
  });
}
