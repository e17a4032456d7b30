import type { Page } from 'playwright-core';
import { dialogFlow, openConfig, openNode } from './dialogs';

const debug = { type: 'debug', active: true, tosidebar: true, complete: 'payload', targetType: 'msg' };

/** Our nodes beside nodes of Node-RED: the message of the inject node is not one of X, and there is no Catch node. */
export const situationFlow = [
  ...dialogFlow,
  {
    ...{ id: 'x-inject', type: 'inject', z: 'x-tab', x: 150, y: 200, wires: [['x-classify']] },
    ...{ repeat: '', crontab: '', once: false, topic: '' },
    ...{ name: 'not a post', props: [{ p: 'payload' }], payload: 'not a post', payloadType: 'str' },
  },
  { ...debug, id: 'x-debug-1', z: 'x-tab', x: 640, y: 200, name: 'debug', wires: [] },
  { ...debug, id: 'x-debug-2', z: 'x-tab', x: 400, y: 320, name: 'debug', wires: [] },
];

/** What people see where something is wrong: the canvas, an invalid field, a failed Test, an error in the debug sidebar. */
export async function takeSituations(
  page: Page,
  url: string,
  fileOf: (name: string) => string,
): Promise<void> {
  await page.goto(url);
  await page.locator('[id="x-admin"]').waitFor();
  await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  const shoot = async (name: string): Promise<void> => {
    await page.screenshot({ path: fileOf(name) });
    console.log(fileOf(name));
  };

  await page.evaluate(() => {
    (globalThis as unknown as { RED: { actions: { invoke(name: string): void } } }).RED.actions.invoke(
      'core:show-debug-tab',
    );
  });
  await fetch(new URL('/inject/x-inject', url), { method: 'POST' });
  await page.locator('.red-ui-debug-msg').first().waitFor();
  await shoot('canvas-and-debug-sidebar');

  await openNode(page, 'x-out');
  await page
    .locator('#node-input-topic + .red-ui-typedInput-container input.red-ui-typedInput-input')
    .fill('my topic!');
  await page.keyboard.press('Tab');
  await page.locator('.x-to-kafka-note:visible').first().waitFor();
  await shoot('invalid-field');

  await openConfig(page, 'cluster');
  await page.click('#node-config-input-test');
  await page.locator('#node-config-input-test-lines > div').first().waitFor();
  await page.locator('#node-config-input-test:not([aria-disabled="true"])').waitFor();
  await shoot('test-result');
}
