// Takes the README's screenshot: the editor of a running demo (npm start) with connected nodes.
//   node --import tsx dev/browser/readme-picture.ts [http://127.0.0.1:1880] [docs/editor.png]
import { join } from 'node:path';
import { root } from '../paths';
import { launchBrowser } from './launch';

async function main(): Promise<void> {
  const [url = 'http://127.0.0.1:1880', file = join(root, 'docs/editor.png')] = process.argv.slice(2);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 760 }, locale: 'en-US' });
    await page.goto(url);
    await page.waitForFunction(() => document.querySelectorAll('.red-ui-flow-node-status-label').length >= 3);
    await page.waitForFunction(() => {
      const loading = document.querySelector<HTMLElement>('#red-ui-loading-progress');
      return !loading || loading.offsetParent === null;
    });
    await page.click('#red-ui-tab-debug-link-button');
    await page.waitForFunction(() => document.querySelectorAll('.red-ui-debug-msg').length >= 2, undefined, {
      timeout: 120_000,
    });
    // Scroll the palette to our nodes, and wait until no tooltip covers anything.
    await page.locator('[data-palette-type="kafka-out"]').scrollIntoViewIfNeeded();
    await page.mouse.move(620, 640);
    await page.waitForFunction(() => document.querySelectorAll('.red-ui-popover').length === 0);
    await page.screenshot({ path: file });
    console.log(file);
  } finally {
    await browser.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
