import type { Node, NodeAPI } from 'node-red';
import type { Variable } from '../util/env-variable';
import type { Finding, ReportedFinding } from '../util/finding';
import { Problem, type ProblemData } from '../util/problem';
import { sentence } from './sentences';
import { withSecretsCause } from './stored-secrets';
import { variablesOf } from './variables';

/** The result of a test of a dialog's fields. */
export interface DialogTest {
  findings: Finding[];
  /** The secrets used in the test. They are removed from the findings: a server's answer may repeat them. */
  secrets: Array<string | undefined>;
}

// A shorter secret occurs in sentences by chance.
const minSecretLength = 4;

/**
 * Serves POST <type>/test: tests the current fields of a config node's dialog, saved or not, for users with write
 * permission. Responds with `{ok, lines}`, one {@link ReportedFinding} per finding.
 * @param run tests the fields in the request's body; `node` is the running node with the same id, if any.
 *   If it throws, the error is the only line of the response
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
      let lines: ReportedFinding[];
      try {
        const { findings, secrets } = await run(body, node, (name) =>
          variablesOf(RED, node ?? anyConfigNode(RED))(name),
        );
        lines = findings.map((finding) => report(RED, finding, secrets));
      } catch (thrown) {
        const error = withSecretsCause(thrown);
        const problem = error instanceof Problem ? error : new Problem('unexpected', {}, { cause: error });
        lines = [report(RED, { ok: false, says: problem }, [])];
      }
      response.json({ ok: lines.every(({ ok }) => ok), lines });
    },
  );
}

function runningNode(RED: NodeAPI, type: string, id: unknown): Node | undefined {
  const node = typeof id === 'string' ? (RED.nodes.getNode(id) as Node | null | undefined) : undefined;
  return node?.type === type ? node : undefined;
}

/** For a node that is not deployed yet: any config node has access to the variables of all flows. */
function anyConfigNode(RED: NodeAPI): Node | undefined {
  let found: Node | null | undefined;
  RED.nodes.eachNode((saved) => {
    if (!('z' in saved) || !saved.z) found ??= RED.nodes.getNode(saved.id) as Node | null;
  });
  return found ?? undefined;
}

function report(RED: NodeAPI, { says, ...marks }: Finding, secrets: DialogTest['secrets']): ReportedFinding {
  return { ...marks, text: redact(secrets, sentence(RED, says)), ...redactedData(secrets, says) };
}

/** A problem as data, with the secrets removed from its values and from those of nested problems. */
function redactedData(secrets: DialogTest['secrets'], { key, params }: ProblemData): ProblemData {
  const redacted = (value: string | number | ProblemData): string | number | ProblemData => {
    if (typeof value === 'object') return redactedData(secrets, value);
    const text = redact(secrets, String(value));
    return text === String(value) ? value : text;
  };
  const values = Object.entries(params).map(([name, value]) => [name, redacted(value)]);
  return { key, params: Object.fromEntries(values) };
}

function redact(secrets: DialogTest['secrets'], text: string): string {
  return secrets.reduce<string>(
    (clean, secret) => (secret && secret.length >= minSecretLength ? clean.replaceAll(secret, '…') : clean),
    text,
  );
}
