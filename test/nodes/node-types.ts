import type { Node, NodeAPI } from 'node-red';
import adminNode from '../../nodes/kafka-admin/kafka-admin';
import { properties as admin } from '../../nodes/kafka-admin/properties';
import clusterNode from '../../nodes/kafka-cluster/kafka-cluster';
import {
  properties as cluster,
  credentials as clusterCredentials,
} from '../../nodes/kafka-cluster/properties';
import outNode from '../../nodes/kafka-out/kafka-out';
import { properties as out } from '../../nodes/kafka-out/properties';
import { properties as classifier } from '../../nodes/tweet-classifier/properties';
import classifierNode from '../../nodes/tweet-classifier/tweet-classifier';
import { properties as app, credentials as appCredentials } from '../../nodes/twitter-app/properties';
import appNode from '../../nodes/twitter-app/twitter-app';
import { properties as stream } from '../../nodes/twitter-stream-in/properties';
import streamNode from '../../nodes/twitter-stream-in/twitter-stream-in';
import type { PropertyTable } from '../../src/node-red/saved-properties';
import type { Flow } from './flow';

interface NodeType {
  register: (RED: NodeAPI) => void;
  properties: PropertyTable;
  credentials?: object;
  /** Flows that together use every property of the node. They connect to nothing. */
  flows: Flow[];
}

const appConfig = { id: 'c-app', type: 'twitter-app', config: true, baseUrl: 'http://127.0.0.1:1' };
const clusterConfig = { id: 'c-cluster', type: 'kafka-cluster', config: true, brokers: '127.0.0.1:1' };

/** The node types of the package. */
export const nodeTypes: Record<string, NodeType> = {
  'twitter-app': { register: appNode, properties: app, credentials: appCredentials, flows: [[appConfig]] },
  'twitter-stream-in': {
    register: streamNode,
    properties: stream,
    flows: [
      [
        appConfig,
        { id: 'n-in', type: 'twitter-stream-in', app: 'c-app', rules: [{ value: 'x' }], autostart: false },
      ],
      [
        { ...appConfig, auth: 'oauth1' },
        {
          id: 'n-in',
          type: 'twitter-stream-in',
          app: 'c-app',
          source: 'v1-filter',
          track: 'x',
          autostart: false,
        },
      ],
      [{ id: 'n-in', type: 'twitter-stream-in', source: 'replay', file: 'posts', autostart: false }],
    ],
  },
  'tweet-classifier': {
    register: classifierNode,
    properties: classifier,
    flows: [[{ id: 'n-classify', type: 'tweet-classifier' }]],
  },
  'kafka-cluster': {
    register: clusterNode,
    properties: cluster,
    credentials: clusterCredentials,
    flows: [[{ ...clusterConfig, useTls: true }]],
  },
  'kafka-out': {
    register: outNode,
    properties: out,
    flows: [
      [
        clusterConfig,
        { id: 'n-out', type: 'kafka-out', cluster: 'c-cluster', topic: 't', createTopic: true },
      ],
    ],
  },
  'kafka-admin': {
    register: adminNode,
    properties: admin,
    flows: [[clusterConfig, { id: 'n-admin', type: 'kafka-admin', cluster: 'c-cluster' }]],
  },
};

/**
 * The registration of a node type that records which of its saved properties are read one by one.
 * A copy of all properties does not count as reading them.
 */
export function recordReads(
  register: (RED: NodeAPI) => void,
  recordedType: string,
  read: Set<string>,
): (RED: NodeAPI) => void {
  type Constructor = (this: Node, def: object) => void;
  const recorded = (def: object): object =>
    new Proxy(def, {
      get(target, name) {
        read.add(String(name));
        return Reflect.get(target, name);
      },
      ownKeys: () => [],
    });
  return (RED) => {
    const registerType = (type: string, create: Constructor, options?: object): void => {
      function Recorded(this: Node, def: object): void {
        create.call(this, type === recordedType ? recorded(def) : def);
      }
      RED.nodes.registerType(type, Recorded as never, options as never);
    };
    const nodes = Object.assign(Object.create(RED.nodes), { registerType });
    register(Object.assign(Object.create(RED), { nodes }));
  };
}
