import http from 'node:http';
import https from 'node:https';
import { TwitterApi } from 'twitter-api-v2';
import type { XApp } from './app';
import { failureOf, XFailure } from './failure';
import { fetchToken } from './token';

export const userAgent = '@tweet-pipeline/node-red-twitter-kafka';

/**
 * One conversation with X in the name of an App. Each has an agent of its own: only the agent's end ends a
 * request that is still being opened, and leaves no connection behind that X would count.
 */
export class XClient {
  /** Put before each v2 path. */
  readonly prefix: string;
  readonly host: string;
  private readonly agent: http.Agent;
  private closed = false;

  constructor(private readonly app: XApp) {
    this.agent = app.baseUrl.startsWith('https:') ? new https.Agent() : new http.Agent();
    this.prefix = `${app.baseUrl}/2/`;
    this.host = new URL(app.baseUrl).host;
  }

  /**
   * Calls `act` with what puts the App's token into requests. A token that X gave for key and secret may
   * have been withdrawn since: where X answers 401 to it, `act` is called once more with a new one.
   * @returns what `act` resolves to; rejects with what it threw, or with an XFailure
   */
  async use<Result>(act: (api: TwitterApi) => Promise<Result>): Promise<Result> {
    const { app } = this;
    if ('bearerToken' in app) return act(this.api(app.bearerToken));
    const known = app.fetchedToken !== undefined;
    for (let again = known; ; again = false) {
      app.fetchedToken ??= await fetchToken(app, this.agent);
      const token = app.fetchedToken;
      try {
        return await act(this.api(token));
      } catch (error) {
        const failure = failureOf(error, this.host);
        if (failure.kind !== 'token-refused') throw error;
        // Another conversation may have put in a new one already.
        if (app.fetchedToken === token) app.fetchedToken = undefined;
        if (!again) throw new XFailure('new-token-refused', failure.params, failure);
      }
    }
  }

  /** Ends what is under way; nothing new is opened. */
  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  private api(token: string): TwitterApi {
    // An agent that was destroyed would open sockets all the same.
    if (this.closed) throw new Error('closed');
    return new TwitterApi(token, { httpAgent: this.agent, compression: false });
  }
}
