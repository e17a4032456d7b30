import { Problem } from '../../util/problem';
import { parseBrokers } from '../connection/broker-list';

/** The texts of a kafka-cluster's dialog, or of its deployed node; a missing one was not given. */
export type ClusterTexts = Partial<Record<(typeof clusterTexts)[number], string>>;
export type ClusterFields = ClusterTexts & { useTls?: boolean };

export const clusterTexts = [
  'brokers',
  'clientId',
  'tls',
  'sasl',
  'oauthTokenUrl',
  'oauthScope',
  'username',
  'password',
  'oauthClientId',
  'oauthClientSecret',
] as const;

/** What Node-RED's dialogs hold in place of a stored secret. */
const placeholder = '__PWRD__';
const passwordFields = ['username', 'password'] as const;
const tokenFields = ['oauthClientId', 'oauthClientSecret', 'oauthScope'] as const;

/**
 * The cluster that an open dialog describes. A secret that was not typed is the stored one, and goes only
 * where the deployed node sends it: to its brokers, under its TLS settings, to its token server. The same
 * holds for environment variables in anything but an address; else a dialog could send them anywhere.
 * @param typed the dialog's fields; a secret left out, or as Node-RED's placeholder, is the stored one
 * @param deployed those of the running node, variables filled in; undefined where it is not deployed
 * @param resolve the value of an environment variable, undefined where it is not set
 * @throws Problem "kafka-probe-stored", "kafka-probe-variable" or "env-unset"
 */
export function unsavedCluster(
  typed: ClusterFields,
  deployed: ClusterFields | undefined,
  resolve: (name: string) => string | undefined,
): ClusterFields {
  const filled = (field: keyof ClusterTexts): string | undefined => {
    const text = typed[field];
    const name = variableIn(text);
    if (name === undefined) return text;
    const value = resolve(name);
    if (value === undefined) throw new Problem('env-unset', { field, name });
    return value;
  };
  const fields: ClusterFields = {
    brokers: filled('brokers'),
    useTls: typed.useTls === true,
    tls: typed.tls,
    sasl: typed.sasl,
  };
  const token = typed.sasl === 'oauthbearer';
  if (token) fields.oauthTokenUrl = filled('oauthTokenUrl');
  const home = deployed !== undefined && sameTarget(fields, deployed);
  const credentials = token ? tokenFields : typed.sasl && typed.sasl !== 'none' ? passwordFields : [];
  for (const field of ['clientId', ...credentials] as const) {
    const isSecret = field === 'password' || field === 'oauthClientSecret';
    if (isSecret && (typed[field] === placeholder || (typed[field] === undefined && deployed?.[field]))) {
      if (!home) throw new Problem('kafka-probe-stored');
      fields[field] = deployed[field];
      continue;
    }
    const name = variableIn(typed[field]);
    if (name !== undefined && !home) throw new Problem('kafka-probe-variable', { name });
    fields[field] = filled(field);
  }
  return fields;
}

function variableIn(text: string | undefined): string | undefined {
  return /^\$\{([^}]+)\}$/.exec(text ?? '')?.[1];
}

/** Whether all that decides who gets to see a secret is the same. */
function sameTarget(a: ClusterFields, b: ClusterFields): boolean {
  const brokers = brokersOf(a);
  if (brokers === undefined || brokers !== brokersOf(b)) return false;
  if ((a.useTls === true) !== (b.useTls === true)) return false;
  if (a.useTls && (a.tls ?? '') !== (b.tls ?? '')) return false;
  return a.sasl !== 'oauthbearer' || (a.oauthTokenUrl ?? '').trim() === (b.oauthTokenUrl ?? '').trim();
}

/** The brokers in some fixed order; undefined where they are not understood. */
function brokersOf({ brokers = '' }: ClusterFields): string | undefined {
  try {
    return parseBrokers(brokers).sort().join(',');
  } catch {
    return undefined;
  }
}
