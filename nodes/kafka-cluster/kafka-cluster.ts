import type { NodeAPI, NodeDef } from 'node-red';
import { parseBrokers } from '../../src/kafka/brokers';
import { Cluster } from '../../src/kafka/cluster';
import { defineConfig } from '../../src/node-red/define';
import { savedNumber } from '../../src/node-red/number';
import { Problem } from '../../src/problem';
import { serveTopics } from './topics-endpoint';

interface Def extends NodeDef {
  brokers: string;
  clientId: string;
  useTls: boolean;
  sasl: string;
  connectionTimeout: number | string;
  requestTimeout: number | string;
}

const credentials = {
  username: { type: 'text' },
  password: { type: 'password' },
  oauthClientId: { type: 'text' },
  oauthClientSecret: { type: 'password' },
} as const;

export = (RED: NodeAPI): void => {
  defineConfig<Def, Cluster>(
    RED,
    'kafka-cluster',
    (host, def) => {
      // A flow of a later version must not go out in the clear without a word.
      if (def.useTls || (def.sasl && def.sasl !== 'none')) throw new Problem('plaintext-only');
      return new Cluster(
        {
          brokers: parseBrokers(def.brokers ?? ''),
          clientId: def.clientId || 'node-red',
          connectionTimeout: 1000 * savedNumber('connectionTimeout', def.connectionTimeout, 10, 1),
          requestTimeout: 1000 * savedNumber('requestTimeout', def.requestTimeout, 12, 3),
        },
        (line) => host.node.debug(line),
      );
    },
    credentials,
  );
  serveTopics(RED);
};
