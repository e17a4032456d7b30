import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FilteredStream } from './filtered-stream';
import { HttpError, readBody, sendJson } from './http';
import {
  invalidRequest,
  methodNotAllowed,
  notFound,
  unauthorized,
  unsupportedAuthentication,
  wrongCredentials,
} from './problems';
import { selectionOf } from './query';
import { RateLimit } from './rate-limit';
import type { RuleSet } from './rule-set';
import { changeRules, listRules } from './rules-endpoint';

export interface RouterParts {
  ruleSet: RuleSet;
  stream: FilteredStream;
  bearerToken: string;
  apiKey: string;
  apiSecret: string;
  limits: { connect: number; readRules: number; writeRules: number };
}

type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => void | Promise<void>;

/** Routes requests to endpoints and turns errors into X's responses. */
export function router(parts: RouterParts): RequestListener {
  const { ruleSet, stream } = parts;
  const connects = new RateLimit(parts.limits.connect);
  const reads = new RateLimit(parts.limits.readRules);
  const writes = new RateLimit(parts.limits.writeRules);

  const authorize = (request: IncomingMessage) => {
    const header = request.headers.authorization ?? '';
    if (/^OAuth /i.test(header)) throw new HttpError(403, unsupportedAuthentication());
    if (header !== `Bearer ${parts.bearerToken}`) throw new HttpError(401, unauthorized());
  };

  const connect: Handler = (request, response, query) => {
    try {
      if (stream.sendFailure(response, connects.headers(0))) {
        stream.refused++;
        return;
      }
      authorize(request);
      const headers = connects.take();
      stream.open(response, selectionOf(query), headers);
    } catch (error) {
      stream.refused++;
      throw error;
    }
  };

  const endpoints: Record<string, Record<string, Handler>> = {
    '/2/tweets/search/stream': { GET: connect },
    '/2/tweets/search/stream/rules': {
      GET: (request, response, query) => {
        authorize(request);
        const headers = reads.take();
        sendJson(response, 200, listRules(ruleSet, query), headers);
      },
      POST: async (request, response, query) => {
        authorize(request);
        const headers = writes.take();
        const { status, body } = changeRules(ruleSet, query, await readBody(request));
        sendJson(response, status, body, headers);
      },
    },
    '/oauth2/token': {
      POST: async (request, response) => {
        const basic = Buffer.from(`${parts.apiKey}:${parts.apiSecret}`).toString('base64');
        if (request.headers.authorization !== `Basic ${basic}`) throw new HttpError(403, wrongCredentials());
        const form = new URLSearchParams(await readBody(request));
        if (form.get('grant_type') !== 'client_credentials')
          throw new HttpError(
            400,
            invalidRequest([{ parameters: {}, message: 'grant_type must be client_credentials' }]),
          );
        sendJson(response, 200, { token_type: 'bearer', access_token: parts.bearerToken });
      },
    },
  };

  return async (request, response) => {
    try {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const methods = endpoints[pathname];
      if (!methods) throw new HttpError(404, notFound());
      const handler = methods[request.method ?? ''];
      if (!handler) throw new HttpError(405, methodNotAllowed());
      await handler(request, response, searchParams);
    } catch (error) {
      if (error instanceof HttpError) sendJson(response, error.status, error.body, error.headers);
      else if (response.headersSent) response.destroy();
      else
        sendJson(response, 500, {
          title: 'Internal Server Error',
          status: 500,
          detail: String(error),
          type: 'about:blank',
        });
    }
  };
}
