/** How a proxy failed to open a connection. */
export interface ProxyFailure {
  kind: 'proxy-unreachable' | 'proxy-auth' | 'proxy-refused';
  /** The proxy's host and port. */
  proxy: string;
  /** The HTTP status of the proxy's answer. */
  status?: number;
  /** What the proxy or the network reported, in English. */
  detail: string;
}

/** An error of a proxy, as opposed to one of the server behind it. */
class ProxyError extends Error {
  readonly code?: string;

  constructor(
    readonly failure: ProxyFailure,
    cause: Error,
  ) {
    super(`Proxy ${failure.proxy}: ${failure.detail}`, { cause });
    this.name = 'ProxyError';
    this.code = (cause as NodeJS.ErrnoException).code;
  }
}

/**
 * The error behind what hpagent reports while it opens a connection.
 * @param proxy the proxy's host and port
 */
export function proxyError(error: Error, proxy: string): Error {
  // The status is only in the text.
  const [, digits] = /^Bad response: (\d+)$/.exec(error.message) ?? [];
  const detail = error.message;
  if (digits === undefined) return new ProxyError({ kind: 'proxy-unreachable', proxy, detail }, error);
  const status = Number(digits);
  const kind = status === 407 ? 'proxy-auth' : 'proxy-refused';
  return new ProxyError({ kind, proxy, status, detail }, error);
}

/** How a proxy failed; undefined for an error that is not a proxy's. */
export const proxyErrorOf = (error: unknown): ProxyFailure | undefined =>
  error instanceof ProxyError ? error.failure : undefined;

/** Codes of a connection that ended early. */
const cutCodes = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Whether a network error says that an open connection ended: behind a proxy, its tunnel was cut. */
export const isCut = (code: string): boolean => cutCodes.has(code);
