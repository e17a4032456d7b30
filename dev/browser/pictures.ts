// Takes screenshots of all dialogs, in both languages, light and dark, and in a narrow window, and of what people see where
// something is wrong:
//   npm run pictures [-- kafka-out]      writes target/pictures/
// Uses Node-RED 5, because 4.1 has no dark theme.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { freePorts } from '../kafka/ports';
import { startNodeRed } from '../node-red/runtime';
import { root } from '../paths';
import { nodeRed5 } from '../runtimes/runtimes';
import { dialogFlow, eachDialog } from './dialogs';
import { launchBrowser } from './launch';
import { situationFlow, takeSituations } from './situations';

const folder = join(root, 'target/pictures');
const [wanted = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const dir = mkdtempSync(join(tmpdir(), 'tweet-pipeline-pictures-'));
  const [port] = await freePorts([undefined]);
  const nodeRed = await startNodeRed({ dir, port: port as number, program: nodeRed5() });
  const browser = await launchBrowser();
  try {
    await nodeRed.deploy(dialogFlow);
    for (const locale of ['en-US', 'ko']) {
      for (const scheme of ['light', 'dark']) await take(browser, nodeRed.url, locale, scheme, 1300);
    }
    await take(browser, nodeRed.url, 'en-US', 'light', 900);
    await nodeRed.deploy(situationFlow);
    for (const scheme of ['light', 'dark']) {
      const page = await openPage(browser, 'en-US', scheme, 1300);
      await takeSituations(page, nodeRed.url, (name) => join(folder, `${name}.${scheme}.png`));
      await page.close();
    }
  } finally {
    await browser.close();
    await nodeRed.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function take(
  browser: Browser,
  url: string,
  locale: string,
  scheme: string,
  width: number,
): Promise<void> {
  const page = await openPage(browser, locale, scheme, width);
  await eachDialog(page, url, async (type, dialog) => {
    if (!type.includes(wanted)) return;
    const file = join(folder, `${type}.${locale}.${scheme}${width < 1000 ? '.narrow' : ''}.png`);
    await dialog.screenshot({ path: file });
    console.log(file);
  });
  await page.close();
}

async function openPage(browser: Browser, locale: string, scheme: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 1000 }, locale });
  page.setDefaultTimeout(20_000);
  await page.addInitScript((theme) => localStorage.setItem('view-dark-theme', theme), scheme);
  return page;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
