import type { Agent } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { HttpProxyAgent, type HttpProxyAgentOptions, HttpsProxyAgent } from 'hpagent';
import type { HttpProxy } from '../app';
import { placeOf } from './proxy';
import { proxyError } from './proxy-error';

type Opened = (error: Error | null, socket?: Duplex) => void;

/** Members of hpagent's agents that its types hide. */
interface HpAgent extends Agent {
  /** Options of the next CONNECT request. */
  proxyRequestOptions: { signal?: AbortSignal };
  createConnection(options: object, callback: Opened): undefined;
}

/** The pending CONNECT requests of each agent. */
const pendingOf = new WeakMap<Agent, Set<AbortController>>();

/** Whether a connection is pending at the agent's proxy. */
export const isTunnelPending = (agent: Agent): boolean => (pendingOf.get(agent)?.size ?? 0) > 0;

/**
 * An agent that connects through a proxy (CONNECT), also to `http://`. hpagent sends the request; what it lacks is here:
 * `destroy()` ends pending CONNECT requests, so that no connection opens later that X counts, errors say that they are the
 * proxy's, and addresses may be IPv6.
 */
export function tunnelAgent(baseUrl: string, proxy: HttpProxy): Agent {
  // hpagent decodes the credentials of the URL.
  const { protocol, hostname, port } = new URL(proxy.url);
  const { username = '', password = '' } = proxy;
  const address = {
    protocol,
    hostname: bare(hostname),
    port,
    username: encodeURIComponent(username),
    password: encodeURIComponent(password),
  };
  const options = { proxy: address } as unknown as HttpProxyAgentOptions;
  const Kind = baseUrl.startsWith('https:') ? HttpsProxyAgent : HttpProxyAgent;
  const agent = new Kind(options) as unknown as HpAgent;
  const connect = agent.createConnection.bind(agent);
  const destroyAll = agent.destroy.bind(agent);
  const pending = new Set<AbortController>();
  pendingOf.set(agent, pending);
  let destroyed = false;

  agent.createConnection = (target: { host: string }, callback) => {
    if (destroyed) {
      process.nextTick(callback, new Error('The agent is destroyed.'));
      return undefined;
    }
    const attempt = new AbortController();
    pending.add(attempt);
    agent.proxyRequestOptions = { signal: attempt.signal };
    return connect({ ...target, ...hostOptions(target.host) }, (error, socket) => {
      pending.delete(attempt);
      if (error) callback(proxyError(error, placeOf(proxy)));
      else callback(null, socket);
    });
  };
  agent.destroy = () => {
    destroyed = true;
    for (const attempt of pending) attempt.abort();
    destroyAll();
  };
  return agent;
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** CONNECT names an IPv6 address in brackets, a certificate names it without. */
function hostOptions(host: string): object {
  const name = bare(host);
  if (!isIPv6(name)) return {};
  return {
    host: `[${name}]`,
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
  };
}
