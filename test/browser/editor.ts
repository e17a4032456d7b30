import type { Locator, Page } from 'playwright-core';
import { until } from '../until';

interface EditorNode {
  id: string;
  type: string;
  z: string;
}

interface EditorGlobal {
  RED: {
    nodes: {
      eachNode(each: (node: EditorNode) => void): void;
      filterLinks(filter: object): unknown[];
    };
    actions: { invoke(name: string): void };
  };
}

/** Node-RED's editor, used with the mouse and the keyboard. */
export class Editor {
  constructor(readonly page: Page) {
    page.setDefaultTimeout(30_000);
  }

  /** Opens the editor and waits for the package's nodes in the palette. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.red-ui-palette-node[data-palette-type="kafka-out"]').waitFor();
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  /** Drags a node from the palette to the canvas. @returns its id */
  async drag(type: string, x: number, y: number): Promise<string> {
    const before = await this.ids(type);
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    await entry.scrollIntoViewIfNeeded();
    const from = await middle(entry);
    const chart = await this.page.locator('#red-ui-workspace-chart').boundingBox();
    const to = { x: (chart?.x ?? 0) + x, y: (chart?.y ?? 0) + y };
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(to.x - 20, to.y - 10, { steps: 6 });
    await this.page.mouse.move(to.x, to.y, { steps: 4 });
    await this.page.mouse.up();
    const added = (await this.ids(type)).filter((id) => !before.includes(id));
    if (added.length !== 1) throw new Error(`${type} is not on the canvas`);
    return added[0] as string;
  }

  /** Drags a wire from an output (counted from 0) to a node's input. */
  async wire(from: string, output: number, to: string): Promise<void> {
    const before = await this.links();
    const start = await middle(
      this.node(from).locator('.red-ui-flow-port-output .red-ui-flow-port').nth(output),
    );
    const end = await middle(this.node(to).locator('.red-ui-flow-port-input .red-ui-flow-port'));
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: 12 });
    await this.page.mouse.up();
    if ((await this.links()) !== before + 1) throw new Error('the wire was not added');
  }

  /** Opens a node's dialog, calls `fill`, and closes the dialog with Done. */
  async edit(id: string, fill: () => Promise<void>): Promise<void> {
    await this.node(id).dblclick();
    await this.waitUntilStill('#node-input-name');
    await fill();
    await this.page.click('#node-dialog-ok');
    await this.page.locator('.red-ui-tray').waitFor({ state: 'detached' });
  }

  /** In an open dialog: adds a config node for a property, calls `fill` in its dialog, closes it with Add. */
  async addConfig(property: string, fill: () => Promise<void>): Promise<void> {
    await this.page.click(`#node-input-btn-${property}-add`);
    await this.waitUntilStill('#node-config-input-name');
    await fill();
    await this.page.click('#node-config-dialog-ok');
    await this.page.locator('#node-config-input-name').waitFor({ state: 'detached' });
    await this.waitUntilStill('#node-input-name');
  }

  /** In an open config dialog: presses Test. @returns the result lines */
  async pressTest(): Promise<Array<{ ok: boolean; text: string }>> {
    const lines = this.page.locator('#node-config-input-test-lines > div');
    await this.page.click('#node-config-input-test');
    await this.page.locator('#node-config-input-test:not([aria-disabled="true"])').waitFor();
    await lines.first().waitFor();
    return lines.evaluateAll((all) =>
      all.map((line) => ({ ok: line.querySelector('.fa-check') !== null, text: line.textContent ?? '' })),
    );
  }

  /** Fills a typedInput in an open dialog. */
  async fillTypedInput(name: string, text: string): Promise<void> {
    await this.page
      .locator(`#node-input-${name} + .red-ui-typedInput-container input.red-ui-typedInput-input`)
      .fill(text);
  }

  /** Types into a typedInput and selects a completion. */
  async complete(name: string, text: string, completion: string): Promise<void> {
    await this.fillTypedInput(name, '');
    await this.page.keyboard.type(text);
    await this.page.locator('.red-ui-autoComplete-container a', { hasText: completion }).first().click();
  }

  /** Pastes a text into a field, as from the clipboard. */
  async paste(field: Locator, text: string): Promise<void> {
    await field.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** A node's label on the canvas, in one line. */
  async labelOf(id: string): Promise<string> {
    return (await this.node(id).locator('.red-ui-flow-node-label text').allTextContents()).join(' ');
  }

  async deploy(): Promise<void> {
    await this.page.click('#red-ui-header-button-deploy');
    await this.page.locator('#red-ui-header-button-deploy.disabled').waitFor();
  }

  /** Waits until a node's status shows this text. */
  async untilStatus(id: string, text: string): Promise<void> {
    await this.node(id).locator('.red-ui-flow-node-status-label', { hasText: text }).waitFor();
  }

  /** The text of the export dialog for all flows. */
  async exportAll(): Promise<string> {
    await this.invoke('core:show-export-dialog');
    await this.page.click('#red-ui-clipboard-dialog-export-rng-full');
    await this.page.click(
      '#red-ui-clipboard-dialog-export-tab-clipboard a[href*="json"], #red-ui-tab-red-ui-clipboard-dialog-export-tab-clipboard-json a',
    );
    const text = this.page.locator('#red-ui-clipboard-dialog-export-text');
    await text.waitFor();
    const exported = await text.inputValue();
    await this.page.keyboard.press('Escape');
    await this.page.locator('#red-ui-clipboard-dialog').waitFor({ state: 'hidden' });
    return exported;
  }

  /** Imports an example of the package by the import dialog. */
  async importExample(name: string): Promise<void> {
    const before = await this.nodeCount();
    await this.invoke('core:show-examples-import-dialog');
    const labels = this.page.locator('#red-ui-clipboard-dialog .red-ui-treeList-label');
    await labels.filter({ hasText: 'tweet-pipeline' }).first().click();
    await labels.filter({ hasText: name }).first().click();
    await this.page.click('#red-ui-clipboard-dialog-ok');
    await this.page.locator('#red-ui-clipboard-dialog').waitFor({ state: 'hidden' });
    // The dialog closes before the nodes are there.
    await until(async () => (await this.nodeCount()) > before, `the nodes of ${name}`);
  }

  private nodeCount(): Promise<number> {
    return this.page.evaluate(() => {
      let count = 0;
      (globalThis as unknown as EditorGlobal).RED.nodes.eachNode(() => count++);
      return count;
    });
  }

  /** The ids of all nodes of a type, in all flows. */
  ids(type: string): Promise<string[]> {
    return this.page.evaluate((wanted) => {
      const found: string[] = [];
      (globalThis as unknown as EditorGlobal).RED.nodes.eachNode((node) => {
        if (node.type === wanted) found.push(node.id);
      });
      return found;
    }, type);
  }

  private links(): Promise<number> {
    return this.page.evaluate(() => (globalThis as unknown as EditorGlobal).RED.nodes.filterLinks({}).length);
  }

  /** Runs an action of the editor, such as "core:show-debug-tab". */
  invoke(action: string): Promise<void> {
    return this.page.evaluate(
      (name) => (globalThis as unknown as EditorGlobal).RED.actions.invoke(name),
      action,
    );
  }

  private node(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }

  /** Waits until the tray has slid in: its field no longer moves. */
  private async waitUntilStill(field: string): Promise<void> {
    const input = this.page.locator(field);
    await input.waitFor();
    let last = -1;
    for (let same = 0; same < 3; ) {
      const x = (await input.boundingBox())?.x ?? -1;
      same = x === last ? same + 1 : 0;
      last = x;
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  }
}

async function middle(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error('element is not visible');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
