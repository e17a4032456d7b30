import type { Node, NodeAPI } from 'node-red';
import { defineConfig } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { acquireApp, flowsStarted, flowsStopping } from '../../src/stream/app/app-registry';
import { type AppFields, readApp } from '../../src/stream/x/app';
import type { AppService } from './app-service';
import { credentials, properties } from './properties';
import { appProxy, proxySettings } from './proxy-node';
import { trackApp } from './running-apps';
import { streamsFolder } from './streams-folder';
import { serveAppTest } from './test-endpoint';

/** The fields that each running node was deployed with, for the dialog's Test button. */
const deployed = new WeakMap<Node, AppFields>();

export = (RED: NodeAPI): void => {
  // An App outlives its nodes for a moment, so the listeners are not those of a node.
  RED.events.off('flows:stopping', flowsStopping);
  RED.events.on('flows:stopping', flowsStopping);
  RED.events.off('flows:started', flowsStarted);
  RED.events.on('flows:started', flowsStarted);
  defineConfig<SavedNode<typeof properties>, AppService>(
    RED,
    'twitter-app',
    (context, def, secrets) => {
      const settings = new SavedProperties(properties, def, context.variable);
      const fields = { auth: settings.get('auth'), baseUrl: settings.text('baseUrl'), ...secrets };
      deployed.set(context.node, fields);
      const app = readApp(fields);
      app.proxy = appProxy(RED, app.baseUrl, proxySettings(RED, settings.get('proxy')));
      const handle = acquireApp(app, streamsFolder(RED.settings.userDir), (problem) => context.warn(problem));
      // The shared one: it has the token that X issued.
      trackApp(context, handle.shared.app);
      return { shared: handle.shared, close: () => handle.release() };
    },
    credentials,
  );
  serveAppTest(RED, (node) => deployed.get(node));
};
