import type { ServerResponse } from 'node:http';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import type { Encoding } from './types';

/** What a stream writes to: the response, or an encoder in front of it. */
export interface Sink {
  /** False if the sink is full; the response then emits `drain`. */
  write(bytes: Buffer, sent?: () => void): boolean;
  end(bytes?: Buffer): void;
}

/** Compresses a response; each write can be decompressed at once. */
export class Encoder implements Sink {
  private readonly zlib;
  private lines = 0;
  private corrupt = false;

  constructor(
    private readonly response: ServerResponse,
    encoding: Encoding,
    private readonly corruptAfterLines = Number.POSITIVE_INFINITY,
  ) {
    const flush = constants.Z_SYNC_FLUSH;
    if (encoding === 'br') this.zlib = createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    else this.zlib = encoding === 'gzip' ? createGzip({ flush }) : createDeflate({ flush });
    this.zlib.on('data', (bytes: Buffer) => response.write(bytes));
    this.zlib.once('end', () => response.end());
    response.once('close', () => this.zlib.destroy());
  }

  write(bytes: Buffer, sent?: () => void): boolean {
    if (this.zlib.destroyed) return false;
    if (!this.corrupt) this.zlib.write(bytes, sent);
    for (const byte of bytes) if (byte === 0x0a) this.lines++;
    if (!this.corrupt && this.lines > this.corruptAfterLines) {
      this.corrupt = true;
      this.zlib.flush(() => this.response.write(Buffer.alloc(512, 0xff)));
    }
    return !this.response.writableNeedDrain;
  }

  end(bytes?: Buffer): void {
    if (this.zlib.destroyed) return;
    if (bytes && bytes.length > 0) this.zlib.write(bytes);
    this.zlib.end();
  }
}
