import type { Node, NodeAPI } from 'node-red';
import { sentence } from '../../src/node-red/say';
import { probe } from '../../src/stream/probe';
import { typedApp } from '../../src/stream/typed-app';
import { type AppFields, unsetVariable } from '../../src/stream/x-app';

/** One line under the dialog's Test button. */
interface Line {
  ok: boolean;
  text: string;
}

const names = ['auth', 'baseUrl', 'bearerToken', 'apiKey', 'apiSecret'] as const;
const secrets = ['bearerToken', 'apiKey', 'apiSecret'] as const;

/**
 * POST twitter-app/test: tries what stands in a dialog, saved or not.
 * @param deployed gives the fields that a running twitter-app was deployed with
 */
export function serveProbe(RED: NodeAPI, deployed: (node: Node) => AppFields | undefined): void {
  RED.httpAdmin.post(
    '/twitter-app/test',
    RED.auth.needsPermission('twitter-app.write'),
    async (request, response) => {
      const body = (request.body ?? {}) as Record<string, unknown>;
      const node = runningNode(RED, body.id);
      const lines = await tried(RED, fieldsIn(body), node, node && deployed(node));
      response.json({ ok: lines.every(({ ok }) => ok), lines });
    },
  );
}

async function tried(
  RED: NodeAPI,
  typed: AppFields,
  node: Node | undefined,
  deployed: AppFields | undefined,
): Promise<Line[]> {
  try {
    const app = typedApp(typed, deployed, (text) => withVariable(RED, node, text));
    const used = { ...deployed, ...app } as AppFields;
    const lines = await probe(app);
    return lines.map(({ ok, says }) => ({ ok, text: without(used, sentence(RED, says)) }));
  } catch (error) {
    return [{ ok: false, text: sentence(RED, error) }];
  }
}

function runningNode(RED: NodeAPI, id: unknown): Node | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as Node | null | undefined) : undefined;
  return node?.type === 'twitter-app' ? node : undefined;
}

function fieldsIn(body: Record<string, unknown>): AppFields {
  const fields: AppFields = {};
  for (const name of names) {
    const value = body[name];
    if (value !== undefined && value !== null) fields[name] = String(value);
  }
  return fields;
}

/** As Node-RED does at the start of a flow: a variable that is not set stays as it is written. */
function withVariable(RED: NodeAPI, node: Node | undefined, text: string): string {
  const name = unsetVariable(text);
  if (name === undefined) return text;
  const value: unknown = RED.util.evaluateNodeProperty(name, 'env', node ?? anyConfigNode(RED), {});
  return value === undefined || value === '' ? text : String(value);
}

/** Of a node that does not run yet the variables are those of all flows, which any config node sees. */
function anyConfigNode(RED: NodeAPI): Node {
  let found: Node | undefined;
  RED.nodes.eachNode((saved) => {
    if (!('z' in saved) || !saved.z) found ??= (RED.nodes.getNode(saved.id) as Node | null) ?? undefined;
  });
  return found as Node;
}

/** What answers may repeat what it was asked with. */
function without(fields: AppFields, text: string): string {
  let clean = text;
  for (const name of secrets) {
    const secret = fields[name];
    if (secret) clean = clean.replaceAll(secret, '…');
  }
  return clean;
}
