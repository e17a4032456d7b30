import { variablesIn } from '../../util/env-variable';
import { Problem } from '../../util/problem';
import { formatAddress } from './address';

const defaultPort = 9092;

/** What a protocol in front of brokers asks for, as in `SASL_SSL://kafka1:9093`. */
export interface ListenerSecurity {
  /** As it is written in Kafka's configuration, e.g. "SASL_SSL". */
  protocol: string;
  tls: boolean;
  sasl: boolean;
}

const protocols: Record<string, Omit<ListenerSecurity, 'protocol'>> = {
  PLAINTEXT: { tls: false, sasl: false },
  SSL: { tls: true, sasl: false },
  SASL_PLAINTEXT: { tls: false, sasl: true },
  SASL_SSL: { tls: true, sasl: true },
};

/** What the protocol of the brokers asks for; undefined: they have none, an unknown one, or several. */
export function listenerSecurity(text: string): ListenerSecurity | undefined {
  const found = new Set([...text.matchAll(/([A-Za-z_]+):\/\//g)].map(([, name = '']) => name.toUpperCase()));
  const [protocol = ''] = found;
  const security = found.size === 1 ? protocols[protocol] : undefined;
  return security && { protocol, ...security };
}

/**
 * Parses a list of bootstrap brokers: separated by commas, semicolons, spaces or line breaks, with or without a
 * protocol such as `PLAINTEXT://`. An IPv6 address is in brackets and may have a zone: `[fe80::1%eth0]:9092`. The
 * default port is 9092. Also as it is written elsewhere: in quotes, as a list `['kafka1:9092']`, behind
 * `bootstrap.servers=`, or with a space for or beside the colon of the port.
 * @param text with the values of environment variables in place of their names
 * @returns `host:port` of each broker, in order, without duplicates
 * @throws Problem "brokers-empty", "env-unset", or "broker-invalid" or "broker-ipv6" with the invalid entry
 */
export function parseBrokers(text: string): string[] {
  const [name] = variablesIn(text);
  if (name !== undefined) throw new Problem('env-unset', { field: 'brokers', name });
  const entries = plainList(text)
    .split(/[\s,;]+/)
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw new Problem('brokers-empty');
  return [...new Set(entries.map(parseBroker))];
}

/** The list without what only other notations need. */
function plainList(text: string): string {
  return (
    text
      .trim()
      .replace(/^[A-Za-z_][\w.-]*\s*=\s*/, '')
      // A list in brackets has its items in quotes; an IPv6 address in brackets has none.
      .replace(/^\[\s*(["'].*["'])\s*,?\s*\]$/s, '$1')
      .replace(/["'`]/g, ' ')
      .replace(/[ \t]*:[ \t]+(?=\d)|[ \t]+:[ \t]*(?=\d)/g, ':')
      // A host without a port, then a number.
      .replace(
        /(^|[\s,;])([^\s,;:]+|[^\s,;]*\/\/[^\s,;:]+|\[[^\]\s]+\])[ \t]+(\d{1,5})(?=$|[\s,;])/g,
        '$1$2:$3',
      )
  );
}

function parseBroker(entry: string): string {
  const [, address = ''] = /^(?:[A-Za-z_][A-Za-z0-9_+-]*:\/\/)?(.*?)\/?$/.exec(entry) ?? [];
  const match = /^(?:\[(.+)\]|([A-Za-z0-9_][A-Za-z0-9._-]*))(?::(\d{1,5}))?$/.exec(address);
  const [, ipv6, name, digits] = match ?? [];
  const host = ipv6 ?? name;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535 && (ipv6 === undefined || isIpv6(ipv6))) {
    return formatAddress({ host, port });
  }
  const meant = withBrackets(address);
  throw meant === undefined
    ? new Problem('broker-invalid', { entry })
    : new Problem('broker-ipv6', { entry, example: meant });
}

/** An IPv6 address without brackets, as it must be written: its last part may be the port. */
function withBrackets(address: string): string | undefined {
  const [, before = '', digits] = /^(.*):(\d{4,5})$/.exec(address) ?? [];
  if (isIpv6(before)) return formatAddress({ host: before, port: Number(digits) });
  return isIpv6(address) ? formatAddress({ host: address, port: defaultPort }) : undefined;
}

/** Whether the text is an IPv6 address, with or without a zone. Also runs in browsers, which lack `net.isIPv6`. */
function isIpv6(text: string): boolean {
  const [, address = ''] = /^([0-9A-Fa-f:.]+)(?:%[A-Za-z0-9._~-]+)?$/.exec(text) ?? [];
  return address.includes(':') && URL.canParse(`http://[${address}]`);
}
