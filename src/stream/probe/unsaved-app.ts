import type { Variable } from '../../util/env-variable';
import { filledIn, UnsavedSecrets } from '../../util/unsaved-secrets';
import { type AppFields, credentialNames, readApp, readBaseUrl, type XApp } from '../x/app';

/**
 * The App in an open dialog. Stored secrets and environment variables are sent only to the deployed base URL.
 * @param entered the dialog's fields; a missing secret, or Node-RED's placeholder, is the stored one
 * @param deployed the fields of the running node, undefined where it is not deployed
 * @throws Problem "secret-not-deployed", "secret-elsewhere", "secret-variable", "env-unset", or as readApp
 */
export function unsavedApp(entered: AppFields, deployed: AppFields | undefined, variable: Variable): XApp {
  const auth = entered.auth || 'bearer';
  const baseUrl = filledIn('baseUrl', entered.baseUrl, variable) ?? '';
  const secrets = new UnsavedSecrets(
    () => deployed !== undefined && readBaseUrl(baseUrl) === readBaseUrl(deployed.baseUrl ?? ''),
    variable,
    { notDeployed: 'secret-not-deployed', stored: 'secret-elsewhere', variable: 'secret-variable' },
  );
  const fields: AppFields = { auth, baseUrl };
  for (const name of credentialNames(auth)) {
    fields[name] = secrets.secret(name, entered[name], deployed?.[name]);
  }
  return readApp(fields);
}
