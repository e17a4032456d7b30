import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Operation } from '../../src/kafka/admin/operations';
import { readOptions } from '../../src/kafka/admin/option-values';
import { type AdminDialogs, admin, choose, field, openDialogs, optionsIn } from './admin-dialog';

let dialogs: AdminDialogs;
before(async () => {
  dialogs = await openDialogs();
});
after(() => dialogs?.close());

test('kafka-admin dialog: times, assignments and offsets -> shown without JSON, saved as they were', async () => {
  for (const [operation, options, fields] of [
    ['offsets.list', { time: 1_787_400_000_000 }, { time: '2026-08-22T12:00' }],
    ['offsets.list', { time: '2026-08-22T21:00:05+09:00' }, { time: '2026-08-22T12:00:05' }],
    ['offsets.list', { time: 'yesterday' }, { time: 'yesterday' }],
    ['topics.addPartitions', { partitions: 3, replicas: [[1, 2], ['3']] }, { replicas: '1:2, 3' }],
    ['records.delete', { offsets: { 0: '4', 2: 5 } }, { offsets: '0' }],
    ['groups.resetOffsets', { offsets: { tweets: { 0: 4 } } }, { offsets: 'tweets' }],
  ] as const) {
    const editor = await dialogs.editorOn(admin(operation, options, { target: 't', targetType: 'str' }));
    const { page } = editor;
    await editor.edit('x-admin', async () => {
      for (const [name, shown] of Object.entries(fields))
        assert.equal(await page.inputValue(field(name)), shown, operation);
      assert.equal(await page.isVisible('.kafka-admin-options'), true);
    });
    // Text where there was a number, or Kafka's notation of lists: what is read is the same.
    assert.deepEqual(
      accepted(operation, await optionsIn(editor)),
      accepted(operation, options),
      JSON.stringify(options),
    );
    await page.close();
  }
});

/** What the options mean, or the sentence. */
function accepted(operation: Operation, options: Record<string, unknown>): unknown {
  try {
    return readOptions(operation, options);
  } catch (error) {
    return (error as Error).message;
  }
}

test('kafka-admin dialog: changed time, rows of offsets -> saved in UTC, by topic and partition', async () => {
  const editor = await dialogs.editorOn(admin('offsets.list', {}, { target: 't', targetType: 'str' }), {
    timezoneId: 'Asia/Seoul',
  });
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    await page.fill(field('time'), '2026-08-22T21:00:05');
    await page.locator('.kafka-admin-options', { hasText: 'Asia/Seoul' }).waitFor();
  });
  assert.deepEqual(await optionsIn(editor), { time: '2026-08-22T12:00:05.000Z' });
  await editor.edit('x-admin', async () => {
    await choose(editor, 'groups.resetOffsets');
    const rows = page.locator(field('offsets')).locator('xpath=../..').locator('> div');
    for (const [at, cells] of [
      ['tweets', '0', '4'],
      ['tweets', '1', '5'],
      ['retweets', '0', '6'],
    ].entries()) {
      for (const [column, cell] of cells.entries())
        await rows.nth(at).locator('input').nth(column).fill(cell);
    }
  });
  assert.deepEqual(await optionsIn(editor), {
    offsets: { tweets: { 0: '4', 1: '5' }, retweets: { 0: '6' } },
  });
  await page.close();
});

test('kafka-admin dialog: another operation -> its own options; those of the first come back', async () => {
  const saved = { partitions: 3, dryRun: true };
  const editor = await dialogs.editorOn(admin('topics.ensure', saved, { target: 't', targetType: 'str' }));
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    await page.fill(field('partitions'), '4');
    await choose(editor, 'topics.addPartitions');
    assert.equal(await page.inputValue(field('partitions')), '');
    await choose(editor, 'topics.ensure');
    assert.equal(await page.inputValue(field('partitions')), '4');
  });
  assert.deepEqual(await optionsIn(editor), { partitions: 4, dryRun: true });
  await editor.edit('x-admin', () => choose(editor, 'topics.delete'));
  assert.deepEqual(await optionsIn(editor), {});
  await page.close();
});

test('kafka-admin dialog: 5,000 names in the cluster -> 20 at most are offered, the same name first', async () => {
  const editor = await dialogs.editorOn(admin('groups.lag', {}, { target: '', targetType: 'str' }));
  const { page } = editor;
  const names = Array.from({ length: 5000 }, (_, at) => `name-${at}`);
  await page.route('**/kafka-cluster/x-cluster/*', (route) => route.fulfill({ json: names }));
  const offered = page.locator('.red-ui-autoComplete-container li');
  await editor.edit('x-admin', async () => {
    for (const [input, typed, chosen] of [
      [page.locator('.kafka-admin-target .red-ui-typedInput-container input:visible'), 'name-42', 'name-42'],
      [page.locator(field('topics')), 'name-7, 99', 'name-7, name-99'],
    ] as const) {
      await input.click();
      await input.pressSequentially(typed);
      await offered.first().waitFor();
      assert.equal(await offered.count(), 20);
      await input.press('Tab');
      assert.equal(await input.inputValue(), chosen);
      await offered.first().waitFor({ state: 'detached' });
    }
  });
  assert.deepEqual(await optionsIn(editor), { topics: ['name-7', 'name-99'] });
  assert.equal(await page.evaluate("RED.nodes.node('x-admin').target"), 'name-42');
  await page.close();
});
