import type { NodeAPI, NodeDef } from 'node-red';
import { Cluster } from '../../src/kafka/cluster';
import { defineConfig } from '../../src/node-red/define';
import { type ClusterDef, clusterSettings, credentialTypes } from './settings';
import { serveTopics } from './topics-endpoint';

export = (RED: NodeAPI): void => {
  defineConfig<NodeDef & ClusterDef, Cluster>(
    RED,
    'kafka-cluster',
    (host, def, credentials) =>
      new Cluster(clusterSettings(RED, def, credentials), (line) => host.node.debug(line)),
    credentialTypes,
  );
  serveTopics(RED);
};
