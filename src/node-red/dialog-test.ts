import type { Node, NodeAPI } from 'node-red';
import type { Finding } from '../util/finding';
import { sentence } from './sentences';

/** What a test of a dialog's fields comes to. */
export interface DialogTest {
  findings: Finding[];
  /** What it was tried with; answers may repeat it, and it must not be shown. */
  secrets: Array<string | undefined>;
}

/** The value of an environment variable as Node-RED fills it in at the start of a flow; undefined where it is not set. */
export type Variable = (name: string) => string | undefined;

// Shorter ones stand in many a sentence by chance.
const shortestSecret = 4;

/**
 * POST <type>/test: tries what stands in a config node's dialog, saved or not, for who may change it.
 * Answers `{ok, lines: [{ok, text}]}`, in the server's language.
 * @param run tries the fields in the request's body; `node` is the running one that they belong to, if it runs.
 *   What it throws becomes the one line of the answer
 */
export function serveDialogTest(
  RED: NodeAPI,
  type: string,
  run: (body: Record<string, unknown>, node: Node | undefined, variable: Variable) => Promise<DialogTest>,
): void {
  RED.httpAdmin.post(
    `/${type}/test`,
    RED.auth.needsPermission(`${type}.write`),
    async (request, response) => {
      const body = (request.body ?? {}) as Record<string, unknown>;
      const node = runningNode(RED, type, body.id);
      let lines: Array<{ ok: boolean; text: string }>;
      try {
        const { findings, secrets } = await run(body, node, (name) => variableOf(RED, node, name));
        lines = findings.map(({ ok, says }) => ({ ok, text: without(secrets, sentence(RED, says)) }));
      } catch (error) {
        lines = [{ ok: false, text: sentence(RED, error) }];
      }
      response.json({ ok: lines.every(({ ok }) => ok), lines });
    },
  );
}

function runningNode(RED: NodeAPI, type: string, id: unknown): Node | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as Node | null | undefined) : undefined;
  return node?.type === type ? node : undefined;
}

function variableOf(RED: NodeAPI, node: Node | undefined, name: string): string | undefined {
  const value: unknown = RED.util.evaluateNodeProperty(name, 'env', node ?? anyConfigNode(RED), {});
  return value === undefined || value === '' ? undefined : String(value);
}

/** Of a node that does not run yet the variables are those of all flows, which any config node sees. */
function anyConfigNode(RED: NodeAPI): Node {
  let found: Node | null | undefined;
  RED.nodes.eachNode((saved) => {
    if (!('z' in saved) || !saved.z) found ??= RED.nodes.getNode(saved.id) as Node | null;
  });
  return found as Node;
}

function without(secrets: DialogTest['secrets'], text: string): string {
  return secrets.reduce<string>(
    (clean, secret) => (secret && secret.length >= shortestSecret ? clean.replaceAll(secret, '…') : clean),
    text,
  );
}
