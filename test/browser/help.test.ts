import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { examplesIn } from '../nodes/help-examples';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-help-'));
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('help: examples -> all in the sidebar, none wider than it', async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  for (const type of ['twitter-stream-in', 'tweet-classifier', 'kafka-out', 'kafka-admin']) {
    await editor.drag(type, 200, 200);
    await editor.invoke('core:show-help-tab');
    // The palette may show spaces instead of hyphens, and so does the title.
    const title = new RegExp(type.replaceAll('-', '[ -]'));
    await page.locator('.red-ui-help-title:visible', { hasText: title }).waitFor();
    const shown = await page.locator('.red-ui-help p.example:visible').evaluateAll((all) =>
      all.map(({ textContent, scrollWidth, clientWidth }) => ({
        text: textContent,
        wide: scrollWidth > clientWidth,
      })),
    );
    assert.equal(shown.length, examplesIn(type, 'en-US').length, type);
    assert.deepEqual(
      shown.filter(({ wide }) => wide).map(({ text }) => text),
      [],
    );
  }
  await page.close();
});
