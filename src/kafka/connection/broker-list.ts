import { envVariable } from '../../util/env-variable';
import { Problem } from '../../util/problem';

const defaultPort = 9092;

/**
 * Parses a list of bootstrap brokers: separated by commas, semicolons, spaces or line breaks, with or without a
 * protocol such as `PLAINTEXT://`. The default port is 9092.
 * @returns `host:port` of each broker, in order, without duplicates
 * @throws Problem "brokers-empty", "broker-invalid" with the invalid entry, or "env-unset"
 */
export function parseBrokers(text: string): string[] {
  // Node-RED replaces a variable that is set.
  const variable = envVariable(text);
  if (variable !== undefined) throw new Problem('env-unset', { field: 'brokers', name: variable });
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
