import type { NodeAPI } from 'node-red';
import { administer } from '../../src/kafka/admin/administrator';
import type { Cluster } from '../../src/kafka/cluster';
import { defineNode } from '../../src/node-red/define';
import { type SavedNode, SavedProperties } from '../../src/node-red/saved-properties';
import { shortSentence } from '../../src/node-red/sentences';
import { okStatus, waitingStatus } from '../../src/node-red/status';
import { nameReader, readFields, type TypedReader, typedReader } from '../../src/node-red/typed-input';
import { properties } from './properties';
import { serveRun } from './run-endpoint';

export = (RED: NodeAPI): void => {
  defineNode<SavedNode<typeof properties>>(RED, 'kafka-admin', (context, def) => {
    const settings = new SavedProperties(properties, def);
    const cluster = context.config<Cluster>(settings.get('cluster'), 'kafka-cluster');
    const timeoutMs = 1000 * settings.number('timeout');
    const reader = (field: 'operation' | 'options'): TypedReader =>
      typedReader(RED, context.node, field, settings.get(field), settings.get(`${field}Type`));
    const readers = {
      operation: reader('operation'),
      target: nameReader(RED, context.node, 'target', settings.get('target'), settings.get('targetType')),
      options: reader('options'),
    };
    const fixed = settings.get('operationType') === 'str' && settings.get('targetType') === 'str';
    const confirmed = settings.get('confirm') === true;
    const closing = new AbortController();
    let operation = '';

    return {
      async input(msg, send) {
        const request = await readFields(readers, msg);
        operation = String(request.operation ?? '');
        context.status(waitingStatus(operation));
        // The dialog's checkbox confirms only what the dialog fixes; a message must name what it destroys.
        const confirm = (fixed && confirmed) || (typeof msg.confirm === 'string' ? msg.confirm : false);
        msg.payload = await administer(
          cluster.admin,
          { ...request, confirm },
          timeoutMs,
          closing.signal,
          (cause) =>
            context.status(
              waitingStatus(context.words('status.retrying', { cause: shortSentence(RED, cause) })),
            ),
        );
        context.status(okStatus(operation));
        send(msg);
      },
      status: () => okStatus(operation),
      close() {
        closing.abort();
      },
    };
  });
  serveRun(RED);
};
