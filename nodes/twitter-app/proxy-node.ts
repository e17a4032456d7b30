import type { Node, NodeAPI } from 'node-red';
import type { HttpProxy } from '../../src/stream/x/app';
import { type ProxyOptions, type ProxySettings, proxyFor } from '../../src/stream/x/proxy/proxy';
import { Problem } from '../../src/util/problem';

/** Node-RED's config node "http proxy". */
interface ProxyNode extends Node {
  url?: string;
  noproxy?: string[];
}

const type = 'http proxy';

/**
 * The settings of a running "http proxy" node.
 * @param id as saved; blank: undefined is returned, and the environment decides
 * @throws Problem "config-missing" (also if it is disabled) or "config-other-type". Without the proxy, requests would leave
 *   the network another way than the user selected
 */
export function proxySettings(RED: NodeAPI, id: string): ProxySettings | undefined {
  if (id === '') return undefined;
  const node = RED.nodes.getNode(id) as ProxyNode | null | undefined;
  if (!node) throw new Problem('config-missing', { what: type });
  if (node.type !== type) throw new Problem('config-other-type', { what: type });
  const { url = '', noproxy, credentials } = node;
  const { username, password } = Object(credentials) as { username?: string; password?: string };
  return { url, username, password, noProxy: noproxy ?? [] };
}

/**
 * The proxy for requests to a base URL.
 * @param settings of the "http proxy" node, if one is selected
 * @throws Problem "proxy-url-invalid"
 */
export function appProxy(RED: NodeAPI, baseUrl: string, settings?: ProxySettings): HttpProxy | undefined {
  const { proxyOptions } = RED.settings as { proxyOptions?: ProxyOptions };
  return proxyFor(baseUrl, settings, proxyOptions);
}
