/** An object inside a message: the message's exact text, and the member names that lead to the object. */
export interface RawPath {
  /** JSON text, or its UTF-8 bytes; undefined if only the parsed message exists. */
  readonly raw: string | Uint8Array | undefined;
  /** The last member name; undefined for the message itself. */
  readonly name: string | undefined;
  /** The path of the enclosing object. A linked list: most messages never need the names. */
  readonly parent: RawPath | undefined;
}

// A TextDecoder and not Buffer: the classifier also runs in the editor. Like a string, it keeps a byte order mark.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The path of the message itself. */
export function rootPath(raw: string | Uint8Array | undefined): RawPath {
  return { raw, name: undefined, parent: undefined };
}

/** The path of a member. */
export function memberPath(parent: RawPath, name: string): RawPath {
  return { raw: parent.raw, name, parent };
}

/** The member names of a path, outermost first. */
export function memberNames(path: RawPath): string[] {
  const names: string[] = [];
  for (let at: RawPath | undefined = path; at?.name !== undefined; at = at.parent) names.unshift(at.name);
  return names;
}

/** The text of a string or of UTF-8 bytes. */
export function decodeText(raw: string | ArrayBufferView): string {
  return typeof raw === 'string' ? raw : utf8.decode(raw);
}
