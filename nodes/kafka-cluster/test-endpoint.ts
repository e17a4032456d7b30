import type { Node, NodeAPI } from 'node-red';
import { probeCluster } from '../../src/kafka/probe';
import { type ClusterFields, clusterTexts, unsavedCluster } from '../../src/kafka/probe/unsaved-cluster';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import { SavedProperties } from '../../src/node-red/saved-properties';
import { properties } from './properties';
import { clusterSettings } from './settings';

/**
 * POST kafka-cluster/test: tests the fields of an open dialog.
 * @param deployed returns the fields that a running kafka-cluster was deployed with
 */
export function serveClusterTest(RED: NodeAPI, deployed: (node: Node) => ClusterFields | undefined): void {
  serveDialogTest(RED, 'kafka-cluster', async (body, node, variable) => {
    const fields = unsavedCluster(fieldsIn(body), node && deployed(node), variable);
    const settings = new SavedProperties(properties, fields);
    return {
      findings: await probeCluster(clusterSettings(RED, settings, fields)),
      secrets: [fields.password, fields.oauthClientSecret],
    };
  });
}

function fieldsIn(body: Record<string, unknown>): ClusterFields {
  // A request without brokers must not test the default ones.
  const fields: ClusterFields = { brokers: '', useTls: body.useTls === true };
  for (const name of clusterTexts) {
    const value = body[name];
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}
