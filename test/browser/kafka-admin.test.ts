import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OPERATIONS, type OperationSchema, operationSchemas } from '../../src/kafka/admin/operations';
import { adminRun } from '../kafka/admin/admin-run';
import { freshTopic, testBroker } from '../kafka-broker';
import { type AdminDialogs, admin, choose, field, openDialogs, optionsIn } from './admin-dialog';

let dialogs: AdminDialogs;
before(async () => {
  dialogs = await openDialogs();
});
after(() => dialogs?.close());

test('kafka-admin dialog: saved options -> in their fields; changed fields -> saved', async () => {
  const saved = { partitions: 3, configs: { 'retention.ms': '-1' }, dryRun: true };
  const editor = await dialogs.editorOn(
    admin('topics.ensure', saved, { target: 'tweets', targetType: 'str' }),
  );
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    assert.equal(await page.inputValue(field('partitions')), '3');
    assert.equal(await page.inputValue(field('configs')), 'retention.ms');
    assert.equal(await page.isChecked(field('dryRun')), true);
    await page.fill(field('partitions'), '4');
    await page.uncheck(field('dryRun'));
    const empty = page.locator('.kafka-admin-options input[placeholder="retention.ms"]').last();
    await empty.fill('cleanup.policy');
    await page.locator('.kafka-admin-options input[placeholder="-1"]').nth(1).fill('compact');
  });
  assert.deepEqual(await optionsIn(editor), {
    partitions: 4,
    configs: { 'retention.ms': '-1', 'cleanup.policy': 'compact' },
  });
  await page.close();
});

test('kafka-admin dialog: invalid option -> its sentence below the fields, and the node is invalid', async () => {
  const editor = await dialogs.editorOn(admin('offsets.list', {}, { target: 'tweets', targetType: 'str' }));
  const { page } = editor;
  const noteOf = async (name: string) =>
    page.locator(`[id="${await page.getAttribute(field(name), 'aria-describedby')}"]`);
  await editor.edit('x-admin', async () => {
    await page.fill(field('age'), 'yesterday');
    assert.match((await (await noteOf('age')).textContent()) ?? '', /“age” must be an age, e\.g\. 90 s/);
    await page.fill(field('age'), '72 h');
    assert.equal(await page.getAttribute(field('age'), 'aria-describedby'), null);
    assert.deepEqual(await page.locator('.kafka-admin-options .x-to-kafka-note:not(:empty)').count(), 0);
    await page.fill(field('time'), '2026-08-22T12:00');
    assert.match((await (await noteOf('age')).textContent()) ?? '', /must be left out beside/);
  });
  assert.equal(await page.evaluate("RED.nodes.node('x-admin').valid"), false);
  await page.close();
});

test('kafka-admin dialog: each operation -> labelled fields of its options, and its target, in both languages', async () => {
  for (const locale of ['en-US', 'ko']) {
    const editor = await dialogs.editorOn(admin('topics.list', {}), { locale });
    const { page } = editor;
    await editor.edit('x-admin', async () => {
      for (const operation of OPERATIONS) {
        await choose(editor, operation);
        const schema: OperationSchema = operationSchemas[operation];
        const names = Object.keys(schema.options);
        const ids = await page
          .locator('.kafka-admin-options [id^="node-input-option-"]')
          .evaluateAll((all) => all.map(({ id }) => id));
        assert.deepEqual(
          ids,
          names.map((name) => `node-input-option-${name}`),
        );
        for (const name of names) {
          const label = await page.locator(`label[for="node-input-option-${name}"]`).textContent();
          assert.ok(label && !label.includes('kafka-admin.'), `${operation} ${name}`);
        }
        assert.equal(await page.isVisible('.kafka-admin-target'), schema.target !== 'none', operation);
        assert.equal(await page.isVisible('.kafka-admin-confirm'), schema.destructive === true, operation);
        const tip = (await page.textContent('.kafka-admin-tip')) ?? '';
        assert.ok(tip !== '' && !tip.includes('kafka-admin.'), operation);
      }
    });
    await page.close();
  }
});

test('kafka-admin dialog: options that do not fit the operation, or are not JSON -> as JSON, with the sentence', async () => {
  for (const options of ['{"partition":3}', '{']) {
    const editor = await dialogs.editorOn({ ...admin('topics.ensure', {}), options });
    const { page } = editor;
    await editor.edit('x-admin', async () => {
      assert.equal(await page.isVisible('.kafka-admin-options'), false);
      assert.equal(await page.inputValue('#node-input-options'), options);
      const note = page.locator('.kafka-admin-options-row .x-to-kafka-note');
      assert.match((await note.textContent()) ?? '', /Unknown option “partition”|options/i);
    });
    assert.equal(await page.evaluate("RED.nodes.node('x-admin').options"), options);
    assert.equal(await page.evaluate("RED.nodes.node('x-admin').valid"), false);
    await page.close();
  }
});

test('kafka-admin dialog: configs.change -> presets of topics and of brokers; the settings of the file', async () => {
  const editor = await dialogs.editorOn(admin('configs.change', {}, { target: 'tweets', targetType: 'str' }));
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    await page.selectOption('#node-input-preset', 'forever');
    await page.selectOption('#node-input-preset', 'compacted');
    const set = page.locator('.kafka-admin-options input[aria-label="Config"]');
    assert.equal(await set.first().inputValue(), 'retention.ms');
    assert.equal(await page.locator('.kafka-admin-options .form-tips').count(), 0);
  });
  assert.deepEqual(await optionsIn(editor), { set: { 'retention.ms': '-1', 'cleanup.policy': 'compact' } });
  await editor.edit('x-admin', async () => {
    await page.selectOption(field('resource'), 'broker');
    await page.locator('.kafka-admin-options .form-tips', { hasText: 'delete.topic.enable=true' }).waitFor();
    await page.selectOption('#node-input-preset', 'retention-72h');
  });
  assert.deepEqual(await optionsIn(editor), {
    resource: 'broker',
    set: { 'retention.ms': '-1', 'cleanup.policy': 'compact', 'log.retention.ms': '259200000' },
  });
  await page.close();
});

test('kafka-admin dialog: Run now -> the answer as a table; a deletion only after its name is typed', async () => {
  const broker = await testBroker();
  const topic = await freshTopic(broker.brokers, 'dialog', 2);
  const node = admin('topics.delete', {}, { target: topic, targetType: 'str' });
  const editor = await dialogs.editorOn(node, { brokers: broker.brokers });
  const { page } = editor;
  await editor.edit('x-admin', async () => {
    const cells = page.locator('.kafka-admin-run-table tbody tr');
    const execute = page.locator('#node-input-run-execute');
    await page.click('#node-input-run');
    await cells.first().waitFor();
    assert.equal(await cells.count(), 2);
    assert.match((await page.textContent('#node-input-run-state')) ?? '', /Dry run/);
    assert.equal(await execute.isDisabled(), true);
    // Another option: the answer is not about what is entered any more.
    await page.check(field('dryRun'));
    assert.equal(await cells.count(), 0);
    assert.equal(await execute.isVisible(), false);
    await page.uncheck(field('dryRun'));
    await page.click('#node-input-run');
    await cells.first().waitFor();
    await page.fill('#node-input-run-name', `${topic}x`);
    assert.equal(await execute.isDisabled(), true);
    await page.fill('#node-input-run-name', topic);
    await execute.click();
    await page.locator('#node-input-run-result', { hasText: 'dryRun: false' }).waitFor();
    await page.click('#node-input-run');
    await page.locator('#node-input-run-state', { hasText: 'does not exist' }).waitFor();
  });
  await page.close();
  await broker.stop();
});

test('kafka-admin dialog: names of configs -> completed from the cluster, with value and default of the target', async () => {
  const broker = await testBroker();
  const topic = await freshTopic(broker.brokers, 'configs');
  const node = admin('configs.change', {}, { target: `${topic}, other`, targetType: 'str' });
  const editor = await dialogs.editorOn(node, { brokers: broker.brokers });
  const { page } = editor;
  const run = adminRun(broker.brokers);
  const set = { 'max.message.bytes': 5000 };
  await run.run('configs.change', { target: topic, options: { set }, confirm: topic });
  await run.close();
  await editor.edit('x-admin', async () => {
    const option = (name: string) => page.locator(`datalist option[value="${name}"]`);
    const focus = () => page.locator('.kafka-admin-options input[aria-label="Config"]').first().focus();
    await focus();
    await option('retention.ms').waitFor({ state: 'attached' });
    // Set on this topic; the other one does not exist.
    assert.equal(await option('retention.ms').textContent(), '-1');
    assert.equal(await option('max.message.bytes').textContent(), '5000 (default: 1048588)');
    await page.selectOption(field('resource'), 'broker');
    await focus();
    await option('log.retention.ms').waitFor({ state: 'attached' });
    assert.equal(await option('delete.topic.enable').count(), 0);
  });
  await page.close();
  await broker.stop();
});
