import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** More than a dialog has controls. */
const mostTabs = 150;

/** Presses Tab until an element has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let tabs = 0; tabs < mostTabs; tabs++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/** What Tab does in a form. */
export interface TabOrder {
  /** How many controls get the focus. */
  count: number;
  /** Visible controls that do not get it. */
  missed: string[];
  /** Controls that look the same with and without it. */
  unmarked: string[];
}

/** The state of `tabThrough` in the page. */
interface PageState {
  tabOrder: {
    controls: HTMLElement[];
    /** How each control looks without the focus. */
    before: string[];
    looks(control: HTMLElement): string;
    reached: Set<HTMLElement>;
    unmarked: Set<HTMLElement>;
  };
}

/** Presses Tab through the form of the last dialog, from its first field on. */
export async function tabThrough(page: Page): Promise<TabOrder> {
  await page.evaluate(prepare);
  await tabTo(page, '#node-input-name, #node-config-input-name');
  for (let tabs = 0; tabs < mostTabs && (await page.evaluate(noteFocus)); tabs++) {
    await page.keyboard.press('Tab');
  }
  return page.evaluate(() => {
    const { controls, reached, unmarked } = (globalThis as unknown as PageState).tabOrder;
    const nameOf = ({ id, tagName, className }: HTMLElement): string => id || `${tagName}.${className}`;
    return {
      count: reached.size,
      missed: controls.filter((control) => !reached.has(control)).map(nameOf),
      unmarked: [...unmarked].map(nameOf),
    };
  });
}

/** In the page: finds the controls, and how they look without the focus. */
function prepare(): void {
  const names = document.querySelectorAll('#node-input-name, #node-config-input-name');
  const form = [...names].at(-1)?.closest('form') as HTMLElement;
  const selector = 'input, select, textarea, button, summary, a[href], [tabindex="0"]';
  const controls = [...form.querySelectorAll<HTMLElement>(selector)].filter(
    (control) =>
      control.checkVisibility({ visibilityProperty: true }) &&
      control.tabIndex >= 0 &&
      !(control as HTMLInputElement).disabled &&
      !control.id.startsWith('red-ui-trap'),
  );
  const looks = (control: HTMLElement): string => {
    // Node-RED marks the frame of a typedInput.
    const frame = control.closest('.red-ui-typedInput-container') ?? control;
    return [control, frame]
      .map((part) => {
        const { outline, borderColor, boxShadow, backgroundColor } = getComputedStyle(part);
        return [outline, borderColor, boxShadow, backgroundColor].join();
      })
      .join();
  };
  (document.activeElement as HTMLElement | null)?.blur();
  const before = controls.map(looks);
  Object.assign(globalThis, {
    tabOrder: { controls, before, looks, reached: new Set(), unmarked: new Set() },
  });
}

/** In the page: notes which control has the focus. @returns whether it is in the form, and for the first time */
function noteFocus(): boolean {
  const { controls, before, looks, reached, unmarked } = (globalThis as unknown as PageState).tabOrder;
  const at = controls.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return document.activeElement?.closest('.dialog-form') != null;
  const control = controls[at] as HTMLElement;
  if (reached.has(control)) return false;
  reached.add(control);
  if (looks(control) === before[at]) unmarked.add(control);
  return true;
}
