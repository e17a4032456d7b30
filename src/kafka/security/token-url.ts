import { isLoopback } from '../../util/loopback';
import { Problem } from '../../util/problem';

/**
 * The address that tokens are fetched from.
 * @throws Problem "oauth-no-url", "oauth-url-invalid" or "oauth-url-insecure"
 */
export function readTokenUrl(text: string): URL {
  const trimmed = text.trim();
  if (trimmed === '') throw new Problem('oauth-no-url');
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    // What is written there may hold a password: it is not repeated.
    throw new Problem('oauth-url-invalid');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Problem('oauth-url-insecure', { place: url.host });
  }
  return url;
}
