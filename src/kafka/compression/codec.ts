/** Compresses the records of a batch, and back. Both run outside the event loop's thread. */
export interface Codec {
  compress(records: Buffer): Promise<Buffer>;
  /** @throws Error where the bytes are cut short or are none of this format */
  decompress(compressed: Buffer): Promise<Buffer>;
}
