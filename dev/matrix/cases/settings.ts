import { dialogFlow, eachDialog } from '../../browser/dialogs';
import { launchBrowser } from '../../browser/launch';
import { check, until } from '../check';
import { startExamples, tryExamples } from '../examples';
import type { UserFolder } from '../user-folder';
import { type Case, newestUser, stopping } from './case';

const roots: Case = {
  name: 'roots',
  title: '`httpAdminRoot` "/admin", `httpNodeRoot` "/api"',
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    await user.start({ adminRoot: '/admin', override: { httpAdminRoot: '/admin', httpNodeRoot: '/api' } });
    return stopping(user, async () => {
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      await pressTests(user);
      return `${count} records read back; each dialog opens, and its Test button gets an answer`;
    });
  },
};

/** Presses Test in each dialog that has it. @throws Failure if its request fails */
async function pressTests(user: UserFolder): Promise<void> {
  await user.deploy(dialogFlow);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    await eachDialog(page, user.nodeRed.url, async (type, dialog) => {
      const button = dialog.locator('button[id$="-input-test"]');
      if ((await button.count()) === 0) return;
      const answer = page.waitForResponse((response) => response.url().endsWith(`/admin/${type}/test`));
      await button.click();
      check((await answer).ok(), `Test of ${type}: ${(await answer).status()}`);
    });
  } finally {
    await browser.close();
  }
}

const writing = ['/kafka-cluster/test', '/twitter-app/test', '/twitter-stream-in/test', '/kafka-admin/run'];
const reading = ['topics', 'groups', 'brokers', 'principals', 'configs?resource=topic&name=tweets'];

const adminAuth: Case = {
  name: 'admin-auth',
  title: '`adminAuth`: a reader and a stranger',
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    await user.start({ env: { MATRIX_AUTH: '1' }, token: 'admin' });
    return stopping(user, async () => {
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      const paths = reading.map((name) => `/kafka-cluster/5d1c40a7e201f3b7/${name}`);
      // Node-RED's own check of permissions answers both with 401.
      for (const [token, expected] of Object.entries({ admin: 200, reader: 401, '': 401 })) {
        for (const path of writing) await checkStatus(user, token, path, 'POST', expected);
        for (const path of paths) await checkStatus(user, token, path, 'GET', token === '' ? 401 : 200);
      }
      await checkStatus(user, 'reader', '/flows', 'POST', 401);
      const all = writing.map((path) => `\`${path.slice(1)}\``).join(', ');
      return `${count} records read back; a reader gets 401, as from Node-RED's own endpoints, from ${all}; a stranger also from all others of ours`;
    });
  },
};

async function checkStatus(
  { nodeRed }: UserFolder,
  token: string,
  path: string,
  method: string,
  expected: number,
): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const body = method === 'POST' ? '{}' : undefined;
  const { status } = await fetch(`${nodeRed.url}${path}`, { method, headers, body });
  check(status === expected, `${method} ${path} as ${token || 'a stranger'}: ${status}, not ${expected}`);
}

const disableEditor: Case = {
  name: 'disable-editor',
  title: '`disableEditor`',
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    await user.start({ override: { disableEditor: true } });
    return stopping(user, async () => {
      const { status } = await user.request('/');
      check(status === 404, `GET /: ${status}`);
      await user.checkTypes();
      const count = await tryExamples(environment, user);
      return `${count} records read back`;
    });
  },
};

const undecrypted = 'Node-RED could not decrypt the stored credentials';

const credentialSecret: Case = {
  name: 'credential-secret',
  title: '`credentialSecret` changed',
  async run(environment) {
    const user = newestUser(environment);
    await user.install();
    await user.start();
    return stopping(user, async () => {
      const { x } = await startExamples(environment, user);
      await x.close();
      await user.stop();
      await user.start({ env: { NODE_RED_SECRET: 'another secret' } });
      const line = new RegExp(`The twitter-app has no bearer token\\..* ${undecrypted}`);
      await until(() => line.test(user.nodeRed.log()), `"${undecrypted}" in the log`);
      check(user.nodeRed.pid !== undefined, 'Node-RED has exited');
      return `Node-RED runs; the log says that the twitter-app has no bearer token, because "${undecrypted}"`;
    });
  },
};

export const settingsCases = [roots, adminAuth, disableEditor, credentialSecret];
