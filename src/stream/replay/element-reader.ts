import { StreamLine } from '../stream-line';
import { JsonElements } from './json-elements';
import {
  cutOff,
  notJson,
  placeOf,
  type RecordedMessage,
  type RecordingReader,
  type Rest,
  tooLong,
  type UnreadableRecording,
} from './recorded-message';

/** Reads recordings whose messages are JSON values over any lines. The first text that is not JSON stops it. */
export class ElementReader implements RecordingReader {
  failure?: UnreadableRecording;
  private readonly elements: JsonElements;

  constructor(
    private readonly file: string,
    private readonly maxBytes: number,
  ) {
    this.elements = new JsonElements(maxBytes);
  }

  push(chunk: Buffer): RecordedMessage[] {
    const messages: RecordedMessage[] = [];
    for (const element of this.elements.push(chunk)) {
      if (element.cut) {
        messages.push(tooLong(element, this.file, this.maxBytes));
        continue;
      }
      const line = new StreamLine(element.bytes, placeOf(this.file, element));
      if (line.problem) {
        this.failure = notJson(this.file, element);
        return messages;
      }
      messages.push({ line });
    }
    if (this.elements.broken) this.failure = notJson(this.file, this.elements.broken);
    return messages;
  }

  end(): RecordedMessage[] {
    const rest = this.elements.end();
    if (rest) this.failure = cutOff(this.file, rest);
    return [];
  }

  cut(): { messages: RecordedMessage[]; rest: Rest } {
    const rest = this.elements.end() ?? { bytes: Buffer.alloc(0), number: this.elements.number };
    return { messages: [], rest };
  }
}
