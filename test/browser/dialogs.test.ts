import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator } from 'playwright-core';
import { dialogFlow, eachDialog } from '../../dev/browser/dialogs';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import { nodeTypes } from '../nodes/node-types';
import { layoutFaults, namedFunctions } from './layout';

const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-dialogs-'));
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

/** Visits the visible number fields of an open dialog. */
async function eachNumber(
  type: string,
  dialog: Locator,
  visit: (input: Locator, bounds: Bounds) => Promise<void>,
): Promise<void> {
  const properties = Object.entries(nodeTypes[type]?.properties ?? {});
  for (const [name, { minimum, integer = false }] of properties) {
    const input = dialog.locator(`#node-input-${name}, #node-config-input-${name}`);
    if (minimum !== undefined && (await input.isVisible())) await visit(input, { minimum, integer });
  }
}

type Bounds = { minimum: number; integer: boolean };

/** Enters valid and invalid numbers: only the invalid ones are marked. */
const checkBounds =
  (type: string) =>
  async (input: Locator, { minimum, integer }: Bounds): Promise<void> => {
    for (const [text, valid] of [
      [String(minimum - 1), false],
      ['soon', false],
      [String(minimum), true],
      ['', true],
      [String(minimum + 0.5), !integer],
    ] as const) {
      await input.fill(text);
      await input.blur();
      const classes = (await input.getAttribute('class')) ?? '';
      const id = await input.getAttribute('id');
      assert.equal(classes.includes('input-error'), !valid, `${type} ${id} ${text}`);
    }
  };

test('dialogs: as opened -> every field labelled, none invalid, every text translated, nothing cut off', async () => {
  for (const locale of ['en-US', 'ko']) {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale });
    page.setDefaultTimeout(30_000);
    await page.addInitScript(namedFunctions);
    const seen: string[] = [];
    await eachDialog(page, nodeRed.url, async (type, dialog) => {
      seen.push(type);
      const form = dialog.locator('#dialog-form, #node-config-dialog-edit-form').first();
      const unlabelled = await form.locator('input:visible, select:visible').evaluateAll((fields) =>
        fields
          // Node-RED's own fields, which password managers fill instead.
          .filter(({ id }) => !id.startsWith('red-ui-trap-'))
          .filter((field) => {
            const { labels } = field as HTMLInputElement;
            const other = document.getElementById(field.getAttribute('aria-labelledby') ?? '');
            const bound = [...(labels ?? []), other].some((label) => label?.textContent?.trim());
            return !bound && !field.getAttribute('aria-label');
          })
          .map((field) => field.outerHTML.slice(0, 120)),
      );
      assert.deepEqual(unlabelled, [], `${type} in ${locale}`);
      const invalid = await form
        .locator('.input-error:visible')
        .evaluateAll((fields) => fields.map(({ id }) => id));
      assert.deepEqual(invalid, [], `${type} in ${locale}`);
      const text = await form.innerText();
      assert.doesNotMatch(text, /\b(twitter|tweet|kafka)-[a-z-]+\.[a-z]+\.[A-Za-z]/, `${type} in ${locale}`);
      assert.deepEqual(await layoutFaults(page, dialog), [], `${type} in ${locale}`);
    });
    assert.equal(seen.length, 6);
    await page.close();
  }
});

test('kafka-out dialog: queue -> its rows, and what a crash loses, in both languages', async () => {
  const choices = [
    { queue: 'disk', shown: ['diskLimit'], crash: [/pending for less than 5 s/, /5초/] },
    { queue: 'write-ahead', shown: ['diskLimit'], crash: [/last 20 ms/, /20ms/] },
    { queue: 'memory', shown: ['deliveryTimeout'], crash: [/all pending records/, /모두 유실/] },
  ];
  for (const [index, locale] of ['en-US', 'ko'].entries()) {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale });
    page.setDefaultTimeout(30_000);
    await eachDialog(
      page,
      nodeRed.url,
      async (type, dialog) => {
        assert.equal(await page.inputValue('#node-input-queue'), 'disk');
        for (const { queue, shown, crash } of choices) {
          await page.selectOption('#node-input-queue', queue);
          const isShown = (name: string): Promise<boolean> => page.isVisible(`#node-input-${name}`);
          const rows = ['memoryLimit', 'diskLimit', 'deliveryTimeout'];
          const visible = await Promise.all(rows.map(isShown));
          assert.deepEqual(
            rows.filter((_, row) => visible[row]),
            ['memoryLimit', ...shown],
            queue,
          );
          assert.match(await page.innerText('#node-input-queue-crash'), crash[index] as RegExp);
          // Each choice shows a number that the others hide.
          await eachNumber(type, dialog, checkBounds(type));
        }
      },
      ['kafka-out'],
    );
    await page.close();
  }
});

test('twitter-stream-in dialog: source, fields -> their rows; v1.1 filter -> checked; Check rules -> a line', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'en-US' });
  page.setDefaultTimeout(30_000);
  const shown = async (...names: string[]): Promise<string[]> => {
    const visible = await Promise.all(names.map((name) => page.isVisible(`#node-input-${name}`)));
    return names.filter((_, at) => visible[at]);
  };
  const v1Rows = ['track', 'follow', 'locations', 'language'];
  const live = ['recover', 'takeOver', 'dedupe', 'dailyLimit', 'test'];
  await eachDialog(
    page,
    nodeRed.url,
    async () => {
      assert.deepEqual(await shown(...v1Rows, 'tweetFields', ...live), live);
      await page.selectOption('#node-input-fields', 'custom');
      assert.deepEqual(await shown('tweetFields', 'expansions', 'pollFields'), [
        'tweetFields',
        'expansions',
        'pollFields',
      ]);
      await page.click('#node-input-test');
      await page.waitForFunction(() =>
        /\S/.test(document.querySelector('#node-input-test-lines i')?.className ?? ''),
      );
      await page.selectOption('#node-input-source', 'v1-filter');
      assert.deepEqual(await shown(...v1Rows, 'tweetFields', ...live), [...v1Rows, 'dedupe', 'dailyLimit']);
      assert.equal(await page.getAttribute('#node-input-stallTimeout', 'placeholder'), '90');
      // More than 20 s, but not more than the keep-alives of v1.1.
      await page.fill('#node-input-stallTimeout', '25');
      await page.locator('#node-input-stallTimeout').blur();
      await page.locator('#node-input-stallTimeout.input-error').waitFor();
      await page.fill('#node-input-stallTimeout', '');
      await page.locator('#node-input-track.input-error').waitFor();
      await page.fill('#node-input-follow', 'nasa');
      await page.locator('#node-input-follow').blur();
      await page.locator('#node-input-follow.input-error').waitFor();
      await page.fill('#node-input-follow', '11348282');
      await page.locator('#node-input-follow').blur();
      await page.locator('#node-input-follow:not(.input-error)').waitFor();
      await page.locator('#node-input-track:not(.input-error)').waitFor();
      await page.selectOption('#node-input-source', 'replay');
      assert.deepEqual(await shown(...v1Rows, ...live), []);
    },
    ['twitter-stream-in'],
  );
  await page.close();
});

test('Test button: a field changes after a test, or meanwhile -> its results are cleared', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'en-US' });
  page.setDefaultTimeout(30_000);
  let hold = false;
  const held: Array<() => void> = [];
  await page.route('**/kafka-cluster/test', async (route) => {
    if (hold) await new Promise<void>((resolve) => held.push(resolve));
    await route.fulfill({ json: { ok: false, lines: [{ ok: false, text: 'a result' }] } });
  });
  await eachDialog(
    page,
    nodeRed.url,
    async () => {
      const lines = page.locator('#node-config-input-test-lines');
      await page.click('#node-config-input-test');
      await lines.filter({ hasText: 'a result' }).waitFor();
      await page.fill('#node-config-input-brokers', 'other:9092');
      await lines.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
      hold = true;
      await page.click('#node-config-input-test');
      await lines.filter({ hasText: 'Testing' }).waitFor();
      await page.fill('#node-config-input-brokers', 'another:9092');
      for (const release of held) release();
      await page.locator('#node-config-input-test:not([aria-disabled="true"])').waitFor();
      assert.equal(await lines.textContent(), '');
    },
    ['kafka-cluster'],
  );
  await page.close();
});

test('dialogs: invalid input -> marked while typing; rows of other choices -> hidden', async () => {
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 }, locale: 'en-US' });
  page.setDefaultTimeout(30_000);
  const visible = (id: string): Promise<boolean> => page.locator(`#node-config-input-${id}`).isVisible();
  await eachDialog(page, nodeRed.url, async (type, dialog) => {
    if (type === 'kafka-out') {
      const topic = dialog.locator('#node-input-topic + .red-ui-typedInput-container');
      await topic.locator('input').fill('no spaces');
      await topic.locator('input').blur();
      await dialog.locator('#node-input-topic + .red-ui-typedInput-container.input-error').waitFor();
      assert.equal(await page.locator('#node-input-createPartitions').isVisible(), false);
      await page.check('#node-input-createTopic');
      assert.equal(await page.locator('#node-input-createPartitions').isVisible(), true);
      await page.locator('#node-input-createPartitions').fill('1.5');
      await page.locator('#node-input-createPartitions').blur();
      await dialog.locator('#node-input-createPartitions.input-error').waitFor();
    }
    await eachNumber(type, dialog, checkBounds(type));
    if (type === 'kafka-cluster') {
      const brokers = page.locator('#node-config-input-brokers');
      await brokers.fill('');
      await brokers.pressSequentially('kafka1:port');
      await dialog.locator('#node-config-input-brokers.input-error').waitFor();
      await brokers.fill('');
      await brokers.pressSequentially(' SSL://kafka1:9093 ; kafka2');
      await dialog.locator('#node-config-input-brokers:not(.input-error)').waitFor();
      // The protocol chooses TLS, while it is entered.
      assert.deepEqual([await visible('tls'), await visible('username')], [true, false]);
      await brokers.blur();
      assert.equal(await page.isChecked('#node-config-input-useTls'), true);
      assert.equal(await brokers.inputValue(), 'kafka1:9093, kafka2:9092');
      assert.match((await page.textContent('.kafka-cluster-understood')) ?? '', /SSL: TLS is on/);
      await brokers.fill('SASL_SSL://kafka1:9094');
      await brokers.blur();
      await dialog.locator('.x-to-kafka-note', { hasText: 'Choose the mechanism' }).waitFor();
      await page.selectOption('#node-config-input-sasl', 'scram-sha-512');
      assert.deepEqual(
        [await visible('tls'), await visible('username'), await visible('oauthTokenUrl')],
        [true, true, false],
      );
      await page.selectOption('#node-config-input-sasl', 'oauthbearer');
      assert.deepEqual([await visible('username'), await visible('oauthTokenUrl')], [false, true]);
    }
    if (type === 'twitter-app') {
      const warning = dialog.locator('#node-config-input-baseUrl-warning');
      assert.equal(await warning.isVisible(), false);
      await page.fill('#node-config-input-baseUrl', 'http://gateway.example');
      await warning.waitFor();
      await page.selectOption('#node-config-input-auth', 'app');
      assert.deepEqual([await visible('bearerToken'), await visible('apiKey')], [false, true]);
      assert.equal(await visible('accessToken'), false);
      await page.selectOption('#node-config-input-auth', 'oauth1');
      assert.deepEqual([await visible('apiSecret'), await visible('accessTokenSecret')], [true, true]);
      assert.equal(await page.locator('select#node-config-input-proxy').isVisible(), true);
    }
  });
  await page.close();
});

test('Test button: result with a long host name -> wrapped in the dialog', async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, locale: 'en-US' });
  page.setDefaultTimeout(30_000);
  await page.addInitScript(namedFunctions);
  const text = `${'broker-1-of-a-cluster-in-a-region.'.repeat(7)}example.com`;
  await page.route('**/kafka-cluster/test', (route) =>
    route.fulfill({ json: { lines: [{ ok: false, key: 'none', text }] } }),
  );
  await eachDialog(
    page,
    nodeRed.url,
    async (_type, dialog) => {
      await page.click('#node-config-input-test');
      await page.locator('#node-config-input-test-lines span', { hasText: 'example.com' }).waitFor();
      assert.deepEqual(await layoutFaults(page, dialog), []);
    },
    ['kafka-cluster'],
  );
  await page.close();
});
