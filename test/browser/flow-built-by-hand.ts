import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { XApi } from '../../dev/x-api/server';
import { readTopic } from '../topic-reader';
import { Editor } from './editor';

// A failed test saves a screenshot here.
const pictures = join(__dirname, '../../target');

export interface Surroundings {
  browser: Browser;
  /** Of the editor; its flows are empty. */
  url: string;
  brokers: string;
  x: XApi;
}

/**
 * Builds a flow with mouse and keyboard: drags nodes, wires them, fills their dialogs, tests, deploys, reads records back, then
 * exports the flow and imports an example.
 */
export async function buildFlowByHand({ browser, url, brokers, x }: Surroundings): Promise<void> {
  const token = x.settings.bearerToken;
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-US' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  const otherHosts: string[] = [];
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(url)) otherHosts.push(request.url());
  });
  const editor = new Editor(page);
  try {
    await editor.open(url);
    const stream = await editor.drag('twitter-stream-in', 150, 140);
    const classifier = await editor.drag('tweet-classifier', 400, 140);
    const out = await editor.drag('kafka-out', 660, 140);
    await editor.wire(stream, 0, classifier);
    await editor.wire(classifier, 0, out);
    await editor.wire(classifier, 1, out);

    await editor.edit(stream, async () => {
      await editor.addConfig('app', async () => {
        await page.fill('#node-config-input-name', 'my App');
        await page.fill('#node-config-input-baseUrl', x.url);
        await page.fill('#node-config-input-bearerToken', 'wrong-token');
        assert.ok((await editor.pressTest()).some(({ ok, text }) => !ok && text.includes('401')));
        await page.fill('#node-config-input-bearerToken', token);
        assert.ok((await editor.pressTest()).every(({ ok }) => ok));
      });
      const rules = page.locator('.red-ui-editableList-container input[type="text"]');
      await rules.first().fill('basketball -(nba OR wnba)');
      // An invalid rule is reported while typing.
      await page.locator('.red-ui-editableList-container', { hasText: /group/i }).waitFor();
      const note = page.locator(`[id="${await rules.first().getAttribute('aria-describedby')}"]`);
      const shown = () => note.evaluate(({ style, childElementCount }) => [style.color, childElementCount]);
      assert.equal(await rules.first().getAttribute('aria-invalid'), 'true');
      const error = await shown();
      // A hint looks otherwise and leaves the rule valid.
      await rules.first().fill('basketball or “slam dunk” & more');
      await note.filter({ hasText: '“or” does not mean OR' }).waitFor();
      assert.equal(await rules.first().getAttribute('aria-invalid'), 'false');
      assert.equal(await note.getByRole('img', { name: 'Hint' }).count(), 1);
      assert.notDeepEqual(await shown(), error);
      await rules.first().fill('basketball && "a & b"');
      await note.filter({ hasText: '“&&” does not mean AND' }).waitFor();
      await rules.first().fill('');
      await editor.paste(rules.first(), 'basketball\n#nba lang:en\tleague\n');
      assert.deepEqual(await rules.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value)), [
        'basketball',
        '',
        '#nba lang:en',
        'league',
      ]);
    });
    assert.match(await editor.labelOf(stream), /^basketball \+1$/);
    const topic = `browser-${process.pid}-${Date.now()}`;
    await editor.edit(out, async () => {
      await editor.addConfig('cluster', async () => {
        await page.fill('#node-config-input-brokers', '127.0.0.1:9');
        assert.ok((await editor.pressTest()).some(({ ok, text }) => !ok && text.includes('127.0.0.1:9')));
        await page.fill('#node-config-input-brokers', ` PLAINTEXT://${brokers} `);
        assert.ok((await editor.pressTest()).every(({ ok }) => ok));
      });
      await editor.fillTypedInput('topic', topic);
      await editor.fillTypedInput('value', 'raw');
      await page.check('#node-input-createTopic');
    });
    assert.match(await editor.labelOf(out), new RegExp(`^${topic} @ ${brokers}`));
    await editor.deploy();
    await editor.untilStatus(stream, 'connected');
    await editor.untilStatus(out, 'connected');
    assert.deepEqual(
      x.rules().map(({ value }) => value),
      ['basketball', '#nba lang:en'],
    );
    const [record] = await readTopic(brokers, topic, 3, 60_000);
    // The text of a retweet may be cut before the word that matched.
    const [matched] = JSON.parse(String(record?.value)).matching_rules as Array<{ id: string }>;
    assert.ok(x.rules().some(({ id }) => id === matched?.id));
    assert.equal(String(record?.key), JSON.parse(String(record?.value)).data.id);

    // Topic names of the cluster are offered as completions.
    await editor.edit(out, async () => {
      await editor.complete('topic', topic.slice(0, 8), topic);
      assert.equal(await page.inputValue('#node-input-topic'), topic);
    });

    const exported = await editor.exportAll();
    assert.match(exported, new RegExp(topic));
    assert.doesNotMatch(exported, new RegExp(token));

    const before = (await editor.ids('kafka-out')).length;
    await editor.importExample('Basketball posts to Kafka');
    assert.equal((await editor.ids('kafka-out')).length, before + 2);
    assert.equal((await editor.ids('kafka-admin')).length, 1);
    assert.deepEqual(errors, [], 'no error in a script of the page');
    assert.deepEqual(otherHosts, [], 'no request to another host');
  } catch (error) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, 'browser-test-failed.png') });
    throw error;
  }
}
