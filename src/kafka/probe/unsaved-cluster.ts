import type { Variable } from '../../util/env-variable';
import { filledIn, UnsavedSecrets } from '../../util/unsaved-secrets';
import { parseBrokers } from '../connection/broker-list';

/** The text fields of a kafka-cluster's dialog, or of its deployed node; any may be missing. */
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

/**
 * The cluster in an open dialog. Stored secrets, and environment variables in anything but an address, are
 * sent only to the deployed brokers and token server, under the deployed TLS settings.
 * @param entered the dialog's fields; a missing secret, or Node-RED's placeholder, is the stored one
 * @param deployed the fields of the running node, undefined where it is not deployed
 * @throws Problem "kafka-probe-stored", "kafka-probe-variable" or "env-unset"
 */
export function unsavedCluster(
  entered: ClusterFields,
  deployed: ClusterFields | undefined,
  variable: Variable,
): ClusterFields {
  const { useTls = false, tls, sasl = '' } = entered;
  const fields: ClusterFields = {
    useTls,
    tls,
    sasl,
    brokers: filledIn('brokers', entered.brokers, variable),
  };
  if (sasl === 'oauthbearer') {
    fields.oauthTokenUrl = filledIn('oauthTokenUrl', entered.oauthTokenUrl, variable);
  }
  const secrets = new UnsavedSecrets(() => deployed !== undefined && sameTarget(fields, deployed), variable, {
    notDeployed: 'kafka-probe-stored',
    stored: 'kafka-probe-stored',
    variable: 'kafka-probe-variable',
  });
  fields.clientId = secrets.text('clientId', entered.clientId);
  if (sasl === 'oauthbearer') {
    fields.oauthClientId = secrets.text('oauthClientId', entered.oauthClientId);
    fields.oauthScope = secrets.text('oauthScope', entered.oauthScope);
    fields.oauthClientSecret = secrets.secret(
      'oauthClientSecret',
      entered.oauthClientSecret,
      deployed?.oauthClientSecret,
    );
  } else if (sasl !== '' && sasl !== 'none') {
    fields.username = secrets.text('username', entered.username);
    fields.password = secrets.secret('password', entered.password, deployed?.password);
  }
  return fields;
}

/** Whether everything that decides which server receives a secret is the same. */
function sameTarget(a: ClusterFields, b: ClusterFields): boolean {
  const brokers = sortedBrokers(a);
  if (brokers === undefined || brokers !== sortedBrokers(b)) return false;
  if ((a.useTls === true) !== (b.useTls === true)) return false;
  if (a.useTls && (a.tls ?? '') !== (b.tls ?? '')) return false;
  return a.sasl !== 'oauthbearer' || (a.oauthTokenUrl ?? '').trim() === (b.oauthTokenUrl ?? '').trim();
}

/** The brokers in a fixed order; undefined where one is invalid. */
function sortedBrokers({ brokers = '' }: ClusterFields): string | undefined {
  try {
    return parseBrokers(brokers).sort().join(',');
  } catch {
    return undefined;
  }
}
