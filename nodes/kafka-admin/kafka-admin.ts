import type { NodeAPI, NodeDef } from 'node-red';
import { administer } from '../../src/kafka/admin/administrator';
import type { Cluster } from '../../src/kafka/cluster';
import { defineNode, type Message } from '../../src/node-red/define';
import { savedNumber } from '../../src/node-red/saved-number';
import { okStatus, waitingStatus } from '../../src/node-red/status';
import { readFields, type TypedReader, typedReader } from '../../src/node-red/typed-input';

type Field = 'operation' | 'target' | 'options';
type Def = NodeDef & { cluster: string; confirm: boolean; timeout: number | string } & Record<
    Field | `${Field}Type`,
    string
  >;

export = (RED: NodeAPI): void => {
  defineNode<Def>(RED, 'kafka-admin', (context, def) => {
    const cluster = context.config<Cluster>(def.cluster, 'kafka-cluster');
    const timeoutMs = 1000 * savedNumber('timeout', def.timeout, 30, 1);
    const reader = (field: Field): TypedReader =>
      typedReader(RED, context.node, field, def[field], def[`${field}Type`]);
    const readers = {
      operation: reader('operation'),
      target: reader('target'),
      options: reader('options'),
    };
    const fixed = [def.operationType, def.targetType].every((type) => type === undefined || type === 'str');
    const closing = new AbortController();
    let operation = '';

    return {
      async input(msg, send) {
        const request = await readFields(readers, msg);
        operation = String(request.operation ?? '');
        context.status(waitingStatus(operation));
        const confirm = confirmation(def, fixed, msg);
        msg.payload = await administer(cluster.admin, { ...request, confirm }, timeoutMs, closing.signal);
        context.status(okStatus(operation));
        send(msg);
      },
      status: () => okStatus(operation),
      close() {
        closing.abort();
      },
    };
  });
};

/** The box in the dialog counts only for what the dialog fixes; a message must name what it destroys. */
function confirmation(def: Def, fixed: boolean, msg: Message): unknown {
  if (fixed && def.confirm === true) return true;
  return typeof msg.confirm === 'string' ? msg.confirm : false;
}
