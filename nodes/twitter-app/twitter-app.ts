import type { Node, NodeAPI, NodeDef } from 'node-red';
import { defineConfig } from '../../src/node-red/define';
import { SharedStream } from '../../src/stream/filtered/shared-stream';
import { type AppFields, readApp } from '../../src/stream/x/app';
import { serveAppTest } from './probe-endpoint';

interface Def extends NodeDef {
  auth: string;
  baseUrl: string;
}

const credentials = {
  bearerToken: { type: 'password' },
  apiKey: { type: 'password' },
  apiSecret: { type: 'password' },
} as const;

export = (RED: NodeAPI): void => {
  const deployed = new WeakMap<Node, AppFields>();
  defineConfig<Def, SharedStream>(
    RED,
    'twitter-app',
    (context, def, secrets) => {
      const fields = { auth: def.auth, baseUrl: def.baseUrl, ...secrets };
      deployed.set(context.node, fields);
      return new SharedStream(readApp(fields));
    },
    credentials,
  );
  serveAppTest(RED, (node) => deployed.get(node));
};
