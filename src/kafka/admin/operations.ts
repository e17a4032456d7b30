/** kafka-admin's operations, by the names that dialog and `msg.operation` use. */
export const OPERATIONS = ['topics.list', 'topics.describe', 'topics.ensure', 'topics.delete'] as const;
export type Operation = (typeof OPERATIONS)[number];
