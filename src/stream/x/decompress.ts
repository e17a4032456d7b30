import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';

/** Receives the bytes of a response; no event follows `onEnd`. */
export interface BodyListener {
  onBytes(chunk: Buffer): void;
  /** @param error why the response ended early; undefined where only `complete` says whether it is whole */
  onEnd(error?: Error): void;
}

/**
 * Reads a response, decompressed. Compression is not requested, but a gateway may compress all the same. Each message is
 * flushed, so that it arrives without the next one.
 */
export function readBody(response: IncomingMessage, listener: BodyListener): void {
  const decoder = decoderFor(String(response.headers['content-encoding'] ?? ''));
  let over = false;
  const end = (error?: Error): void => {
    if (over) return;
    over = true;
    listener.onEnd(error);
  };
  if (!decoder) {
    response.on('data', (chunk: Buffer) => listener.onBytes(chunk));
    response.on('error', end);
    response.on('close', () => end());
    return;
  }
  let error: Error | undefined;
  decoder.on('data', (chunk: Buffer) => {
    if (!over) listener.onBytes(chunk);
  });
  decoder.on('error', end);
  decoder.on('end', () => end(error));
  response.on('data', (chunk: Buffer) => decoder.write(chunk));
  response.on('error', (cause) => {
    error = cause;
  });
  // What was received before the end is still in the decoder.
  response.on('close', () => decoder.end());
}

function decoderFor(encoding: string): Transform | undefined {
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return createUnzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({
        flush: constants.BROTLI_OPERATION_FLUSH,
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
      });
    default:
      return undefined;
  }
}
