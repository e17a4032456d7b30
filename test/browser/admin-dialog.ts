import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../dev/browser/launch';
import { freePorts } from '../../dev/kafka/ports';
import { type NodeRed, startNodeRed } from '../../dev/node-red/runtime';
import type { Operation } from '../../src/kafka/admin/operations';
import { Editor } from './editor';

/** A kafka-admin node with an operation and options that are fixed in its dialog. */
export const admin = (operation: string, options: object, more: object = {}): object => ({
  ...{ id: 'x-admin', type: 'kafka-admin', z: 'x-tab', x: 200, y: 120, cluster: 'x-cluster', wires: [[]] },
  ...{ operation, operationType: 'str', options: JSON.stringify(options), optionsType: 'json', ...more },
});

/** The field of an option. */
export const field = (name: string): string => `#node-input-option-${name}`;

/** Chooses an operation in the open dialog. */
export const choose = (editor: Editor, operation: Operation): Promise<void> =>
  editor.page.evaluate(`$('#node-input-operation').typedInput('value', '${operation}')`);

/** The options as the editor has them after Done. */
export const optionsIn = (editor: Editor): Promise<Record<string, unknown>> =>
  editor.page.evaluate("JSON.parse(RED.nodes.node('x-admin').options)");

interface EditorOptions {
  /** [nothing listens there] */
  brokers?: string;
  locale?: string;
  timezoneId?: string;
}

/** A Node-RED and a browser for the dialog of kafka-admin. */
export interface AdminDialogs {
  nodeRed: NodeRed;
  browser: Browser;
  /** Opens the editor on a flow with one kafka-admin, whose id is x-admin. */
  editorOn(node: object, options?: EditorOptions): Promise<Editor>;
  close(): Promise<void>;
}

/** For a file's `before`; its `after` calls `close`. */
export async function openDialogs(): Promise<AdminDialogs> {
  const dir = mkdtempSync(join(tmpdir(), 'kafka-admin-dialog-'));
  const [port] = await freePorts([undefined]);
  const nodeRed = await startNodeRed({ dir, port: port as number });
  const browser = await launchBrowser();
  return {
    nodeRed,
    browser,
    async editorOn(node, { brokers = '127.0.0.1:9', locale = 'en-US', timezoneId = 'UTC' } = {}) {
      await nodeRed.deploy([
        { id: 'x-tab', type: 'tab', label: 'admin' },
        { id: 'x-cluster', type: 'kafka-cluster', name: 'My cluster', brokers },
        node,
      ]);
      const viewport = { width: 1300, height: 1000 };
      const editor = new Editor(await browser.newPage({ viewport, locale, timezoneId }));
      await editor.open(nodeRed.url);
      return editor;
    },
    async close() {
      await browser.close();
      await nodeRed.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
