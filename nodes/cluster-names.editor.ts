import type { EditorWidgetTypedInputTypeDefinition } from 'node-red';

/** What a deployed cluster completes. */
export type NameKind = 'topics' | 'groups' | 'brokers' | 'principals';

const mostMatches = 20;

/** The string type of a typedInput, with completion of topic names from the cluster chosen in the dialog. */
export const topicNameType = (): EditorWidgetTypedInputTypeDefinition => clusterNameType(() => 'topics');

/** The string type of a typedInput, with completion of names from the cluster chosen in the dialog. */
export function clusterNameType(kind: () => NameKind): EditorWidgetTypedInputTypeDefinition {
  const fetched = new Map<string, Promise<string[]>>();
  const namesIn = (cluster: string): Promise<string[]> => {
    const key = `${cluster} ${kind()}`;
    // A failed request, such as for a cluster that is not deployed yet, offers no completion.
    const names = fetched.get(key) ?? fetchNames(cluster, kind()).catch(() => []);
    fetched.set(key, names);
    return names;
  };
  return {
    value: 'str',
    label: 'string',
    icon: 'red/images/typedInput/az.svg',
    autoComplete: (entered, done) => {
      const cluster = String($('#node-input-cluster').val() ?? '');
      // In a list, the last name is completed. The names of groups and principals may contain commas.
      const list = ['groups', 'principals'].includes(kind())
        ? ''
        : entered.slice(0, entered.lastIndexOf(',') + 1);
      const part = entered.slice(list.length).trim().toLowerCase();
      void namesIn(cluster).then((names) => {
        const matches = names.filter((name) => name.toLowerCase().includes(part)).slice(0, mostMatches);
        done(matches.map((name) => ({ value: list ? `${list} ${name}` : name, label: name })));
      });
    },
  };
}

/** Fills a datalist with the configs that may be set, each with a present value. Without a cluster it stays empty. */
export function completeConfigs(list: JQuery, resource: 'topic' | 'broker'): void {
  const cluster = String($('#node-input-cluster').val() ?? '');
  if (!cluster || cluster === '_ADD_') return;
  const url = `kafka-cluster/${encodeURIComponent(cluster)}/configs?resource=${resource}`;
  $.getJSON(url).done((configs: Array<{ name: string; value: string }>) => {
    list.empty().append(...configs.map(({ name, value }) => $('<option>').val(name).text(value)));
  });
}

async function fetchNames(cluster: string, kind: NameKind): Promise<string[]> {
  if (!cluster || cluster === '_ADD_') return [];
  const names: unknown = await $.getJSON(`kafka-cluster/${encodeURIComponent(cluster)}/${kind}`);
  return Array.isArray(names) ? names.map(String) : [];
}
