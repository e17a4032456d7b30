import type { Node, NodeAPI } from 'node-red';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import type { AppFields } from '../../src/stream/x/app';
import { probeApp } from '../../src/stream/x/probe';
import { unsavedApp } from '../../src/stream/x/unsaved-app';
import { envVariable } from '../../src/util/env-variable';

const names = ['auth', 'baseUrl', 'bearerToken', 'apiKey', 'apiSecret'] as const;

/**
 * POST twitter-app/test: tries what stands in a dialog, saved or not.
 * @param deployed gives the fields that a running twitter-app was deployed with
 */
export function serveAppTest(RED: NodeAPI, deployed: (node: Node) => AppFields | undefined): void {
  serveDialogTest(RED, 'twitter-app', async (body, node, variable) => {
    // A variable that is not set stays as it is written, as at the start of a flow.
    const filled = (text: string): string => {
      const name = envVariable(text);
      return (name === undefined ? undefined : variable(name)) ?? text;
    };
    const home = node && deployed(node);
    const app = unsavedApp(fieldsIn(body), home, filled);
    const { bearerToken, apiKey, apiSecret } = { ...home, ...app } as AppFields;
    return { findings: await probeApp(app), secrets: [bearerToken, apiKey, apiSecret] };
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
