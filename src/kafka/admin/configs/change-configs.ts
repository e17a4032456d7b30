import { Problem } from '../../../util/problem';
import { sleep } from '../../../util/sleep';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { alterConfigs, type ConfigChange } from '../../protocol/requests/changes';
import type { ConfigEntry, ConfigResource, DescribedConfigs } from '../../protocol/requests/configs';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';
import { describedResources, ownSources, valueWithout } from './describe-configs';

/** One change in the answer of `configs.change`. null: none, not known before, or sensitive. */
interface ChangedConfig {
  resource: string;
  name: string;
  config: string;
  before: string | null;
  after: string | null;
}

type Options = OptionsOf<'configs.change'>;
type Plan = ConfigResource & {
  shown: string;
  ownSource: number;
  changes: ConfigChange[];
  rows: ChangedConfig[];
};

const readBackMs = 5000;
const visiblePollMs = 100;

const invalidErrors = [40, 42, 87];

/**
 * Plans changes of configs: what is so already is none, what is not named stays.
 * @throws Problem "config-read-only", "config-rejected", or of a resource that cannot be seen
 */
export async function planConfigs(
  requests: BrokerRequests,
  names: string[],
  options: Options,
): Promise<Planned> {
  const { resource } = options;
  const described = await describedResources(requests, names, resource);
  const readOnly = await readOnlyConfigs(requests, names, resource);
  const plans = described
    .map((one, index) => planResource(resource, names[index] ?? '', one, options, readOnly))
    .filter(({ changes }) => changes.length > 0);
  for (const plan of plans) await alter(requests, plan, true);
  return {
    answer: { changes: plans.flatMap(({ rows }) => rows) },
    async apply(sender, changes, signal) {
      for (const plan of plans) {
        await changes.change(plan.shown, signal, async () => {
          await alter(sender, plan, false);
          return true;
        });
      }
      const after = await readBack(sender, plans, signal);
      // What holds after `unset` is Kafka's to say.
      const rows = plans.flatMap(({ rows: all, changes: made }, index) =>
        all.map((row, at) =>
          made[at]?.action === 'unset' ? { ...row, after: valueIn(after[index], row.config) } : row,
        ),
      );
      return { changes: rows };
    },
  };
}

/** Of all brokers' settings Kafka describes only those that are set: a broker tells which are read-only at run time. */
async function readOnlyConfigs(
  requests: BrokerRequests,
  names: string[],
  resource: string,
): Promise<Set<string>> {
  if (resource !== 'broker' || !names.includes('default')) return new Set();
  const [first = 0] = await requests.brokers();
  const [broker] = await describedResources(requests, [String(first)], resource);
  return new Set(broker?.configs.filter(({ readOnly }) => readOnly).map(({ name }) => name));
}

/** The configs when the brokers have applied the changes, which takes them a moment; at most after 5 s. */
async function readBack(
  requests: BrokerRequests,
  plans: Plan[],
  signal: AbortSignal,
): Promise<DescribedConfigs[]> {
  const end = performance.now() + readBackMs;
  const names = plans.map(({ shown }) => shown);
  const [type = 'topic'] = plans.map((plan) => plan.type);
  for (;;) {
    const described = plans.length === 0 ? [] : await describedResources(requests, names, type);
    const isApplied = plans.every((plan, index) => isVisible(plan, described[index]));
    if (isApplied || signal.aborted || performance.now() > end) return described;
    await sleep(visiblePollMs, signal);
  }
}

function isVisible({ changes, rows, ownSource }: Plan, described: DescribedConfigs | undefined): boolean {
  return changes.every(({ config, action }, at) => {
    const found = described?.configs.find(({ name }) => name === config);
    if (action === 'unset') return found?.source !== ownSource;
    return found?.sensitive === true || found?.value === rows[at]?.after;
  });
}

function planResource(
  resource: string,
  shown: string,
  { configs }: DescribedConfigs,
  { set = {}, unset = [], append = {}, subtract = {} }: Options,
  readOnly: Set<string>,
): Plan {
  const isDefault = shown === 'default';
  const ownSource =
    resource === 'topic' ? ownSources.topic : isDefault ? ownSources.cluster : ownSources.broker;
  const plan: Plan = {
    ...{
      type: resource === 'topic' ? 'topic' : 'broker',
      name: isDefault ? '' : shown,
      ownSource,
      shown,
      changes: [],
      rows: [],
    },
  };
  const add = (change: ConfigChange, found: ConfigEntry | undefined, after: string | null): void => {
    if (found?.readOnly || readOnly.has(change.config)) {
      throw new Problem('config-read-only', { config: change.config });
    }
    const before = found?.sensitive ? null : (found?.value ?? null);
    plan.changes.push(change);
    plan.rows.push({
      resource,
      name: shown,
      config: change.config,
      before,
      after: found?.sensitive ? null : after,
    });
  };
  const entryOf = (config: string): ConfigEntry | undefined => configs.find(({ name }) => name === config);
  for (const [config, value] of Object.entries(set)) {
    const found = entryOf(config);
    if (found?.value !== value) add({ config, action: 'set', value }, found, value);
  }
  for (const config of unset) {
    const found = entryOf(config);
    if (found?.source !== ownSource) continue;
    add({ config, action: 'unset', value: null }, found, valueWithout(found, ownSource));
  }
  for (const [action, lists] of [
    ['append', append],
    ['subtract', subtract],
  ] as const) {
    for (const [config, list] of Object.entries(lists)) {
      const found = entryOf(config);
      const before = (found?.value ?? '').split(',').filter((one) => one !== '');
      const named = list.split(',').map((one) => one.trim());
      const after =
        action === 'append'
          ? [...new Set([...before, ...named])]
          : before.filter((one) => !named.includes(one));
      if (after.join() !== before.join())
        add({ config, action, value: named.join(',') }, found, after.join(','));
    }
  }
  return plan;
}

async function alter(requests: BrokerRequests, plan: Plan, validateOnly: boolean): Promise<void> {
  // A broker changes only itself; all others go to any broker.
  const broker = plan.type === 'broker' && plan.name !== '' ? Number(plan.name) : undefined;
  const [answer] = await requests.send(alterConfigs([plan], validateOnly), broker);
  const { errorCode, errorMessage } = answer ?? { errorCode: -1 };
  if (isDenied(errorCode)) {
    throw plan.type === 'topic'
      ? notAuthorized('AlterConfigs', 'topic', plan.name)
      : notAuthorized('AlterConfigs', 'cluster');
  }
  if (invalidErrors.includes(errorCode)) {
    throw new Problem('config-rejected', { what: plan.shown, reason: errorMessage || 'INVALID_CONFIG' });
  }
  if (errorCode !== 0) throw answerError(errorCode, errorMessage);
}

function valueIn(described: DescribedConfigs | undefined, config: string): string | null {
  const found = described?.configs.find(({ name }) => name === config);
  return found && !found.sensitive ? found.value : null;
}
