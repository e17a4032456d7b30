import { Problem } from '../../util/problem';
import { type AppFields, readApp, readBaseUrl, unsetVariable, type XApp } from './app';

type Secret = 'bearerToken' | 'apiKey' | 'apiSecret';

/** What Node-RED's dialogs hold in place of a stored secret. */
const placeholder = '__PWRD__';

function secretsOf(auth: string): Secret[] {
  if (auth === 'bearer') return ['bearerToken'];
  return auth === 'app' ? ['apiKey', 'apiSecret'] : [];
}

/**
 * The App that an open dialog describes. A secret that was not typed is the stored one, and that goes to
 * the address it was deployed for, to no other: else a dialog could send it anywhere. The same holds for an
 * environment variable that stands in for a secret.
 * @param typed the dialog's fields; a secret left out, or as Node-RED's placeholder, is the stored one
 * @param deployed the fields of the running node, undefined where it is not deployed
 * @param resolve puts in the environment variable that a typed field is
 * @throws Problem "secret-not-deployed", "secret-elsewhere", "secret-variable", or as readApp
 */
export function unsavedApp(
  typed: AppFields,
  deployed: AppFields | undefined,
  resolve: (text: string) => string,
): XApp {
  const auth = typed.auth || 'bearer';
  const fields: AppFields = { auth, baseUrl: resolve(typed.baseUrl ?? '') };
  for (const name of secretsOf(auth)) {
    const text = typed[name];
    const isTyped = text !== undefined && text !== placeholder;
    fields[name] = isTyped
      ? filledIn(text, fields.baseUrl, deployed)
      : stored(name, fields.baseUrl, deployed);
  }
  return readApp(fields);

  function filledIn(text: string, baseUrl: string | undefined, home: AppFields | undefined): string {
    const value = resolve(text);
    const variable = value === text ? undefined : unsetVariable(text);
    if (variable !== undefined && !isHome(baseUrl, home))
      throw new Problem('secret-variable', { name: variable });
    return value;
  }
}

function stored(
  name: Secret,
  baseUrl: string | undefined,
  deployed: AppFields | undefined,
): string | undefined {
  if (deployed?.[name] === undefined) throw new Problem('secret-not-deployed');
  if (!isHome(baseUrl, deployed)) throw new Problem('secret-elsewhere');
  return deployed[name];
}

/** Whether it is the address that the running node sends its secrets to. */
function isHome(baseUrl: string | undefined, deployed: AppFields | undefined): boolean {
  return deployed !== undefined && readBaseUrl(baseUrl ?? '') === readBaseUrl(deployed.baseUrl ?? '');
}
