import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { dialogFlow, eachDialog } from '../../dev/browser/dialogs';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, type NodeRedOptions, startNodeRed } from '../../dev/node-red/runtime';
import { nodeRed5 } from '../../dev/runtimes/runtimes';
import { OPERATIONS } from '../../src/kafka/admin/operations';
import { nodeTypes } from '../nodes/node-types';
import { choose } from './admin-dialog';
import { Editor } from './editor';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-accessibility-'));
let nodeRed: NodeRed;
let browser: Browser;

before(async () => {
  nodeRed = await start();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await nodeRed?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/**
 * Elements in our forms that Node-RED makes. Its tabs, the buttons around a form and the workspace behind it are outside the
 * form, where nothing is checked.
 */
const nodeReds = [
  // Hidden fields that password managers fill instead of the node's.
  { selector: '[id^="red-ui-trap-"]', rules: ['label'] },
  // The sign that removes a row of an editableList has no text.
  { selector: '.red-ui-editableList-item-remove', rules: ['link-name'] },
  // The colours of all buttons are Node-RED's: #888 on white in 4.1.
  { selector: '.red-ui-button, .red-ui-button *', rules: ['color-contrast'] },
];

interface Checked {
  /** `rule element` of each violation, without Node-RED's. */
  violations: string[];
  /** The number of texts whose contrast axe-core calculated. */
  contrasts: number;
}

/** Runs axe-core over the form of a dialog. */
function check(form: Locator): Promise<Checked> {
  return form.evaluate(async (element, ignored) => {
    // Node-RED's body has no height, so axe-core takes every text in it as hidden, and checks no contrast.
    document.body.style.height = '100vh';
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const results = await axe.run(element, { elementRef: true });
    const violations = results.violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(
          ({ element: found }) =>
            !ignored.some(({ selector, rules }) => rules.includes(id) && found?.matches(selector)),
        )
        .map(({ html, any }) => `${id} ${html.slice(0, 160)} ${any.map(({ message }) => message).join(' ')}`),
    );
    const contrast = results.passes.find(({ id }) => id === 'color-contrast');
    const contrasts = (contrast?.nodes ?? []).filter(({ any }) => any[0]?.data?.contrastRatio > 0).length;
    return { violations, contrasts };
  }, nodeReds);
}

/** Brings a dialog into the states in which it shows more. Each step calls `look`. */
type States = (page: Page, form: Locator, look: (state: string) => Promise<void>) => Promise<void>;

const pressTest: States = async (page, form, look) => {
  await form.locator('button[id$="-input-test"]').click();
  await page.locator('[id$="-input-test-lines"] i').nth(2).waitFor();
  await look('results of Test');
};

const states: Record<string, States> = {
  'twitter-app': pressTest,
  'kafka-cluster': pressTest,
  async 'twitter-stream-in'(page, form, look) {
    const rules = form.locator('#node-input-rules-list li');
    await rules.nth(0).locator('input').first().fill('(open');
    await rules.nth(1).locator('input').first().fill('cats and dogs');
    await look('invalid rule, hint');
    await pressTest(page, form, look);
  },
  async 'tweet-classifier'(page, form, look) {
    await form
      .locator('#tweet-classifier-try')
      .fill('{"delete": {"status": {"id_str": "1", "user_id_str": "2"}}}');
    await page.locator('#tweet-classifier-outputs > [aria-current="true"]').waitFor();
    await look('answer');
    await form.locator('#tweet-classifier-try').fill('{');
    await look('rejected message');
  },
  async 'kafka-admin'(page, form, look) {
    const editor = new Editor(page);
    for (const operation of OPERATIONS) {
      await choose(editor, operation);
      await look(operation);
    }
    await choose(editor, 'topics.delete');
    await page.evaluate("$('#node-input-target').typedInput('value', 'tweets')");
    await form.locator('#node-input-run').click();
    await form.locator('#node-input-run-name').waitFor();
    await form.locator('#node-input-run-result details').evaluate((json) => json.setAttribute('open', ''));
    await look('dry run');
  },
};

/** Answers of the endpoints: a line of each kind, and a dry run. Their texts are not checked here. */
async function answerRequests(page: Page): Promise<void> {
  const line = { key: 'none', text: 'connected to the first broker' };
  const lines = [{ ok: true }, { ok: true, hint: true }, { ok: false }].map((kind) => ({ ...line, ...kind }));
  await page.route('**/*/test', (route) => route.fulfill({ json: { lines } }));
  const answer = { dryRun: true, deleted: false, topics: [{ topic: 'tweets', records: 3 }] };
  await page.route('**/kafka-admin/run', (route) => route.fulfill({ json: { answer } }));
}

/** Shows the rows of all choices at once. */
const showAllRows = (form: Locator): Promise<void> =>
  form.locator('.form-row:not(.kafka-admin-run-confirm)').evaluateAll((rows) => {
    for (const row of rows) (row as HTMLElement).style.display = 'block';
  });

async function checkDialogs(page: Page, url: string): Promise<void> {
  const seen: string[] = [];
  await answerRequests(page);
  await eachDialog(page, url, async (type, dialog) => {
    seen.push(type);
    const form = dialog.locator('#dialog-form, #node-config-dialog-edit-form').first();
    const look = async (state: string): Promise<void> => {
      const { violations, contrasts } = await check(form);
      assert.deepEqual(violations, [], `${type}: ${state}`);
      assert.ok(contrasts > 0, `${type}: ${state}: no contrast was checked`);
    };
    const more = form.locator('details');
    await more.evaluateAll((all) => all.map((details) => details.removeAttribute('open')));
    await look('opened');
    await more.evaluateAll((all) => all.map((details) => details.setAttribute('open', '')));
    if ((await more.count()) > 0) await look('“More” opened');
    await states[type]?.(page, form, look);
    await showAllRows(form);
    await look('all rows');
    for (const number of await form.locator('input[inputmode="numeric"]').all()) {
      await number.fill('soon');
      await number.blur();
    }
    await look('invalid numbers');
  });
  assert.deepEqual(seen.sort(), Object.keys(nodeTypes).sort());
}

async function start(program?: NodeRedOptions['program']): Promise<NodeRed> {
  const [port] = await freePorts([undefined]);
  const userDir = mkdtempSync(join(dir, 'user-'));
  const started = await startNodeRed({ dir: userDir, port: port as number, program });
  await started.deploy(dialogFlow);
  return started;
}

async function openPage(locale: string, theme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale });
  page.setDefaultTimeout(30_000);
  await page.addInitScript(axe.source);
  await page.addInitScript((scheme) => localStorage.setItem('view-dark-theme', scheme), theme);
  return page;
}

for (const locale of ['en-US', 'ko']) {
  test(`dialogs: light theme, ${locale} -> axe-core finds no violation of ours`, async () => {
    const page = await openPage(locale, 'light');
    await checkDialogs(page, nodeRed.url);
    await page.close();
  });
}

/** Node-RED 5 and its Node.js, which are installed once; undefined where they cannot be. */
function installedNodeRed5(): NodeRedOptions['program'] | undefined {
  try {
    return nodeRed5();
  } catch (error) {
    console.log(`Not run: dialogs in the dark theme of Node-RED 5. ${(error as Error).message}`);
    return undefined;
  }
}

// Node-RED 4.1 has no dark theme. Its colours do not depend on the language.
const program = installedNodeRed5();
if (program) {
  test('dialogs: dark theme of Node-RED 5 -> axe-core finds no violation of ours', async () => {
    const dark = await start(program);
    try {
      const page = await openPage('en-US', 'dark');
      await checkDialogs(page, dark.url);
      assert.equal(await page.locator('html.nr-theme-dark').count(), 1);
      await page.close();
    } finally {
      await dark.stop();
    }
  });
}

test('axe-core: field without a label, pale text -> violations', async () => {
  const editor = new Editor(await openPage('en-US', 'light'));
  const { page } = editor;
  await editor.open(nodeRed.url);
  await editor.edit('x-out', async () => {
    const label = (name: string): Locator => page.locator(`label[for="node-input-${name}"]`);
    await label('createTopic').evaluate((element) => element.removeAttribute('for'));
    await label('topic').evaluate((element) => {
      element.style.color = '#ccc';
    });
    const { violations } = await check(page.locator('#dialog-form'));
    const rules = violations.map((violation) => violation.split(' ')[0]);
    assert.deepEqual(rules.sort(), ['color-contrast', 'label']);
  });
  await page.close();
});
