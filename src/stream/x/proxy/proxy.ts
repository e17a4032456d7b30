import { Problem } from '../../../util/problem';
import type { HttpProxy } from '../app';

/** The settings of Node-RED's config node "http proxy". */
export interface ProxySettings {
  /** Blank: no proxy. It may hold credentials; `username` and `password` replace them. */
  url: string;
  username?: string;
  password?: string;
  /** Hosts that are reached without the proxy. */
  noProxy: string[];
}

type Environment = Record<string, string | undefined>;

/** Node-RED's setting `proxyOptions`: how the environment's variables are read. */
export interface ProxyOptions {
  /** legacy: as before Node-RED 3.1, by `HTTP_PROXY` and `NO_PROXY` alone. `NR_PROXY_MODE` replaces it. */
  mode?: string;
  /** Names in upper case are ignored. */
  lowerCaseOnly?: boolean;
  /** Names in upper case come first. */
  favourUpperCase?: boolean;
  /** npm's own variables are ignored. */
  excludeNpm?: boolean;
  /** Instead of the variables of the process. */
  env?: Environment;
}

const defaultPorts: Record<string, number> = { 'http:': 80, 'https:': 443 };

/**
 * The proxy for requests to a base URL, chosen as Node-RED's http request node does: by the config node, or else by
 * `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, where the lower-case name and npm's own (`npm_config_https_proxy`)
 * come first, unless the options differ. A proxy without a scheme has the scheme of the base URL. Loopback addresses are no
 * exception.
 * @param settings of the config node; undefined: the environment decides
 * @returns undefined where no proxy applies
 * @throws Problem "proxy-url-invalid", without the credentials
 */
export function proxyFor(
  baseUrl: string,
  settings?: ProxySettings,
  options: ProxyOptions = {},
): HttpProxy | undefined {
  const target = new URL(baseUrl);
  const url = proxyUrl(target, settings, options);
  return url.trim() === '' ? undefined : readProxy(url, target.protocol, settings);
}

function proxyUrl(target: URL, settings: ProxySettings | undefined, options: ProxyOptions): string {
  const mode = process.env.NR_PROXY_MODE ?? '';
  if ((['strict', 'legacy'].includes(mode) ? mode : options.mode) === 'legacy') {
    return legacyProxyUrl(target, settings, options.env ?? process.env);
  }
  const read = (...names: string[]): string => variable(options, names);
  const excluded = settings ? settings.noProxy.join(',') : read('npm_config_no_proxy', 'no_proxy');
  if (isExcluded(target, excluded)) return '';
  if (settings) return settings.url;
  const scheme = target.protocol.slice(0, -1);
  return read(`npm_config_${scheme}_proxy`, `${scheme}_proxy`, 'npm_config_proxy', 'all_proxy');
}

/** A list's entry excludes each URL that contains it. */
function legacyProxyUrl(
  { href }: URL,
  settings: ProxySettings | undefined,
  { HTTP_PROXY, http_proxy, NO_PROXY, no_proxy }: Environment,
): string {
  const list = settings ? settings.noProxy.join(',') : NO_PROXY || no_proxy;
  const excluded = list ? list.split(',').some((entry) => href.includes(entry.trim())) : false;
  return (!excluded && (settings ? settings.url : HTTP_PROXY || http_proxy)) || '';
}

/** The proxy's host and port, for a sentence; without its credentials. */
export function placeOf({ url }: HttpProxy): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || defaultPorts[protocol]}`;
}

/** The first variable that is set, each in lower case before upper case. */
function variable({ env = process.env, ...options }: ProxyOptions, names: string[]): string {
  for (const name of names) {
    if (options.excludeNpm && name.startsWith('npm_config_')) continue;
    const [lower, upper] = [env[name], env[name.toUpperCase()]];
    const favoured = options.favourUpperCase ? upper || lower : lower || upper;
    const value = options.lowerCaseOnly ? lower : favoured;
    if (value) return value;
  }
  return '';
}

/** Whether a list such as "localhost,.example.com,*.example.org:8443" contains the host. */
function isExcluded({ protocol, hostname, port }: URL, list: string): boolean {
  const targetPort = Number(port) || defaultPorts[protocol];
  return list
    .toLowerCase()
    .split(/[,\s]/)
    .filter(Boolean)
    .some((entry) => {
      const [, host = entry, entryPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      if (entryPort !== undefined && Number(entryPort) !== targetPort) return false;
      return /^[.*]/.test(host) ? hostname.endsWith(host.replace(/^\*/, '')) : hostname === host;
    });
}

function readProxy(text: string, scheme: string, settings: ProxySettings | undefined): HttpProxy {
  const trimmed = text.trim();
  const full = trimmed.includes('://') ? trimmed : `${scheme}//${trimmed}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const credentials = url && credentialsOf(url, settings);
  if (!url || !credentials || !(url.protocol in defaultPorts)) {
    // What precedes "@" may be a password.
    throw new Problem('proxy-url-invalid', { url: trimmed.replace(/^(\w+:\/\/)?.*@/s, '$1…@') });
  }
  return { url: url.origin, ...credentials };
}

/** @returns undefined where the URL's own are not percent-encoded correctly */
function credentialsOf(
  { username, password }: URL,
  settings: ProxySettings | undefined,
): Pick<HttpProxy, 'username' | 'password'> | undefined {
  if (settings?.username || settings?.password) {
    return { username: settings.username ?? '', password: settings.password ?? '' };
  }
  if (!username && !password) return {};
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}
