import type { EditorWidgetTypedInputTypeDefinition } from 'node-red';

/** What a deployed cluster completes. */
export type NameKind = 'topics' | 'groups' | 'brokers' | 'principals' | 'topicConfigs' | 'brokerConfigs';

type Matches = Array<{ value: string; label: string }>;

const mostMatches = 20;

const paths: Record<NameKind, string> = {
  ...{ topics: 'topics', groups: 'groups', brokers: 'brokers', principals: 'principals' },
  ...{ topicConfigs: 'configs?resource=topic', brokerConfigs: 'configs?resource=broker' },
};

/** The string type of a typedInput, with completion of topic names from the cluster chosen in the dialog. */
export const topicNameType = (): EditorWidgetTypedInputTypeDefinition => clusterNameType(() => 'topics');

/** The string type of a typedInput, with completion of names from the cluster chosen in the dialog. */
export function clusterNameType(kind: () => NameKind): EditorWidgetTypedInputTypeDefinition {
  const namesIn = clusterNames();
  return {
    value: 'str',
    label: 'string',
    icon: 'red/images/typedInput/az.svg',
    autoComplete: (entered, done) => {
      // The names of groups and principals may contain commas.
      const isList = !['groups', 'principals'].includes(kind());
      void namesIn(kind()).then((names) => done(matching(names, entered, isList)));
    },
  };
}

/**
 * Completes a text field.
 * @param source names, or their kind in the cluster chosen in the dialog
 * @param isList whether commas separate names; then the last one is completed
 */
export function completeNames(
  input: JQuery,
  source: () => NameKind | readonly string[],
  isList: boolean,
): void {
  const namesIn = clusterNames();
  const search = (entered: string, done: (matches: Matches) => void): void => {
    const names = source();
    void (typeof names === 'string' ? namesIn(names) : Promise.resolve(names)).then((all) =>
      done(matching(all, entered, isList)),
    );
  };
  input.autoComplete({ minLength: 0, search });
}

/** Names in the cluster chosen in the dialog, fetched once. */
function clusterNames(): (kind: NameKind) => Promise<string[]> {
  const fetched = new Map<string, Promise<string[]>>();
  return (kind) => {
    const cluster = String($('#node-input-cluster').val() ?? '');
    const key = `${cluster} ${kind}`;
    // A failed request, such as for a cluster that is not deployed yet, offers no completion.
    const names = fetched.get(key) ?? fetchNames(cluster, kind).catch(() => []);
    fetched.set(key, names);
    return names;
  };
}

/** The names that contain what is entered: the same name first, as Tab takes the first one, then those that begin so. */
function matching(names: readonly string[], entered: string, isList: boolean): Matches {
  const list = isList ? entered.slice(0, entered.lastIndexOf(',') + 1) : '';
  const part = entered.slice(list.length).trim().toLowerCase();
  const rank = (name: string): number => {
    const lower = name.toLowerCase();
    return lower === part ? 0 : lower.startsWith(part) ? 1 : 2;
  };
  return names
    .filter((name) => name.toLowerCase().includes(part))
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, mostMatches)
    .map((name) => ({ value: list ? `${list} ${name}` : name, label: name }));
}

/**
 * Fills a datalist with the configs that may be set, each with its value and its default. Without a cluster it stays empty.
 * @param name of the topic or broker whose values they are
 * @param defaultWord what the default is called
 */
export function completeConfigs(
  list: JQuery,
  resource: 'topic' | 'broker',
  name: string,
  defaultWord: string,
): void {
  const cluster = String($('#node-input-cluster').val() ?? '');
  if (!cluster || cluster === '_ADD_') return;
  const url = `kafka-cluster/${encodeURIComponent(cluster)}/configs`;
  $.getJSON(url, { resource, name }).done((configs: KnownConfig[]) => {
    const optionOf = ({ name, value, default: other }: KnownConfig): JQuery => {
      const note = other === null || other === value ? '' : ` (${defaultWord}: ${other})`;
      return $('<option>').val(name).text(`${value}${note}`);
    };
    list.empty().append(...configs.map(optionOf));
  });
}

/** See nodes/kafka-cluster/names-endpoint.ts. */
interface KnownConfig {
  name: string;
  value: string;
  default: string | null;
}

async function fetchNames(cluster: string, kind: NameKind): Promise<string[]> {
  if (!cluster || cluster === '_ADD_') return [];
  const found: unknown = await $.getJSON(`kafka-cluster/${encodeURIComponent(cluster)}/${paths[kind]}`);
  if (!Array.isArray(found)) return [];
  return found.map((item: string | { name: string }) => (typeof item === 'string' ? item : item.name));
}
