import type { Node, NodeAPI } from 'node-red';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import type { AppFields } from '../../src/stream/x/app';
import { probeApp } from '../../src/stream/x/probe';
import { unsavedApp } from '../../src/stream/x/unsaved-app';
import { sharedAppProblem } from './running-apps';

const names = ['auth', 'baseUrl', 'bearerToken', 'apiKey', 'apiSecret'] as const;

/**
 * POST twitter-app/test: tests the fields of an open dialog.
 * @param deployed returns the fields that a running twitter-app was deployed with
 */
export function serveAppTest(RED: NodeAPI, deployed: (node: Node) => AppFields | undefined): void {
  serveDialogTest(RED, 'twitter-app', async (body, node, variable) => {
    const running = node && deployed(node);
    const app = unsavedApp(fieldsIn(body), running, variable);
    const { bearerToken, apiKey, apiSecret } = { ...running, ...app } as AppFields;
    const findings = await probeApp(app);
    const shared = sharedAppProblem(app, body.id);
    if (shared) findings.push({ ok: true, hint: true, says: shared });
    return { findings, secrets: [bearerToken, apiKey, apiSecret] };
  });
}

function fieldsIn(body: Record<string, unknown>): AppFields {
  const fields: AppFields = {};
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null) fields[name] = String(value);
  }
  return fields;
}
