/** How the next stream request fails before or instead of a stream. */
export type AnswerFault =
  /** A TCP reset before any answer. */
  | { kind: 'reset' }
  /** No answer; the connection stays open. */
  | { kind: 'hang' }
  /** Response headers that never end, one byte per `everyMs`. */
  | { kind: 'trickle-headers'; everyMs: number }
  /** A body of one byte per `everyMs`: `body`, then the end; without `body` spaces, without end. */
  | { kind: 'trickle-body'; everyMs: number; status?: number; body?: string }
  /** Any response; a string that begins with `<` is sent as text/html. `bare` omits the rate limit headers. */
  | {
      kind: 'answer';
      status: number;
      body: object | string;
      headers?: Record<string, string>;
      bare?: boolean;
    }
  /** 200 with a web page. */
  | { kind: 'html-200' }
  /** 200 of type JSON whose first line is not JSON; the response ends unless `close` is false. */
  | { kind: 'not-json-200'; line?: string; close?: boolean };

/** How a stream ends. */
export type StreamEnd = 'close' | 'reset' | 'mid-line' | 'silence' | 'truncated-chunk';

export type Encoding = 'gzip' | 'deflate' | 'br';

/** What happens to the next stream that opens. */
export type OpenFault =
  /** Sends `lines` instead of the feed's, if given, and ends so after `afterMs`. */
  | { kind: 'then'; afterMs: number; lines?: string[]; keepAlives?: boolean; end: StreamEnd }
  /** After `afterMs` sends this line, then closes, or sends only keep-alives. */
  | { kind: 'stream-error'; body: object; close: boolean; afterMs: number }
  /** Compresses the response, and sends garbage after so many lines. */
  | { kind: 'encoding'; encoding: Encoding; corruptAfterLines?: number };

export type Fault = AnswerFault | OpenFault;

/** A fault of an endpoint that is not a stream. */
export type RequestFault = Extract<AnswerFault, { kind: 'reset' | 'hang' | 'trickle-body' | 'answer' }>;

export const opensStream = (fault: Fault): fault is OpenFault =>
  fault.kind === 'then' || fault.kind === 'stream-error' || fault.kind === 'encoding';
