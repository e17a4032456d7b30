import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths';

const example = join(root, 'examples', '01 - Basketball posts to Kafka.json');

type FlowNode = Record<string, unknown> & { type: string };

/**
 * The first example, with addresses and token from environment variables: they can change between starts without
 * overwriting the user's changes to the flow.
 */
export function demoFlow(): FlowNode[] {
  const nodes = JSON.parse(readFileSync(example, 'utf8')) as FlowNode[];
  return nodes.map((node) => {
    switch (node.type) {
      case 'twitter-app':
        return { ...node, baseUrl: '${X_API_URL}', credentials: { bearerToken: '${X_BEARER_TOKEN}' } };
      case 'kafka-cluster':
        return { ...node, brokers: '${KAFKA_BROKERS}' };
      case 'twitter-stream-in':
        return { ...node, dailyLimit: '${X_POST_LIMIT}' };
      default:
        return node;
    }
  });
}
