import type { Node, NodeAPI } from 'node-red';
import { probe } from '../../src/kafka/probe';
import { type ClusterFields, clusterTexts, typedCluster } from '../../src/kafka/probe-typed';
import { sentence } from '../../src/node-red/say';
import { clusterSettings } from './settings';

/** One line under the dialog's Test button. */
interface Line {
  ok: boolean;
  text: string;
}

// Shorter ones stand in many a sentence by chance.
const shortestSecret = 4;

/**
 * POST kafka-cluster/test: tries what stands in a dialog, saved or not.
 * @param deployed gives the fields that a running kafka-cluster was deployed with
 */
export function serveProbe(RED: NodeAPI, deployed: (node: Node) => ClusterFields | undefined): void {
  RED.httpAdmin.post(
    '/kafka-cluster/test',
    RED.auth.needsPermission('kafka-cluster.write'),
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
  typed: ClusterFields,
  node: Node | undefined,
  deployed: ClusterFields | undefined,
): Promise<Line[]> {
  try {
    const fields = typedCluster(typed, deployed, (name) => variable(RED, node, name));
    const findings = await probe(clusterSettings(RED, fields, fields));
    return findings.map(({ ok, says }) => ({ ok, text: without(fields, sentence(RED, says)) }));
  } catch (error) {
    return [{ ok: false, text: sentence(RED, error) }];
  }
}

function runningNode(RED: NodeAPI, id: unknown): Node | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as Node | null | undefined) : undefined;
  return node?.type === 'kafka-cluster' ? node : undefined;
}

function fieldsIn(body: Record<string, unknown>): ClusterFields {
  const fields: ClusterFields = { useTls: body.useTls === true };
  for (const name of clusterTexts) {
    const value = body[name];
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}

/** As Node-RED fills it in at the start of a flow; undefined where it is not set. */
function variable(RED: NodeAPI, node: Node | undefined, name: string): string | undefined {
  const value: unknown = RED.util.evaluateNodeProperty(name, 'env', node ?? anyConfigNode(RED), {});
  return value === undefined || value === '' ? undefined : String(value);
}

/** Of a node that does not run yet the variables are those of all flows, which any config node sees. */
function anyConfigNode(RED: NodeAPI): Node {
  let found: Node | null | undefined;
  RED.nodes.eachNode((saved) => {
    if (!('z' in saved) || !saved.z) found ??= RED.nodes.getNode(saved.id) as Node | null;
  });
  return found as Node;
}

/** What answers may repeat what it was asked with. */
function without({ password, oauthClientSecret }: ClusterFields, text: string): string {
  const secrets = [password, oauthClientSecret].filter((one) => one && one.length >= shortestSecret);
  return secrets.reduce<string>((clean, secret) => clean.replaceAll(secret as string, '…'), text);
}
