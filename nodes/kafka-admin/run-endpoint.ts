import type { NodeAPI } from 'node-red';
import { administer } from '../../src/kafka/admin/administrator';
import type { Cluster } from '../../src/kafka/cluster';
import type { ConfigNode } from '../../src/node-red/node-context';
import { sentence } from '../../src/node-red/sentences';
import { Problem } from '../../src/util/problem';

/** A browser does not wait longer. */
const longestMs = 60_000;

/**
 * POST kafka-admin/run: runs an operation as an open dialog has it, with a deployed cluster. Body: `cluster` (id), `operation`,
 * `target`, `options`, `confirm` (the target's name, typed), `timeout` (s). Answer: `{answer}`, or `{problem, text}` with the
 * sentence in the server's language. Each run is a line in Node-RED's log, with the user.
 */
export function serveRun(RED: NodeAPI): void {
  RED.httpAdmin.post(
    '/kafka-admin/run',
    RED.auth.needsPermission('kafka-admin.write'),
    async (request, response) => {
      const { cluster: id, operation, target, options, confirm, timeout } = Object(request.body);
      const ended = new AbortController();
      response.on('close', () => ended.abort());
      const limitMs = Math.min(1000 * (Number(timeout) || 30), longestMs);
      const run = { operation, target, options, confirm: typeof confirm === 'string' ? confirm : false };
      try {
        const node = RED.nodes.getNode(String(id)) as ConfigNode<Cluster> | null | undefined;
        if (node?.type !== 'kafka-cluster' || !node.service) throw new Problem('run-not-deployed');
        const answer = await administer(node.service.admin, run, limitMs, ended.signal);
        log(RED, request, run, answer);
        response.json({ answer });
      } catch (error) {
        const problem = error instanceof Problem ? error : new Problem('unexpected', {}, { cause: error });
        log(RED, request, run, problem);
        const { key, params } = problem;
        response.json({ problem: { key, params }, text: sentence(RED, problem) });
      }
    },
  );
}

function log(
  RED: NodeAPI,
  request: object,
  run: { operation: unknown; target: unknown },
  result: unknown,
): void {
  const { user } = request as { user?: { username?: unknown } };
  const who = String(user?.username ?? 'anonymous');
  const { dryRun } = Object(result) as { dryRun?: unknown };
  const how = result instanceof Problem ? `: ${result.message}` : dryRun === true ? ' (dry run)' : '';
  const what = [run.operation, run.target].filter((part) => part !== '' && part !== undefined).join(' ');
  RED.log.info(`kafka-admin: ${who} ran ${what.slice(0, 200)}${how}`);
}
