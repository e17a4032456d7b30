import type { Node, NodeAPI, NodeDef } from 'node-red';
import { Cluster } from '../../src/kafka/cluster';
import type { ClusterFields } from '../../src/kafka/probe/unsaved-cluster';
import { defineConfig } from '../../src/node-red/define';
import { serveClusterTest } from './probe-endpoint';
import { type ClusterDef, clusterSettings, credentialTypes } from './settings';
import { serveTopics } from './topics-endpoint';

/** What the running nodes were deployed with, for the dialog's Test button. */
const deployed = new WeakMap<Node, ClusterFields>();

export = (RED: NodeAPI): void => {
  defineConfig<NodeDef & ClusterDef, Cluster>(
    RED,
    'kafka-cluster',
    (context, def, credentials) => {
      deployed.set(context.node, { ...def, ...credentials });
      return new Cluster(clusterSettings(RED, def, credentials), (line) => context.node.debug(line));
    },
    credentialTypes,
  );
  serveTopics(RED);
  serveClusterTest(RED, (node) => deployed.get(node));
};
