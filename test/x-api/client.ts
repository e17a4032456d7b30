import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import type { XApi } from '../../dev/x-api/server';

export { until } from '../until';

export const STREAM = '/2/tweets/search/stream';
export const RULES = '/2/tweets/search/stream/rules';

/** Untyped JSON. */
type Parsed = ReturnType<typeof JSON.parse>;

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Parsed;
}

interface Call {
  method?: string;
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

function send(
  api: XApi,
  path: string,
  { method, token = 'simulated-token', body, headers }: Call,
  agent: Agent,
) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    // Node.js announces the length of a body of a DELETE only on request.
    const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const call = request(
      `${api.url}${path}`,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: { ...authorization, ...length, ...headers },
        agent,
      },
      resolve,
    );
    call.on('error', reject);
    call.end(text);
  });
}

/** Sends one request and returns the complete response. */
export async function callApi(api: XApi, path: string, call: Call = {}): Promise<Answer> {
  const agent = new Agent();
  const response = await send(api, path, call, agent);
  const text = Buffer.concat(await response.toArray()).toString('utf8');
  agent.destroy();
  return { status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) };
}

/** The JSON value, or the string if it is not JSON. */
function parsed(text: string): Parsed {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A stream client that records every byte. */
export class StreamClient {
  readonly chunks: Buffer[] = [];
  /** What is between the delimiters, including keep-alives (empty). */
  readonly pieces: Buffer[] = [];
  size = 0;
  ended = false;
  broken = false;

  private rest = Buffer.alloc(0);

  private constructor(
    readonly response: IncomingMessage,
    private readonly agent: Agent,
  ) {
    response.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.size += chunk.length;
      this.split(chunk);
    });
    response.on('end', () => {
      this.ended = true;
    });
    response.on('error', () => {
      this.broken = true;
    });
  }

  static async open(api: XApi, query = ''): Promise<StreamClient> {
    return StreamClient.call(api, STREAM + query);
  }

  /** Opens a stream of any endpoint. */
  static async call(api: XApi, path: string, call: Call = {}): Promise<StreamClient> {
    const agent = new Agent();
    return new StreamClient(await send(api, path, call, agent), agent);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get lines(): Buffer[] {
    return this.pieces.filter((piece) => piece.length > 0);
  }

  get messages(): Parsed[] {
    return this.lines.map((line) => JSON.parse(line.toString('utf8')));
  }

  private split(chunk: Buffer): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (let at = this.rest.indexOf('\r\n'); at !== -1; at = this.rest.indexOf('\r\n')) {
      this.pieces.push(this.rest.subarray(0, at));
      this.rest = this.rest.subarray(at + 2);
    }
  }

  close(): void {
    this.response.destroy();
    this.agent.destroy();
  }
}
