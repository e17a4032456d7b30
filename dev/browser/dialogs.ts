import type { Locator, Page } from 'playwright-core';

// Nothing listens on this port: the dialogs need no connections.
const closedPort = '127.0.0.1:9';
/** A flow with each of our nodes. */
export const dialogFlow = [
  { id: 'x-tab', type: 'tab', label: 'dialogs' },
  {
    ...{ id: 'x-app', type: 'twitter-app', name: 'My App', baseUrl: `http://${closedPort}` },
    credentials: { bearerToken: 'test' },
  },
  { id: 'x-cluster', type: 'kafka-cluster', name: 'My cluster', brokers: closedPort },
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
      { value: '농구 lang:ko', tag: '' },
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
// The dialog of a config node opens from a node that uses it.
const dialogs = [
  { type: 'twitter-stream-in', id: 'x-in' },
  { type: 'twitter-app', id: 'x-in', property: 'app' },
  { type: 'tweet-classifier', id: 'x-classify' },
  { type: 'kafka-out', id: 'x-out' },
  { type: 'kafka-cluster', id: 'x-out', property: 'cluster' },
  { type: 'kafka-admin', id: 'x-admin' },
];

/**
 * Opens the dialogs of all our nodes one by one, with all collapsed sections expanded.
 * @param visit called with each open dialog
 * @param only these node types [all]
 */
export async function eachDialog(
  page: Page,
  url: string,
  visit: (type: string, dialog: Locator) => Promise<void>,
  only?: string[],
): Promise<void> {
  await page.goto(url);
  await page.locator('[id="x-admin"]').waitFor();
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  for (const { type, id, property } of dialogs) {
    if (only && !only.includes(type)) continue;
    await openNode(page, id);
    if (property) await openConfig(page, property);
    for (const more of await page.locator('.red-ui-tray details').all()) {
      await more.evaluate((element) => element.setAttribute('open', ''));
    }
    await visit(type, page.locator('.red-ui-tray').last());
    if (property) {
      await page.click('#node-config-dialog-cancel');
      await page.locator('#node-config-input-name').waitFor({ state: 'detached' });
      await settled(page, '#node-input-name');
    }
    await page.click('#node-dialog-cancel');
    await page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }
}

/** Node-RED ignores a double click whose clicks reach it too far apart, as on a busy machine. */
export async function openNode(page: Page, id: string): Promise<void> {
  for (let tries = 0; tries < 5 && (await page.locator('.red-ui-tray').count()) === 0; tries++) {
    await page.locator(`[id="${id}"]`).dblclick();
    await page
      .locator('.red-ui-tray')
      .first()
      .waitFor({ timeout: 5_000 })
      .catch(() => {});
  }
  await settled(page, '#node-input-name');
}

/** In the open dialog of a node: opens that of the config node that a property names. */
export async function openConfig(page: Page, property: string): Promise<void> {
  await page.click(`#node-input-btn-${property}-edit`);
  await settled(page, '#node-config-input-name');
}

/** Waits until a dialog no longer slides. */
async function settled(page: Page, field: string): Promise<void> {
  await page.locator(field).waitFor();
  const input = page.locator(field);
  let before: number | undefined;
  for (let tries = 0; tries < 100; tries++) {
    const x = await left(input);
    if (x === before) return;
    before = x;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
  }
  throw new Error(`The dialog with ${field} does not stop moving.`);
}

async function left(place: Locator): Promise<number | undefined> {
  return (await place.boundingBox())?.x;
}
