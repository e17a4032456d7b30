import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// As root, in containers, without a display.
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

/**
 * A headless Chromium: the one that CHROMIUM names, an installed one, or the one that an npm package ships.
 * Throws a sentence where none starts.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath =
    process.env.CHROMIUM || installed.find((path) => existsSync(path)) || (await shipped());
  try {
    return await chromium.launch({ executablePath, args });
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new Error(
      `Chromium (${executablePath}) does not start: ${reason} Install one (Debian/Ubuntu: apt install chromium) ` +
        'or set CHROMIUM to the path of one.',
    );
  }
}

/** Unpacks the browser of @sparticuz/chromium, with the libraries that a bare machine lacks. */
async function shipped(): Promise<string> {
  // The package unpacks its libraries only where it takes the machine for the service that it was made for.
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: packed } = await import('@sparticuz/chromium');
  return packed.executablePath();
}
