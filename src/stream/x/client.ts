import type { Agent } from 'node:http';
import { TwitterApi } from 'twitter-api-v2';
import { agentFor } from './agent';
import type { XApp } from './app';
import { failureOf, XFailure } from './failure';
import { fetchToken } from './token';

export const userAgent = '@tweet-pipeline/node-red-twitter-kafka';

/**
 * Sends requests to X with the credentials of an App. Each client has its own agent: destroying the agent is
 * the only way to cancel a request that is being opened, without a connection left behind that X counts.
 */
export class XClient {
  /** Prefix of each v2 path. */
  readonly prefix: string;
  readonly host: string;
  private readonly agent: Agent;
  private closed = false;

  constructor(private readonly app: XApp) {
    this.agent = agentFor(app.baseUrl);
    this.prefix = `${app.baseUrl}/2/`;
    this.host = new URL(app.baseUrl).host;
  }

  /**
   * Calls `act` with the API object that adds the App's token to requests. X may have revoked a token that it
   * issued for key and secret: after a 401, `act` is called a second time, with a new token.
   * @returns what `act` resolves to; rejects with what `act` threw, or with an XFailure
   */
  async use<Result>(act: (api: TwitterApi) => Promise<Result>): Promise<Result> {
    const { app } = this;
    if ('bearerToken' in app) return act(this.api(app.bearerToken));
    for (let mayRefetch = app.fetchedToken !== undefined; ; mayRefetch = false) {
      app.fetchedToken ??= await fetchToken(app, this.agent);
      const token = app.fetchedToken;
      try {
        return await act(this.api(token));
      } catch (error) {
        const failure = failureOf(error, this.host);
        if (failure.kind !== 'token-refused') throw error;
        // Another client may have fetched a new one already.
        if (app.fetchedToken === token) app.fetchedToken = undefined;
        if (!mayRefetch) throw new XFailure('new-token-refused', failure.params, failure);
      }
    }
  }

  /** Cancels open requests and opens no new ones. */
  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  private api(token: string): TwitterApi {
    // A destroyed agent still opens sockets.
    if (this.closed) throw new Error('The client is closed.');
    return new TwitterApi(token, { httpAgent: this.agent, compression: false });
  }
}
