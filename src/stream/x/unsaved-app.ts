import { envVariable } from '../../util/env-variable';
import { Problem } from '../../util/problem';
import { type AppFields, readApp, readBaseUrl, type XApp } from './app';

type SecretField = 'bearerToken' | 'apiKey' | 'apiSecret';

/** What Node-RED's dialogs hold in place of a stored secret. */
const placeholder = '__PWRD__';

function secretFields(auth: string): SecretField[] {
  if (auth === 'bearer') return ['bearerToken'];
  return auth === 'app' ? ['apiKey', 'apiSecret'] : [];
}

/**
 * The App that an open dialog describes. A secret that was not typed is the stored one. It is sent only to
 * the base URL that it was deployed with: otherwise a dialog could send it anywhere. The same holds for an
 * environment variable in the field of a secret.
 * @param typed the dialog's fields; a secret left out, or as Node-RED's placeholder, is the stored one
 * @param deployed the fields of the running node, undefined where it is not deployed
 * @param resolve replaces a field that is an environment variable by its value
 * @throws Problem "secret-not-deployed", "secret-elsewhere", "secret-variable", or as readApp
 */
export function unsavedApp(
  typed: AppFields,
  deployed: AppFields | undefined,
  resolve: (text: string) => string,
): XApp {
  const auth = typed.auth || 'bearer';
  const baseUrl = resolve(typed.baseUrl ?? '');
  const fields: AppFields = { auth, baseUrl };
  for (const name of secretFields(auth)) {
    const text = typed[name];
    fields[name] = text === undefined || text === placeholder ? storedSecret(name) : typedSecret(text);
  }
  return readApp(fields);

  function typedSecret(text: string): string {
    const value = resolve(text);
    const variable = value === text ? undefined : envVariable(text);
    if (variable !== undefined && !isDeployedUrl()) throw new Problem('secret-variable', { name: variable });
    return value;
  }

  function storedSecret(name: SecretField): string {
    const secret = deployed?.[name];
    if (secret === undefined) throw new Problem('secret-not-deployed');
    if (!isDeployedUrl()) throw new Problem('secret-elsewhere');
    return secret;
  }

  function isDeployedUrl(): boolean {
    return deployed !== undefined && readBaseUrl(baseUrl) === readBaseUrl(deployed.baseUrl ?? '');
  }
}
