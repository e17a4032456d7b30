import { Problem } from '../problem';

/** What is needed to speak to X for one developer App. */
export interface XApp {
  /** Without a slash at its end; may have a path. */
  baseUrl: string;
  bearerToken: string;
}

/**
 * Reads the two fields of the twitter-app dialog.
 * @param token as pasted: spaces, a "Bearer " before it and percent-encoding (X's portal shows both) go
 * @throws Problem "base-url-invalid", "token-missing", "token-env-unset" or "token-invalid"
 */
export function readApp(baseUrl: string | undefined, token: string | undefined): XApp {
  return { baseUrl: readBaseUrl(baseUrl ?? ''), bearerToken: readToken(token ?? '') };
}

/** @throws Problem "base-url-invalid" */
export function readBaseUrl(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '') || 'https://api.x.com';
  let url: URL | undefined;
  try {
    url = new URL(trimmed);
  } catch {
    // Said below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password) {
    throw new Problem('base-url-invalid', { url: url?.password ? '…' : trimmed });
  }
  return trimmed;
}

function readToken(text: string): string {
  const trimmed = text.trim();
  if (/^\$\{.*\}$/.test(trimmed)) throw new Problem('token-env-unset', { name: trimmed.slice(2, -1) });
  const token = trimmed
    .replace(/^Bearer(\s+|$)/i, '')
    .replace(/%(3D|2B|2F)/gi, (code) => decodeURIComponent(code))
    .trim();
  if (token === '') throw new Problem('token-missing');
  if (/[^\x21-\x7e]/.test(token)) throw new Problem('token-invalid');
  return token;
}
