import type { Node, NodeAPI, NodeDef } from 'node-red';
import { Cluster } from '../../src/kafka/cluster';
import type { ClusterFields } from '../../src/kafka/probe/probe-typed';
import { defineConfig } from '../../src/node-red/define';
import { serveProbe } from './probe-endpoint';
import { type ClusterDef, clusterSettings, credentialTypes } from './settings';
import { serveTopics } from './topics-endpoint';

/** What the running nodes were deployed with, for the dialog's Test button. */
const deployed = new WeakMap<Node, ClusterFields>();

export = (RED: NodeAPI): void => {
  defineConfig<NodeDef & ClusterDef, Cluster>(
    RED,
    'kafka-cluster',
    (host, def, credentials) => {
      deployed.set(host.node, { ...def, ...credentials });
      return new Cluster(clusterSettings(RED, def, credentials), (line) => host.node.debug(line));
    },
    credentialTypes,
  );
  serveTopics(RED);
  serveProbe(RED, (node) => deployed.get(node));
};
