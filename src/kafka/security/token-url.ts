import { isLoopback } from '../../util/loopback';
import { Problem } from '../../util/problem';

/**
 * Parses the URL of a token server.
 * @throws Problem "oauth-no-url", "oauth-url-invalid" or "oauth-url-insecure"
 */
export function readTokenUrl(text: string): URL {
  const trimmed = text.trim();
  if (trimmed === '') throw new Problem('oauth-no-url');
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    // The text may contain a password: the sentence does not repeat it.
    throw new Problem('oauth-url-invalid');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new Problem('oauth-url-insecure', { place: url.host });
  }
  return url;
}
