import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import { type ConfigEntry, type DescribedConfigs, describeConfigs } from '../../protocol/requests/configs';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';

/** One resource in the answer of `configs.describe`. */
export interface ResourceConfigs {
  resource: string;
  name: string;
  configs: Array<{
    name: string;
    /** null: sensitive. */
    value: string | null;
    /** Where it is set. broker: of this broker; cluster: of all brokers; file: server.properties. */
    source: string;
    /** It cannot be changed while the broker runs. */
    readOnly: boolean;
    sensitive: boolean;
  }>;
}

const sources: Record<number, string> = {
  ...{ 1: 'topic', 2: 'broker', 3: 'cluster', 4: 'file', 5: 'default', 6: 'logger', 7: 'client', 8: 'group' },
};
/** Kafka's numbers of the sources that a change can set: on the topic, one broker, all brokers. */
export const ownSources = { topic: 1, broker: 2, cluster: 3 } as const;
const defaultSource = 5;
const unknownTopic = 3;

/** The configs of topics or brokers, sorted by name; of topics in one request. "default": the settings of all brokers. */
export async function resourceConfigs(
  requests: BrokerRequests,
  names: string[],
  { resource, all }: OptionsOf<'configs.describe'>,
): Promise<ResourceConfigs[]> {
  const described = await describedResources(requests, names, resource);
  return described.map(({ configs }, index) => ({
    resource,
    name: names[index] ?? '',
    configs: configs
      .filter(({ source }) => all || source !== defaultSource)
      .map(({ name, value, source, readOnly, sensitive }) => ({
        ...{ name, value: sensitive ? null : value, source: sources[source] ?? String(source) },
        ...{ readOnly, sensitive },
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  }));
}

/**
 * What holds where a config is not set on the topic, the broker, or all brokers. null: sensitive, or Kafka does not tell.
 * @param ownSource Kafka's number of the source that does not count
 */
export function valueWithout({ name, sensitive, synonyms }: ConfigEntry, ownSource: number): string | null {
  // A source that counts less has a larger number.
  const found = synonyms.find(({ source, value }) => source > ownSource && value !== null);
  // log.retention.hours is no value for retention.ms.
  const isSameUnit = found?.name.split('.').at(-1) === name.split('.').at(-1);
  return found && isSameUnit && !sensitive ? found.value : null;
}

/** The configs of topics or brokers as Kafka describes them, in the order of the names. */
export const describedResources = (
  requests: BrokerRequests,
  names: string[],
  resource: string,
): Promise<DescribedConfigs[]> =>
  resource === 'broker' ? ofBrokers(requests, names) : ofTopics(requests, names);

async function ofTopics(requests: BrokerRequests, names: string[]): Promise<DescribedConfigs[]> {
  const found = await requests.send(
    describeConfigs(
      names.map((name) => ({ type: 'topic', name })),
      true,
    ),
  );
  const byName = new Map(found.map((one) => [one.name, one]));
  return names.map((name) => {
    const one = byName.get(name);
    if (!one || one.errorCode === unknownTopic) throw new Problem('topic-not-found', { topic: name });
    if (isDenied(one.errorCode)) throw notAuthorized('DescribeConfigs', 'topic', name);
    if (one.errorCode !== 0) throw answerError(one.errorCode, one.errorMessage);
    return one;
  });
}

/** A broker describes only itself. */
async function ofBrokers(requests: BrokerRequests, names: string[]): Promise<DescribedConfigs[]> {
  const known = await requests.brokers();
  const missing = names.find((name) => name !== 'default' && !known.includes(Number(name)));
  if (missing !== undefined) {
    throw new Problem('broker-not-found', { broker: missing, known: known.join(', ') });
  }
  const answers = names.map(async (name) => {
    const [one] =
      name === 'default'
        ? await requests.send(describeConfigs([{ type: 'broker', name: '' }], true))
        : await requests.send(describeConfigs([{ type: 'broker', name }], true), Number(name));
    if (!one) throw answerError(-1);
    if (isDenied(one.errorCode)) throw notAuthorized('DescribeConfigs', 'cluster');
    if (one.errorCode !== 0) throw answerError(one.errorCode, one.errorMessage);
    return one;
  });
  return Promise.all(answers);
}
