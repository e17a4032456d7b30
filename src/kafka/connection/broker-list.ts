import { Problem } from '../../util/problem';

const defaultPort = 9092;

/**
 * Reads a list of bootstrap brokers as people write or paste it: separated by commas, semicolons, spaces
 * or lines, with or without a protocol such as `PLAINTEXT://`, without a port meaning 9092.
 * @returns `host:port` for each, in order, once
 * @throws Problem "brokers-empty", "broker-invalid", naming the entry, or "env-unset"
 */
export function parseBrokers(text: string): string[] {
  const variable = /^\$\{(.+)\}$/.exec(text.trim())?.[1];
  // Node-RED puts the value in where there is one.
  if (variable) throw new Problem('env-unset', { field: 'brokers', name: variable });
  const entries = text.split(/[\s,;]+/).filter((entry) => entry !== '');
  if (entries.length === 0) throw new Problem('brokers-empty');
  return [...new Set(entries.map(parseBroker))];
}

function parseBroker(entry: string): string {
  const match =
    /^(?:[A-Za-z_][A-Za-z0-9_+-]*:\/\/)?([A-Za-z0-9_](?:[A-Za-z0-9._-]*))(?::(\d{1,5}))?\/?$/.exec(entry);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (!match || port < 1 || port > 65_535) throw new Problem('broker-invalid', { entry });
  return `${match[1]}:${port}`;
}
