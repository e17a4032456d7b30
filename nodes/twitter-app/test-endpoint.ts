import type { Node, NodeAPI } from 'node-red';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import { probeApp } from '../../src/stream/probe/probe';
import { unsavedApp } from '../../src/stream/probe/unsaved-app';
import type { AppFields } from '../../src/stream/x/app';
import type { ProxySettings } from '../../src/stream/x/proxy/proxy';
import { secretsOf } from '../../src/stream/x/redact';
import { Problem } from '../../src/util/problem';
import { appProxy, proxySettings } from './proxy-node';
import { sharedAppProblem } from './running-apps';

const names = [
  'auth',
  'baseUrl',
  'bearerToken',
  'apiKey',
  'apiSecret',
  'accessToken',
  'accessTokenSecret',
] as const;

/**
 * POST twitter-app/test: tests the fields of an open dialog.
 * @param deployed returns the fields that a running twitter-app was deployed with
 */
export function serveAppTest(RED: NodeAPI, deployed: (node: Node) => AppFields | undefined): void {
  serveDialogTest(RED, 'twitter-app', async (body, node, variable) => {
    const running = node && deployed(node);
    const app = unsavedApp(fieldsIn(body), running, variable);
    app.proxy = appProxy(RED, app.baseUrl, deployedProxy(RED, body.proxy));
    const findings = await probeApp(app);
    const shared = sharedAppProblem(app, body.id);
    if (shared) findings.push({ ok: true, hint: true, says: shared });
    // The App's own ones after the test, which may have received a token.
    return { findings, secrets: [...secretsOf(app), ...storedSecrets(running)] };
  });
}

/** The credentials that a server may have from the deployed node. */
const storedSecrets = (running: AppFields | undefined): Array<string | undefined> =>
  Object.values({ ...running, auth: undefined, baseUrl: undefined });

/**
 * The proxy that the dialog selects. An unsaved one is not running.
 * @throws Problem "proxy-not-deployed", or as proxySettings
 */
function deployedProxy(RED: NodeAPI, selected: unknown): ProxySettings | undefined {
  const id = typeof selected === 'string' ? selected : '';
  if (id !== '' && !RED.nodes.getNode(id)) throw new Problem('proxy-not-deployed');
  return proxySettings(RED, id);
}

function fieldsIn(body: Record<string, unknown>): AppFields {
  const fields: AppFields = {};
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null) fields[name] = String(value);
  }
  return fields;
}
