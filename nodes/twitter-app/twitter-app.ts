import type { Node, NodeAPI } from 'node-red';
import { defineConfig } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { SharedStream } from '../../src/stream/filtered/shared-stream';
import { type AppFields, readApp } from '../../src/stream/x/app';
import { credentials, properties } from './properties';
import { trackApp } from './running-apps';
import { serveAppTest } from './test-endpoint';

/** The fields that each running node was deployed with, for the dialog's Test button. */
const deployed = new WeakMap<Node, AppFields>();

export = (RED: NodeAPI): void => {
  defineConfig<SavedNode<typeof properties>, SharedStream>(
    RED,
    'twitter-app',
    (context, def, secrets) => {
      const settings = new SavedProperties(properties, def);
      const fields = { auth: settings.get('auth'), baseUrl: settings.get('baseUrl'), ...secrets };
      deployed.set(context.node, fields);
      const app = readApp(fields);
      trackApp(context, app);
      return new SharedStream(app);
    },
    credentials,
  );
  serveAppTest(RED, (node) => deployed.get(node));
};
