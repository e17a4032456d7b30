import type { Node, NodeAPI } from 'node-red';
import { Cluster } from '../../src/kafka/cluster';
import type { ClusterFields } from '../../src/kafka/probe/unsaved-cluster';
import { defineConfig } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { sentence } from '../../src/node-red/sentences';
import { serveConfigNames, serveNames } from './names-endpoint';
import { credentials, properties } from './properties';
import { clusterSettings } from './settings';
import { serveClusterTest } from './test-endpoint';

/** The fields that each running node was deployed with, for the dialog's Test button. */
const deployed = new WeakMap<Node, ClusterFields>();

export = (RED: NodeAPI): void => {
  defineConfig<SavedNode<typeof properties>, Cluster>(
    RED,
    'kafka-cluster',
    (context, def, secrets) => {
      const settings = new SavedProperties(properties, def, context.variable);
      const usesToken = settings.get('sasl') === 'oauthbearer';
      deployed.set(context.node, {
        brokers: settings.text('brokers'),
        useTls: settings.get('useTls'),
        tls: settings.get('tls'),
        oauthTokenUrl: settings[usesToken ? 'text' : 'get']('oauthTokenUrl'),
        ...secrets,
      });
      const kafkaSettings = clusterSettings(RED, settings, secrets, context.variable);
      return new Cluster(kafkaSettings, (line) => context.node.debug(line), {
        warn: (problem) => context.warn(problem),
        over: (problem) => context.log(sentence(RED, problem)),
      });
    },
    credentials,
  );
  serveNames(RED);
  serveConfigNames(RED);
  serveClusterTest(RED, (node) => deployed.get(node));
};
