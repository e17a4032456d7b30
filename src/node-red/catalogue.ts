const packageName = '@tweet-pipeline/node-red-twitter-kafka';
const key = new RegExp(`^(?:node-red|${packageName}/[\\w-]+):[\\w.-]+$`);

/** The namespace of a node type's catalogue: Node-RED translates a key with it in every node, also in a subflow's status. */
export const namespaceOf = (type: string): string => `${packageName}/${type}:`;

/**
 * A status text in the language of each editor's user, instead of in the server's.
 * @param text a key in the node type's catalogue, such as "kafka-out.status.paused", of a text without values
 */
export const statusKey = (text: `${string}.status.${string}`): string =>
  namespaceOf(text.slice(0, text.indexOf('.'))) + text;

/** Whether a status text is a key in this package's catalogues or in Node-RED's. */
export const isCatalogueKey = (text: string): boolean => key.test(text);
