import type { EditorWidgetTypedInputTypeDefinition } from 'node-red';

const mostMatches = 20;

/** The string type of a typedInput, with completion of topic names from the cluster chosen in the dialog. */
export function topicNameType(): EditorWidgetTypedInputTypeDefinition {
  let fetched: { cluster: string; names: Promise<string[]> } | undefined;
  const namesIn = (cluster: string): Promise<string[]> => {
    if (fetched?.cluster !== cluster) {
      // A failed request, such as for a cluster that is not deployed yet, offers no completion.
      fetched = { cluster, names: fetchNames(cluster).catch(() => []) };
    }
    return fetched.names;
  };
  return {
    value: 'str',
    label: 'string',
    icon: 'red/images/typedInput/az.svg',
    autoComplete: (entered, done) => {
      const cluster = String($('#node-input-cluster').val() ?? '');
      // In a list, the last name is completed.
      const list = entered.slice(0, entered.lastIndexOf(',') + 1);
      const part = entered.slice(list.length).trim().toLowerCase();
      void namesIn(cluster).then((names) => {
        const matches = names.filter((name) => name.toLowerCase().includes(part)).slice(0, mostMatches);
        done(matches.map((name) => ({ value: list ? `${list} ${name}` : name, label: name })));
      });
    },
  };
}

async function fetchNames(cluster: string): Promise<string[]> {
  if (!cluster || cluster === '_ADD_') return [];
  const names: unknown = await $.getJSON(`kafka-cluster/${encodeURIComponent(cluster)}/topics`);
  return Array.isArray(names) ? names.map(String) : [];
}
