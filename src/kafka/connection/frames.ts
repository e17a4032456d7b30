import { KafkaProblem } from '../kafka-problem';

// Brokers reject requests over 100 MiB (socket.request.max.bytes), and no answer is larger. The first bytes of a
// text, such as an HTTP response, are a "length" of over 10^9.
const longestFrame = 100 * 1024 * 1024;

/**
 * Joins a socket's bytes to complete Kafka frames (a length of four bytes, then the content). kafkajs keeps an
 * incomplete frame after a reset and prepends it to the bytes of the next connection, which ends the process;
 * here an incomplete frame is dropped with its socket.
 */
export class Frames {
  private parts: Buffer[] = [];
  private have = 0;
  private need = 4;

  /**
   * @returns the bytes of all frames that are complete now; undefined where none is
   * @throws KafkaProblem NOT_KAFKA where a length cannot be Kafka's
   */
  push(chunk: Buffer): Buffer | undefined {
    this.parts.push(chunk);
    this.have += chunk.length;
    if (this.have < this.need) return undefined;
    const bytes = this.parts.length === 1 ? chunk : Buffer.concat(this.parts);
    const whole = this.measure(bytes);
    this.parts = whole < bytes.length ? [bytes.subarray(whole)] : [];
    this.have = bytes.length - whole;
    return whole > 0 ? bytes.subarray(0, whole) : undefined;
  }

  private measure(bytes: Buffer): number {
    let at = 0;
    this.need = 4;
    while (bytes.length - at >= 4) {
      const length = bytes.readInt32BE(at);
      if (length < 4 || length > longestFrame) {
        throw new KafkaProblem('NOT_KAFKA');
      }
      if (bytes.length - at < 4 + length) {
        this.need = 4 + length;
        break;
      }
      at += 4 + length;
    }
    return at;
  }
}
