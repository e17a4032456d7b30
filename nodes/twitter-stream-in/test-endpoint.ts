import type { NodeAPI } from 'node-red';
import { serveDialogTest } from '../../src/node-red/dialog-test';
import type { ConfigNode } from '../../src/node-red/node-context';
import { rejectionProblems } from '../../src/stream/filtered/rule-sync';
import type { StreamRule } from '../../src/stream/x/rules-answer';
import { RulesApi } from '../../src/stream/x/rules-api';
import type { Finding } from '../../src/util/finding';
import { Problem } from '../../src/util/problem';
import type { AppService } from '../twitter-app/app-service';

/** POST twitter-stream-in/test: X validates the rules of an open dialog, with the deployed twitter-app. It adds none. */
export function serveRuleTest(RED: NodeAPI): void {
  serveDialogTest(RED, 'twitter-stream-in', async ({ app: id, rules }) => {
    const node = RED.nodes.getNode(String(id)) as ConfigNode<AppService> | null | undefined;
    if (node?.type !== 'twitter-app' || !node.service) throw new Problem('rules-app-not-deployed');
    const { shared } = node.service;
    await shared.load();
    const api = new RulesApi(shared.app, shared.rules);
    try {
      return { findings: await findingsFor(api, rulesIn(rules)), secrets: [] };
    } catch (error) {
      const says = error instanceof Problem ? error : new Problem('unexpected', {}, { cause: error });
      return { findings: [{ ok: false, says }], secrets: [] };
    } finally {
      api.close();
    }
  });
}

async function findingsFor(api: RulesApi, rules: StreamRule[]): Promise<Finding[]> {
  if (rules.length === 0) return [{ ok: false, says: new Problem('no-rules') }];
  const { active, rejected } = await api.validate(rules);
  // What X said about the rules is worth more than the count.
  const counts = await api.counts().catch(() => undefined);
  const findings: Finding[] = rejectionProblems(rejected, counts).map((says) => ({ ok: false, says }));
  if (active.length > 0)
    findings.push({ ok: true, says: new Problem('rules-valid', { count: active.length }) });
  if (counts)
    findings.push({ ok: true, says: new Problem('rules-in-use', { used: counts.used, cap: counts.cap }) });
  return findings;
}

function rulesIn(value: unknown): StreamRule[] {
  if (!Array.isArray(value)) return [];
  return value
    .map((rule) => Object(rule) as Record<string, unknown>)
    .map(({ value: text, tag }) => ({ value: String(text ?? '').trim(), tag: String(tag ?? '').trim() }))
    .filter(({ value: text }) => text !== '');
}
