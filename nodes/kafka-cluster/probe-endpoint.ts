import type { Node, NodeAPI } from 'node-red';
import { probeCluster } from '../../src/kafka/probe';
import { type ClusterFields, clusterTexts, unsavedCluster } from '../../src/kafka/probe/unsaved-cluster';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import { clusterSettings } from './settings';

/**
 * POST kafka-cluster/test: tries what stands in a dialog, saved or not.
 * @param deployed gives the fields that a running kafka-cluster was deployed with
 */
export function serveClusterTest(RED: NodeAPI, deployed: (node: Node) => ClusterFields | undefined): void {
  serveDialogTest(RED, 'kafka-cluster', async (body, node, variable) => {
    const fields = unsavedCluster(fieldsIn(body), node && deployed(node), variable);
    return {
      findings: await probeCluster(clusterSettings(RED, fields, fields)),
      secrets: [fields.password, fields.oauthClientSecret],
    };
  });
}

function fieldsIn(body: Record<string, unknown>): ClusterFields {
  const fields: ClusterFields = { useTls: body.useTls === true };
  for (const name of clusterTexts) {
    const value = body[name];
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}
