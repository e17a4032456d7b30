import type { EditorRED } from 'node-red';

declare global {
  const RED: EditorRED;

  interface JQuery {
    /** Completes a text field while a person types. `search` calls `done` with what fits. */
    autoComplete(options: {
      minLength: number;
      search(entered: string, done: (matches: Array<{ value: string; label: string }>) => void): void;
    }): JQuery;
  }
}

// What Node-RED's editor supports and @types/node-red does not declare.
declare module '@node-red/editor-client' {
  interface NodeCredential {
    validate?: (this: never, value: string) => boolean;
  }

  interface NodeDef<TProps extends NodeProperties, TCreds = undefined, TInstProps extends TProps = TProps> {
    /** The tooltip of the category in the palette: a text, or a catalogue key. */
    categoryDescription?: string;
  }

  interface WidgetTypedInputTypeDefinition {
    /** Calls `done` with the completions of the entered text. */
    autoComplete?: (
      entered: string,
      done: (matches: Array<{ value: string; label: string }>) => void,
    ) => void;
  }

  interface WidgetTypedInput {
    /** Why the value is invalid, as a sentence; Node-RED 4.0 only knows whether. */
    // biome-ignore lint/style/useShorthandFunctionType: it adds to the declared signatures
    (action: 'validate', options: { returnErrorMessage: true }): boolean | string;
  }

  interface WidgetEditableList extends JQuery {
    (action: 'insertItemAt', value: object, index: number): void;
  }
}
