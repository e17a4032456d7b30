import type { Node, NodeAPI, NodeDef } from 'node-red';
import { defineConfig } from '../../src/node-red/define';
import { SharedStream } from '../../src/stream/filtered/shared-stream';
import { type AppFields, readApp } from '../../src/stream/x/app';
import { Problem } from '../../src/util/problem';
import { serveAppTest } from './probe-endpoint';

interface Def extends NodeDef {
  auth: string;
  baseUrl: string;
  proxy: string;
}

const credentials = {
  bearerToken: { type: 'password' },
  apiKey: { type: 'password' },
  apiSecret: { type: 'password' },
  accessToken: { type: 'password' },
  accessTokenSecret: { type: 'password' },
} as const;

export = (RED: NodeAPI): void => {
  const deployed = new WeakMap<Node, AppFields>();
  defineConfig<Def, SharedStream>(
    RED,
    'twitter-app',
    (context, def, secrets) => {
      const fields = { auth: def.auth, baseUrl: def.baseUrl, ...secrets };
      deployed.set(context.node, fields);
      // A flow of a later version must not go another way than it says, without a word.
      if (def.proxy) throw new Problem('setting-unknown', { field: 'proxy', value: def.proxy });
      return new SharedStream(readApp(fields));
    },
    credentials,
  );
  serveAppTest(RED, (node) => deployed.get(node));
};
