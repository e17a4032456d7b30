import { parseArgs } from 'node:util';

export const usage = `Receives the filtered stream of an App as twitter-stream-in does, and prints JSON lines.

  --url <url>          base URL of the server, e.g. https://api.x.com
  --token <token>      bearer token of the App
  --rule <rule>        a rule; repeat the option for several. Other rules of the App stay
  --recover <how>      none, backfill or search [none]
  --state <folder>     keeps the state file here, so that the next run reports the time between as a gap
  --posts              also prints the posts
  --help`;

export interface WatchOptions {
  url: string;
  token: string;
  rules: string[];
  recover: 'none' | 'backfill' | 'search';
  state?: string;
  posts: boolean;
}

/** Parses the command line; undefined for --help. @throws an error that names the invalid option */
export function watchOptionsFrom(args: string[]): WatchOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      rule: { type: 'string', multiple: true },
      recover: { type: 'string', default: 'none' },
      state: { type: 'string' },
      posts: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const { url, token, rule: rules, recover, state, posts } = values;
  if (url === undefined || !/^https?:$/.test(protocolOf(url)))
    throw new Error('--url must be an HTTP or HTTPS URL.');
  if (!token) throw new Error('--token is required.');
  if (!rules?.length) throw new Error('At least one --rule is required.');
  if (recover !== 'none' && recover !== 'backfill' && recover !== 'search')
    throw new Error(`--recover must be "none", "backfill" or "search", not "${recover}".`);
  return { url: url.replace(/\/+$/, ''), token, rules, recover, state, posts };
}

const protocolOf = (url: string): string => (URL.canParse(url) ? new URL(url).protocol : '');
