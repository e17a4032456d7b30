import http, { type Agent } from 'node:http';
import https from 'node:https';

/**
 * An agent for requests to a base URL. twitter-api-v2 passes an IPv6 host in brackets, which Node.js would look up as
 * a name.
 */
export function agentFor(baseUrl: string): Agent {
  const agent = baseUrl.startsWith('https:') ? new https.Agent() : new http.Agent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) =>
    connect({ ...options, host: options.host?.replace(/^\[(.*)\]$/, '$1') }, callback);
  return agent;
}
