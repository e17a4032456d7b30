import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// As root, in containers, without a display.
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/**
 * Launches a headless Chromium: from CHROMIUM, else an installed one, else the one of @sparticuz/chromium.
 * @throws an error that tells how to install one
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath =
    process.env.CHROMIUM || installed.find((path) => existsSync(path)) || (await shipped());
  try {
    return await chromium.launch({ executablePath, args });
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new Error(
      `Cannot start Chromium (${executablePath}): ${reason} Install it (Debian/Ubuntu: apt install chromium) ` +
        'or set CHROMIUM to its path.',
    );
  }
}

/** Unpacks the browser of @sparticuz/chromium with the system libraries that it needs. */
async function shipped(): Promise<string> {
  // The package unpacks its libraries only if this variable says that it runs on AWS Lambda.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}
