import type { Locator, Page } from 'playwright-core';

/** An init script: the compiler of the tests names functions with it, also those that run in the page. */
export const namedFunctions = 'globalThis.__name = (named) => named;';

const widths = [1400, 1000, 800, 600];

/**
 * What is cut off, or covered, in an open dialog in windows of 600 to 1,400 px: "600: node-input-topic is cut off". Node-RED 4
 * itself cuts off all dialogs of a narrow window beside its sidebar, so the sidebar is closed.
 */
export async function layoutFaults(page: Page, dialog: Locator): Promise<string[]> {
  const size = page.viewportSize();
  const faults: string[] = [];
  if (await page.locator('#red-ui-sidebar').isVisible()) await page.keyboard.press('Control+Space');
  for (const width of widths) {
    await page.setViewportSize({ width, height: 1000 });
    // Node-RED resizes the dialog in the next frames.
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    for (const fault of await faultsOf(dialog)) faults.push(`${width}: ${fault}`);
  }
  if (size) await page.setViewportSize(size);
  return faults;
}

/** Controls and texts of a dialog that are cut off, or cover each other. */
function faultsOf(dialog: Locator): Promise<string[]> {
  return dialog.evaluate((tray) => {
    const name = tray.querySelector('#node-input-name, #node-config-input-name');
    const form = name?.closest('form') as HTMLElement;
    const selector =
      'label, input, select, textarea, button, a.red-ui-button, .form-tips, .x-to-kafka-note, [id$="-test-lines"] span';
    const parts = [...form.querySelectorAll<HTMLElement>(selector)].filter(
      (part) => part.checkVisibility({ visibilityProperty: true }) && !part.id.startsWith('red-ui-trap'),
    );
    const faults = parts.length > 2 ? [] : ['no controls'];
    const frame = (tray.querySelector('.red-ui-tray-body') as HTMLElement).getBoundingClientRect();
    const visible = Math.min(frame.right, tray.getBoundingClientRect().right);
    const nameOf = ({ id, tagName, textContent }: HTMLElement): string =>
      id || `${tagName.toLowerCase()} ${textContent?.trim().slice(0, 30)}`;
    const boxes = parts
      .map((part) => ({ part, box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    for (const { part, box } of boxes) {
      if (box.left < frame.left - 1 || box.right > visible + 1) faults.push(`${nameOf(part)} is cut off`);
    }
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        if (one.part.contains(other.part) || other.part.contains(one.part)) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 2 && high > 2) faults.push(`${nameOf(one.part)} covers ${nameOf(other.part)}`);
      }
    }
    return faults;
  });
}
