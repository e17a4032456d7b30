import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';

/** A node type as its dialog registers it with the editor. */
export interface Definition {
  category: string;
  defaults: Record<
    string,
    { value: unknown; validate?(this: object, value: unknown, options: object): boolean | string }
  >;
  credentials?: Record<string, unknown>;
  label(this: object): string;
}

const dist = join(__dirname, '../../dist/nodes');

/** The built dialog of a node type. */
export const htmlOf = (type: string): string => readFileSync(join(dist, type, `${type}.html`), 'utf8');

/** Runs a dialog's script as the editor does, up to its registration. No dialog is open; each other node is named as its id. */
export function definitionOf(type: string): Definition {
  const script = /<script type="text\/javascript">([\s\S]*?)<\/script>/.exec(htmlOf(type))?.[1] ?? '';
  const registered: Record<string, Definition> = {};
  const RED = {
    nodes: {
      registerType: (name: string, definition: Definition) =>
        Object.assign(registered, { [name]: definition }),
      node: (id: string) => ({ name: id }),
    },
    validators: { typedInput: () => () => true },
    _: (key: string) => key,
  };
  runInContext(script, createContext({ RED, $: () => ({ length: 0 }), TextDecoder, URL }));
  return registered[type] as Definition;
}
