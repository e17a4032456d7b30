import type { EditorWidgetTypedInputType, EditorWidgetTypedInputTypeDefinition } from 'node-red';

/** Makes a typedInput of the field `node-input-<name>`; its type is in `node-input-<name>Type`. */
export function typedInput(
  name: string,
  types: Array<EditorWidgetTypedInputType | EditorWidgetTypedInputTypeDefinition>,
  defaultType = 'msg',
): void {
  $(`#node-input-${name}`).typedInput({
    default: defaultType,
    types,
    typeField: `#node-input-${name}Type`,
  });
  labelTypedInput(name);
}

/** Binds a field's label to the input that its typedInput shows; it is bound to the hidden one. */
export function labelTypedInput(name: string): void {
  const id = `node-label-${name}`;
  $(`label[for="node-input-${name}"]`).attr('id', id);
  $(`#node-input-${name}`).next('.red-ui-typedInput-container').find('input').attr('aria-labelledby', id);
}
