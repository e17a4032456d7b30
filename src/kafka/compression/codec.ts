/** Compresses and decompresses the records of a batch, in another thread than the event loop's. */
export interface Codec {
  compress(records: Buffer): Promise<Buffer>;
  /** @throws Error where the bytes are truncated or in another format */
  decompress(compressed: Buffer): Promise<Buffer>;
}
