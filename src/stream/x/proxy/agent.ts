import http, { type Agent } from 'node:http';
import https from 'node:https';
import type { HttpProxy } from '../app';
import { tunnelAgent } from './tunnel-agent';

/**
 * An agent for requests to a base URL. After `destroy()` it opens no connection.
 * @param proxy opens the connections
 */
export const agentFor = (baseUrl: string, proxy?: HttpProxy): Agent =>
  proxy ? tunnelAgent(baseUrl, proxy) : directAgent(baseUrl);

function directAgent(baseUrl: string): Agent {
  const agent = baseUrl.startsWith('https:') ? new https.Agent() : new http.Agent();
  const connect = agent.createConnection.bind(agent);
  const destroyAll = agent.destroy.bind(agent);
  let destroyed = false;
  agent.createConnection = (options, callback) => {
    if (destroyed) {
      if (callback) process.nextTick(callback, new Error('The agent is destroyed.'));
      return undefined;
    }
    // twitter-api-v2 passes an IPv6 host in brackets, which Node.js would look up as a name.
    return connect({ ...options, host: options.host?.replace(/^\[(.*)\]$/, '$1') }, callback);
  };
  agent.destroy = () => {
    destroyed = true;
    destroyAll();
  };
  return agent;
}
