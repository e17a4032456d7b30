import type { TestContext } from 'node:test';
import { type ConnectProxy, type ProxyMode, startConnectProxy } from '../../../../dev/connect-proxy';
import type { HttpProxy, XApp } from '../../../../src/stream/x/app';
import { XClient } from '../../../../src/stream/x/client';
import { Connection } from '../../../../src/stream/x/connection';
import { XFailure } from '../../../../src/stream/x/failure';
import { startXServer, type XServer } from '../../x-server';

/** An X API behind a proxy, for one test. */
export interface ProxySetup {
  x: XServer;
  proxy: ConnectProxy;
  app: XApp;
  /** Lists the rules. @returns the failure, or undefined */
  failure(): Promise<XFailure | undefined>;
  /** Opens the stream; closed with the test. */
  stream(): OpenStream;
}

export interface OpenStream {
  connection: Connection;
  text: string;
  opened: boolean;
  end?: XFailure;
}

export async function setUpProxy(
  t: TestContext,
  mode: ProxyMode = { kind: 'work' },
  settings: Partial<HttpProxy> = {},
): Promise<ProxySetup> {
  const x = await startXServer();
  const proxy = await startConnectProxy(mode);
  const app: XApp = { baseUrl: x.url, bearerToken: 'secret-token', proxy: { url: proxy.url, ...settings } };
  const streams: OpenStream[] = [];
  t.after(async () => {
    for (const { connection } of streams) connection.close();
    await Promise.all([proxy.close(), x.close()]);
  });
  return {
    x,
    proxy,
    app,
    failure: () => failureOfRequest(app),
    stream() {
      const stream = { text: '', opened: false } as OpenStream;
      stream.connection = new Connection(
        {
          app,
          request: { version: 2, method: 'GET', path: 'tweets/search/stream', parameters: {} },
          connectTimeoutMs: 60_000,
          stallTimeoutMs: 60_000,
        },
        {
          onOpen: () => {
            stream.opened = true;
          },
          onBytes: (chunk) => {
            stream.text += chunk.toString();
          },
          onEnd: (failure) => {
            stream.end = failure;
          },
        },
      );
      streams.push(stream);
      return stream;
    },
  };
}

/** Requests the rules of an App. @returns the failure, or undefined */
export async function failureOfRequest(app: XApp): Promise<XFailure | undefined> {
  const client = new XClient(app);
  try {
    await client.request({ method: 'GET', path: 'tweets/search/stream/rules' });
    return undefined;
  } catch (error) {
    if (error instanceof XFailure) return error;
    throw error;
  } finally {
    client.close();
  }
}
