import type { Node, NodeAPI } from 'node-red';
import type { Variable } from '../util/env-variable';

/**
 * The environment variables as a node sees them: those of its group, its flow or subflow, the global ones, then those of
 * the process.
 * @param node undefined: only those of the process
 */
export function variablesOf(RED: NodeAPI, node: Node | undefined): Variable {
  return (name) => {
    const value: unknown = RED.util.getSetting(node as Node, name);
    return value === undefined || value === null ? undefined : String(value);
  };
}
