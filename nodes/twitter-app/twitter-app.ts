import type { NodeAPI, NodeDef } from 'node-red';
import { defineConfig } from '../../src/node-red/define';
import { Problem } from '../../src/problem';
import { FilteredStream } from '../../src/stream/filtered-stream';
import { readApp } from '../../src/stream/x-app';

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
  defineConfig<Def, FilteredStream>(
    RED,
    'twitter-app',
    (_host, def, secrets) => {
      // A flow of a later version must not go another way than it says, without a word.
      if (def.proxy) throw new Problem('setting-unknown', { field: 'proxy', value: def.proxy });
      return new FilteredStream(readApp({ auth: def.auth, baseUrl: def.baseUrl, ...secrets }));
    },
    credentials,
  );
};
