import { once } from 'node:events';
import http, { type Agent, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { TwitterApi, type TwitterApiTokens, type TwitterResponse } from 'twitter-api-v2';
import { Problem } from '../../util/problem';
import { within } from '../../util/within';
import { isOAuth1, type XApp } from './app';
import { failureOf, failureOfResponse, XFailure } from './failure';
import { agentFor } from './proxy/agent';
import { placeOf } from './proxy/proxy';
import { isCut } from './proxy/proxy-error';
import { isTunnelPending } from './proxy/tunnel-agent';
import { redacted, redactedBody } from './redact';
import type { Headers } from './response-headers';
import { fetchToken } from './token';
import { type OpenResponse, openResponse, type StreamRequest } from './twitter-api-internals';
import { userAgent } from './user-agent';

/** A request other than one for a stream. */
export interface XRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL and "/2/". */
  path: string;
  query?: Record<string, string | number | undefined>;
  /** Sent as JSON. */
  body?: object;
}

/** A complete answer with a status below 400. */
export interface XAnswer {
  status: number;
  headers: Headers;
  body: string;
}

const requestTimeoutMs = 20_000;

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
    this.agent = agentFor(app.baseUrl, app.proxy);
    this.prefix = `${app.baseUrl}/2/`;
    this.host = new URL(app.baseUrl).host;
  }

  /**
   * Opens a stream.
   * @returns the response, with any status below 400; rejects with an XFailure
   */
  async open(request: StreamRequest): Promise<OpenResponse> {
    const headers = { 'user-agent': userAgent };
    try {
      if (request.version === 2) {
        return await this.use((api) => openResponse(api, this.prefix, request, headers));
      }
      const prefix = `${this.app.baseUrl}/1.1/`;
      return await this.useSigned((api) => openResponse(api, prefix, request, headers));
    } catch (error) {
      throw this.failure(error);
    }
  }

  /**
   * Sends a signed GET request of v1.1; the App must be one of OAuth 1.0a.
   * @param path below the base URL and "/1.1/"
   * @returns rejects with an XFailure
   */
  async getSigned(path: string): Promise<XAnswer> {
    const prefix = `${this.app.baseUrl}/1.1/`;
    const headers = { 'user-agent': userAgent };
    const options = { prefix, forceParseMode: 'text', headers, fullResponse: true } as const;
    try {
      const answer = await this.useSigned<TwitterResponse<unknown>>((api) => api.v1.get(path, {}, options));
      return this.answerOf(answer);
    } catch (error) {
      throw this.failure(error);
    }
  }

  /**
   * Sends one v2 request. An answer that is not complete within 20 s closes the client.
   * @returns rejects with an XFailure, whose `body` is the answer's
   */
  async request(request: XRequest): Promise<XAnswer> {
    const sent = request.method === 'DELETE' ? this.delete(request) : this.send(request);
    try {
      return await within(sent, requestTimeoutMs, () => {
        const failure = this.timeoutFailure(requestTimeoutMs / 1000);
        this.close();
        throw failure;
      });
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** The failure of a request that was not answered in time: by the proxy, or by X. Call it before `close`. */
  timeoutFailure(seconds: number): XFailure {
    const { host } = this;
    const { proxy } = this.app;
    if (!proxy || !isTunnelPending(this.agent)) {
      return new XFailure('connect-timeout', { host, seconds }, { reason: 'connect timeout' });
    }
    const params = { host, seconds, proxy: placeOf(proxy) };
    return new XFailure('proxy-timeout', params, { reason: 'proxy timeout' });
  }

  /**
   * Calls `act` with the API object that adds the App's token to requests. X may have revoked a token that it
   * issued for key and secret: after a 401, `act` is called a second time, with a new token.
   * @returns what `act` resolves to; rejects with what `act` threw, or with an XFailure
   */
  use<Result>(act: (api: TwitterApi) => Promise<Result>): Promise<Result> {
    return this.withToken(async (token) => act(this.api(token)));
  }

  private async withToken<Result>(act: (token: string) => Promise<Result>): Promise<Result> {
    const { app } = this;
    if ('bearerToken' in app) return act(app.bearerToken);
    for (let mayRefetch = app.fetchedToken !== undefined; ; mayRefetch = false) {
      app.fetchedToken ??= await fetchToken(app, this.agent);
      const token = app.fetchedToken;
      try {
        return await act(token);
      } catch (error) {
        const failure = this.failure(error);
        if (failure.kind !== 'token-refused') throw failure;
        // Another client may have fetched a new one already.
        if (app.fetchedToken === token) app.fetchedToken = undefined;
        if (!mayRefetch) throw new XFailure('new-token-refused', failure.params, failure);
      }
    }
  }

  /** Calls `act` with an API object that signs each request with a new nonce. */
  private async useSigned<Result>(act: (api: TwitterApi) => Promise<Result>): Promise<Result> {
    if (!isOAuth1(this.app)) throw new Problem('v1-needs-oauth1');
    const { apiKey: appKey, apiSecret: appSecret, accessToken, accessTokenSecret: accessSecret } = this.app;
    try {
      return await act(this.api({ appKey, appSecret, accessToken, accessSecret }));
    } catch (error) {
      const failure = this.failure(error);
      throw failure.kind === 'token-refused'
        ? new XFailure('signature-refused', failure.params, failure)
        : failure;
    }
  }

  /** The failure behind what was thrown, without secrets. */
  private failure(error: unknown): XFailure {
    const { app, host } = this;
    const failure = failureOf(error, host, (body) => redactedBody(body, app));
    if (!app.proxy || failure.kind !== 'unreachable' || !isCut(failure.reason)) return failure;
    const params = { ...failure.params, proxy: placeOf(app.proxy) };
    return new XFailure('proxy-cut', params, failure, { cause: failure.cause });
  }

  /** Cancels open requests and opens no new ones. */
  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  private async send({ method, path, query = {}, body }: XRequest): Promise<XAnswer> {
    const headers = { 'user-agent': userAgent };
    const common = { prefix: this.prefix, forceParseMode: 'text', headers, fullResponse: true } as const;
    const answer = await this.use<TwitterResponse<unknown>>((api) =>
      method === 'GET'
        ? api.v2.get(path, query, common)
        : // Below a base URL with a path, the library would choose a form-encoded body.
          api.v2.post(path, body, { ...common, query: defined(query), forceBodyMode: 'json' }),
    );
    return this.answerOf(answer);
  }

  private answerOf({ headers, data }: TwitterResponse<unknown>): XAnswer {
    // The library resolves with a redirect as with an answer; X sends no redirects.
    const status = headers.location === undefined ? 200 : 302;
    return { status, headers, body: redacted(String(data), this.app) };
  }

  /** The library sends no body with DELETE. */
  private delete({ path, body }: XRequest): Promise<XAnswer> {
    const { agent, host, prefix } = this;
    return this.withToken(async (token) => {
      this.checkOpen();
      const text = JSON.stringify(body);
      const headers = {
        'user-agent': userAgent,
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        // Without it Node.js sends the body of a DELETE without any end.
        'content-length': Buffer.byteLength(text),
      };
      const { request } = prefix.startsWith('https:') ? https : http;
      const sent = request(prefix + path, { method: 'DELETE', headers, agent });
      sent.end(text);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      // After the response has begun, the response reports the errors; the request emits them too.
      sent.on('error', () => {});
      const answer = redactedBody(await textOf(response), this.app);
      const { statusCode: status = 0, headers: received } = response;
      if (status >= 400) throw failureOfResponse(status, answer, received, host);
      return { status, headers: received, body: String(answer) };
    });
  }

  private api(credentials: string | TwitterApiTokens): TwitterApi {
    this.checkOpen();
    return new TwitterApi(credentials as string, { httpAgent: this.agent, compression: false });
  }

  private checkOpen(): void {
    // A destroyed agent still opens sockets.
    if (this.closed) throw new Error('The client is closed.');
  }
}

const defined = (query: object): Record<string, string> =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
