import { KafkaProblem } from '../kafka-problem';

// The largest answer taken for Kafka's: brokers refuse requests over 100 MiB (socket.request.max.bytes).
// What answers with text, such as an HTTP server, shows a "length" of over a thousand million.
const longestFrame = 100 * 1024 * 1024;

/**
 * Gathers a socket's bytes into whole Kafka frames (four bytes of length, then so many bytes). kafkajs
 * keeps half a frame when a connection is reset and mixes it with the next connection's bytes, which
 * ends the process; what never came whole must die with its socket.
 */
export class Frames {
  private parts: Buffer[] = [];
  private have = 0;
  private need = 4;

  /**
   * @returns the bytes of all frames that are whole now, or undefined while none is
   * @throws Problem "not-kafka" when the length cannot be one of Kafka's
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
