/** An answer of kafka-admin as a table. */
export interface AnswerTable {
  /** What is said of the whole answer: name and text. */
  facts: Array<[name: string, text: string]>;
  columns: string[];
  rows: string[][];
}

type Members = Record<string, unknown>;

/** Makes rows of an answer: a list in an element becomes rows with the element's own values. */
export function answerTable(answer: unknown): AnswerTable {
  const [facts, elements] = partsOf(answer);
  const rows = elements.flatMap(flatRows);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    facts: Object.entries(facts).map(([name, value]) => [name, textOf(value)]),
    columns,
    rows: rows.map((row) => columns.map((column) => textOf(row[column]))),
  };
}

function partsOf(answer: unknown): [facts: Members, elements: unknown[]] {
  if (Array.isArray(answer)) return [{}, answer];
  if (!isMembers(answer)) return [{}, [answer]];
  const list = listIn(answer) ?? Object.keys(answer).find((name) => Array.isArray(answer[name]));
  if (list === undefined) return [answer, []];
  const { [list]: elements, ...facts } = answer;
  return [facts, elements as unknown[]];
}

function flatRows(element: unknown): Members[] {
  if (!isMembers(element)) return [{ '': element }];
  const list = listIn(element);
  if (list === undefined) return [element];
  const { [list]: inner, ...own } = element;
  return (inner as unknown[]).flatMap(flatRows).map((row) => ({ ...own, ...renamed(row, own, list) }));
}

/** A member of both has the list's name before it. */
const renamed = (row: Members, own: Members, list: string): Members =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name in own ? `${list}.${name}` : name, value]),
  );

/** The first list of objects. */
const listIn = (members: Members): string | undefined =>
  Object.keys(members).find((name) => {
    const value = members[name];
    return Array.isArray(value) && value.length > 0 && value.every(isMembers);
  });

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isBuffer(value);
}

/** As JSON has it. */
const isBuffer = (value: object): boolean =>
  (value as { type?: unknown }).type === 'Buffer' && 'data' in value;

function textOf(value: unknown): string {
  if (value === undefined) return '';
  if (value === null) return '–';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
