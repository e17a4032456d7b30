// Takes a picture of every dialog, in both languages, light and dark, and of a narrow one:
//   npm run pictures [-- kafka-out]      into target/pictures/
// Node-RED 4.1 has no dark theme of its own, so the pictures are of Node-RED 5.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { freePorts } from '../kafka/ports';
import { type NodeRed, startNodeRed } from '../node-red/runtime';
import { nodeRed5 } from '../node-red/version-5';
import { root } from '../places';
import { launchBrowser } from './launch';

const folder = join(root, 'target/pictures');
const [wanted = ''] = process.argv.slice(2);

// Nothing listens there: the dialogs are looked at, not the connections.
const nowhere = '127.0.0.1:9';
const flow = [
  { id: 'x-tab', type: 'tab', label: 'dialogs' },
  { id: 'x-app', type: 'twitter-app', name: 'My App', baseUrl: `http://${nowhere}` },
  { id: 'x-cluster', type: 'kafka-cluster', name: 'My cluster', brokers: nowhere },
  {
    id: 'x-in',
    type: 'twitter-stream-in',
    z: 'x-tab',
    x: 150,
    y: 120,
    app: 'x-app',
    autostart: false,
    rules: [
      { value: 'basketball lang:en -is:retweet', tag: 'basketball' },
      { value: 'lang:ko', tag: '' },
    ],
    wires: [[], []],
  },
  { id: 'x-classify', type: 'tweet-classifier', z: 'x-tab', x: 400, y: 120, wires: [] },
  {
    id: 'x-out',
    type: 'kafka-out',
    z: 'x-tab',
    x: 640,
    y: 120,
    cluster: 'x-cluster',
    topic: 'tweets',
    wires: [[]],
  },
  { id: 'x-admin', type: 'kafka-admin', z: 'x-tab', x: 150, y: 320, cluster: 'x-cluster', wires: [[]] },
];
// A config node's dialog is reached from a node that uses it.
const dialogs = [
  { type: 'twitter-stream-in', id: 'x-in' },
  { type: 'twitter-app', id: 'x-in', property: 'app' },
  { type: 'tweet-classifier', id: 'x-classify' },
  { type: 'kafka-out', id: 'x-out' },
  { type: 'kafka-cluster', id: 'x-out', property: 'cluster' },
  { type: 'kafka-admin', id: 'x-admin' },
];

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-pictures-'));
  const [port] = await freePorts([undefined]);
  const program = nodeRed5();
  const nodeRed = await startNodeRed({ dir, port: port as number, program });
  const browser = await launchBrowser();
  try {
    await nodeRed.deploy(flow);
    for (const locale of ['en-US', 'ko']) {
      for (const scheme of ['light', 'dark']) await take(browser, nodeRed, locale, scheme, 1300);
    }
    await take(browser, nodeRed, 'en-US', 'light', 700);
  } finally {
    await browser.close();
    await nodeRed.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function take(
  browser: Browser,
  nodeRed: NodeRed,
  locale: string,
  scheme: string,
  width: number,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 1000 }, locale });
  page.setDefaultTimeout(20_000);
  await page.addInitScript((theme) => localStorage.setItem('view-dark-theme', theme), scheme);
  await page.goto(nodeRed.url);
  await page.locator('[id="x-admin"]').waitFor();
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  for (const { type, id, property } of dialogs.filter((one) => one.type.includes(wanted))) {
    await page.locator(`[id="${id}"]`).dblclick();
    await stands(page, '#node-input-name');
    if (property) {
      await page.click(`#node-input-btn-${property}-edit`);
      await stands(page, '#node-config-input-name');
    }
    for (const more of await page.locator('.red-ui-tray details').all()) {
      await more.evaluate((element) => element.setAttribute('open', ''));
    }
    const file = join(folder, `${type}.${locale}.${scheme}${width < 1000 ? '.narrow' : ''}.png`);
    await page.locator('.red-ui-tray').last().screenshot({ path: file });
    console.log(file);
    if (property) {
      await page.click('#node-config-dialog-cancel');
      await page.locator('#node-config-input-name').waitFor({ state: 'detached' });
      await stands(page, '#node-input-name');
    }
    await page.click('#node-dialog-cancel');
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }
  await page.close();
}

/** Waits until a dialog has slid in. */
async function stands(page: Page, field: string): Promise<void> {
  await page.locator(field).waitFor();
  const input = page.locator(field);
  let before: number | undefined;
  for (let x = await left(input); x !== before; x = await left(input)) {
    before = x;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }
}

async function left(place: Locator): Promise<number | undefined> {
  return (await place.boundingBox())?.x;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
