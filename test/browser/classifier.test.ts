import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { KINDS } from '../../src/tweet/kinds';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-classifier-'));
const flow = [
  { id: 'c-tab', type: 'tab', label: 'classifier' },
  { id: 'c-classify', type: 'tweet-classifier', z: 'c-tab', x: 300, y: 120, wires: [] },
];
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  const [port] = await freePorts([undefined]);
  nodeRed = await startNodeRed({ dir, port: port as number });
  await nodeRed.deploy(flow);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The result of a pasted message: its lines, and the highlighted output. */
async function pasteMessage(page: Page, text: string): Promise<{ lines: string[]; lit: string[] }> {
  await page.fill('#tweet-classifier-try', text);
  const lines = await page.locator('#tweet-classifier-answer > div').allTextContents();
  const lit = page.locator('#tweet-classifier-outputs > [aria-current="true"]');
  return {
    lines,
    lit: await lit.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kind') ?? '')),
  };
}

test('try box: pasted message -> its output, key in full digits and reason; not saved', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'en-US' });
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await editor.edit('c-classify', async () => {
    const outputs = await page.locator('#tweet-classifier-outputs > li').allTextContents();
    assert.deepEqual(
      outputs.map((text) => text.split(' ')[0]),
      KINDS,
    );
    assert.ok(outputs.every((text) => text.split(' ').length > 3));

    const deleted =
      '{"for_user":7,"message":{"delete":{"status":{"id":1178007813257388033},"timestamp_ms":"1432228155593"}}}';
    assert.deepEqual(await pasteMessage(page, deleted), {
      lines: [
        'Output: 3 delete',
        'Key: 1178007813257388033',
        'Timestamp: 2015-05-21T17:09:15.593Z (1432228155593)',
        'User: 7',
        'Reason: v1.1 notice: has the top-level key delete.',
      ],
      lit: ['delete'],
    });
    assert.deepEqual(await pasteMessage(page, '{"friends":[]}'), {
      lines: [
        'Output: 6 friends',
        'Key: none (msg.key is deleted)',
        'Timestamp: none (msg.timestamp is deleted)',
        'Reason: v1.1 notice: has the top-level key friends.',
      ],
      lit: ['friends'],
    });
    assert.deepEqual(await pasteMessage(page, '{"data":"<b>&","meta":{}}'), {
      lines: [
        'Catch node: Not an X stream message. Top-level keys: data, meta. It starts with: {"data":"<b>&","meta":{}}',
      ],
      lit: [],
    });
    assert.match((await pasteMessage(page, '{"data":')).lines[0] ?? '', /^Catch node: .*not valid JSON/);
    assert.deepEqual(await pasteMessage(page, ' '), { lines: [], lit: [] });
    await pasteMessage(page, '{"limit":{"track":4711}}');
  });
  assert.doesNotMatch(await editor.exportAll(), /4711/);
  await page.close();
});

test('try box: Korean browser -> Korean texts', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'ko' });
  const editor = new Editor(page);
  await editor.open(nodeRed.url);
  await editor.edit('c-classify', async () => {
    const { lines } = await pasteMessage(page, '{"errors":[{"disconnect_type":"SlowReader"}]}');
    assert.equal(lines[0], '출력: 8 disconnect');
    assert.match(lines.at(-1) ?? '', /^이유: .*\(errors\).*연결을 끝냅니다/);
    assert.match((await pasteMessage(page, '[]')).lines[0] ?? '', /^Catch 노드: .*배열/);
  });
  await page.close();
});
