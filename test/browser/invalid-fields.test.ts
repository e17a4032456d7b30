import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { dialogFlow, eachDialog } from '../../dev/browser/dialogs';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-invalid-'));
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number });
  await nodeRed.deploy(dialogFlow);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function openPage(locale = 'en-US'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale });
  page.setDefaultTimeout(30_000);
  return page;
}

/** What describes a field of the open dialog, as a screen reader finds it; '': nothing. */
async function problemOf(page: Page, field: string): Promise<string> {
  const typed = page.locator(`${field} + .red-ui-typedInput-container input:visible`);
  const shown = (await typed.count()) > 0 ? typed.first() : page.locator(field);
  if ((await shown.getAttribute('aria-invalid')) !== 'true') return '';
  const ids = ((await shown.getAttribute('aria-describedby')) ?? '').split(' ').filter(Boolean);
  const texts = await Promise.all(
    ids.map((id) => page.locator(`[id="${id}"].x-to-kafka-note:visible`).allTextContents()),
  );
  return texts.flat().join(' ');
}

/** Empties and fills a field as a person does, and waits for its sentence. */
async function enter(page: Page, field: string, text: string, sentence: RegExp): Promise<void> {
  const typed = page.locator(`${field} + .red-ui-typedInput-container input:visible`);
  const shown = (await typed.count()) > 0 ? typed.first() : page.locator(field);
  await shown.fill(text);
  await shown.blur();
  let problem = '';
  for (let tries = 0; tries < 50; tries++) {
    problem = await problemOf(page, field);
    if (sentence.test(problem)) return;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));
  }
  assert.match(problem, sentence, field);
}

const none = /^$/;

test('dialogs: invalid field -> its sentence below it, described by it; valid again -> none', async () => {
  const page = await openPage();
  const cases: Record<string, Array<[field: string, text: string, sentence: RegExp, valid: string]>> = {
    'twitter-stream-in': [
      ['dailyLimit', 'many', /dailyLimit|number/i, '5'],
      ['stallTimeout', '3', /at least 21/, '40'],
    ],
    'twitter-app': [
      ['bearerToken', '', /no bearer token/, 'token'],
      ['baseUrl', 'ftp://x', /URL/, 'https://api.x.com'],
    ],
    'tweet-classifier': [['property', 'a b', /./, 'payload']],
    'kafka-out': [
      ['topic', 'my topic!', /my topic!/, 'tweets'],
      ['memoryLimit', '-1', /./, '10'],
    ],
    'kafka-cluster': [
      ['brokers', 'kafka:port', /port/, 'kafka:9092'],
      ['requestTimeout', '1', /./, '15'],
    ],
    'kafka-admin': [['timeout', 'soon', /./, '30']],
  };
  const seen: string[] = [];
  await eachDialog(page, nodeRed.url, async (type) => {
    seen.push(type);
    const prefix = type === 'twitter-app' || type === 'kafka-cluster' ? 'node-config-input' : 'node-input';
    for (const [name, text, sentence, valid] of cases[type] ?? []) {
      await enter(page, `#${prefix}-${name}`, text, sentence);
      await enter(page, `#${prefix}-${name}`, valid, none);
    }
  });
  assert.deepEqual(seen.sort(), Object.keys(cases).sort());
  await page.close();
});

test('dialogs: no config node, an invalid or a deleted one -> the node is invalid, with the sentence', async () => {
  for (const [locale, noApp, noCluster] of [
    ['en-US', /No twitter-app selected/, /No kafka-cluster selected/],
    ['ko', /twitter-app 설정 노드가 선택되지/, /kafka-cluster 설정 노드가 선택되지/],
  ] as const) {
    const without = dialogFlow.map((node) => ({
      ...node,
      ...('app' in node ? { app: '' } : {}),
      ...('cluster' in node ? { cluster: '' } : {}),
    }));
    await nodeRed.deploy(without);
    const page = await openPage(locale);
    const editor = new Editor(page);
    await editor.open(nodeRed.url);
    for (const [id, property, sentence] of [
      ['x-in', 'app', noApp],
      ['x-out', 'cluster', noCluster],
      ['x-admin', 'cluster', noCluster],
    ] as const) {
      assert.equal(await page.evaluate(`RED.nodes.node('${id}').valid`), false, id);
      const errors = await page.evaluate(`RED.nodes.node('${id}').validationErrors.join()`);
      assert.match(String(errors), sentence);
      await editor.edit(id, async () => {
        assert.match(await problemOf(page, `#node-input-${property}`), sentence);
      });
    }
    await page.close();
  }
  // One whose brokers are invalid, and one that does not exist.
  const broken = dialogFlow.map((node) => {
    if (node.id === 'x-cluster') return { ...node, brokers: 'kafka:port' };
    return 'app' in node ? { ...node, app: 'x-gone' } : node;
  });
  await nodeRed.deploy(broken);
  const page = await openPage();
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await editor.edit('x-out', async () => {
    assert.match(await problemOf(page, '#node-input-cluster'), /has invalid fields/);
  });
  assert.match(
    String(await page.evaluate("RED.nodes.node('x-in').validationErrors.join()")),
    /does not exist/,
  );
  await page.close();
  await nodeRed.deploy(dialogFlow);
});

test('dialogs: no rules, no target -> the sentence', async () => {
  const page = await openPage();
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await editor.edit('x-in', async () => {
    for (const value of await page.locator('#node-input-rules-list input').all()) await value.fill('');
    await page.locator('.twitter-stream-in-own-rules .x-to-kafka-note', { hasText: /rule/i }).waitFor();
  });
  await editor.edit('x-admin', async () => {
    await page.evaluate("$('#node-input-operation').typedInput('value', 'topics.describe')");
    await enter(page, '#node-input-target', '', /No target set for topics\.describe/);
    await enter(page, '#node-input-target', 'a b', /a b/);
    await enter(page, '#node-input-target', 'tweets', none);
  });
  await page.close();
});

test('More: closed with defaults; open where a field in it is not default, or invalid', async () => {
  for (const [type, fields, open] of [
    ['x-out', { linger: '', memoryLimit: 32 }, false],
    ['x-out', { linger: 50 }, true],
    ['x-out', { diskLimit: 'much' }, true],
    ['x-in', { autostart: true }, false],
    ['x-in', { rulesMode: 'app' }, true],
  ] as const) {
    await nodeRed.deploy(dialogFlow.map((node) => (node.id === type ? { ...node, ...fields } : node)));
    const page = await openPage();
    const editor = new Editor(page);
    await editor.open(nodeRed.url);
    await editor.edit(type, async () => {
      const isOpen = await page.locator('.red-ui-tray details').getAttribute('open');
      assert.equal(isOpen !== null, open, JSON.stringify([type, fields]));
    });
    await page.close();
  }
  await nodeRed.deploy(dialogFlow);
});
