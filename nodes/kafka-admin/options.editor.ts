import type { EditorWidgetTypedInputTypeDefinition } from 'node-red';
import { type Operation, operationSchemas } from '../../src/kafka/admin/operations';
import { readOptions } from '../../src/kafka/admin/option-values';
import { Problem } from '../../src/util/problem';
import { completeConfigs } from '../cluster-names.editor';
import type { DialogForm } from '../dialog-form.editor';
import { sentenceOf } from '../sentences.editor';
import { typedInput } from '../typed-input.editor';
import { showPresets } from './config-presets.editor';
import { fitsFields, type OptionFields, showOptionFields } from './option-fields.editor';
import { configNames, type Text } from './option-rows.editor';
import type { properties } from './properties';

const box = '.kafka-admin-options';
const otherTypes = ['msg', 'flow', 'global', 'jsonata'] as const;

/** The options that are saved as JSON; undefined where that is not an object. */
export function parsedOptions(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The options in the open dialog: a field for each one of the operation, unless what is saved does not fit them. */
export class OptionsInDialog {
  /** The operation whose fields are shown. */
  private shown?: Operation;
  private fields?: OptionFields;
  /** What was entered for an operation comes back when a person chooses it again; "": a message chooses. */
  private readonly before = new Map<string, string>();
  private chosen: string;
  /** A typed input reports a change when its types are set. */
  private showing = false;
  /** Whose configs are completed. */
  private completed = '';

  /** @param operation the one that the dialog fixes; undefined: a message chooses it */
  constructor(
    private readonly form: DialogForm<typeof properties>,
    private readonly operation: () => Operation | undefined,
    private readonly text: Text,
  ) {
    typedInput('options', ['json', ...otherTypes], 'json');
    this.chosen = operation() ?? '';
    $(box).on('focusin', `[list="${configNames}"]`, () => this.completeConfigs());
    form.input('options').on('change', (_event: unknown, type?: string) => {
      if (type !== undefined && (type === 'json') !== (this.shown !== undefined)) this.show();
    });
  }

  /** What is entered in the fields; undefined where there are none. */
  entered(): Record<string, unknown> | undefined {
    return this.fields?.read();
  }

  /** Shows the fields of the chosen operation. */
  show(): void {
    if (this.showing) return;
    this.showing = true;
    const operation = this.operation();
    const isJson = this.form.entered('optionsType') === 'json';
    if (isJson) this.switchTo(operation ?? '');
    const saved = parsedOptions(this.form.entered('options'));
    const schema = operation && operationSchemas[operation];
    const fits = schema !== undefined && saved !== undefined && fitsFields(schema, saved);
    const fieldsType: EditorWidgetTypedInputTypeDefinition = {
      value: 'json',
      label: this.text('kafka-admin.label.fields'),
      icon: 'fa fa-list-ul',
      hasValue: false,
    };
    this.form
      .input('options')
      .typedInput('types', [...(fits ? [fieldsType] : ['json' as const]), ...otherTypes]);
    $(box).toggle(fits && isJson);
    $('.kafka-admin-options-row').toggle(!fits || Object.keys(schema.options).length > 0);
    if (!fits || !isJson) {
      this.shown = undefined;
      this.fields = undefined;
      $(box).empty();
    } else if (this.shown !== operation) {
      this.showFields(operation as Operation, saved);
      this.save();
    }
    this.showing = false;
  }

  private switchTo(operation: string): void {
    if (operation === this.chosen) return;
    const entered = this.form.entered('options');
    this.before.set(this.chosen, entered);
    // A message that chooses the operation needs what was entered for this one.
    const first = this.chosen === '' || operation === '' ? entered : '{}';
    this.chosen = operation;
    this.form.input('options').typedInput('value', this.before.get(operation) ?? first);
  }

  private showFields(operation: Operation, values: Record<string, unknown>): void {
    const onChange = (): void => {
      this.save();
      // Presets and completion depend on it.
      const entered = this.entered();
      if (operation === 'configs.change' && entered?.resource !== values.resource)
        this.showFields(operation, entered ?? {});
    };
    this.shown = operation;
    this.fields = showOptionFields($(box), operationSchemas[operation], values, this.text, onChange);
    $(box).append($('<datalist>').attr('id', configNames));
    this.completed = '';
    this.showProblem();
    if (operation !== 'configs.change') return;
    showPresets($(box), values.resource === 'broker' ? 'broker' : 'topic', this.text, (set) => {
      const entered = this.entered();
      this.showFields(operation, { ...entered, set: { ...Object(entered?.set), ...set } });
      this.save();
    });
  }

  private save(): void {
    this.form.input('options').typedInput('value', JSON.stringify(this.entered() ?? {}));
    this.showProblem();
  }

  private showProblem(): void {
    if (!this.shown || !this.fields) return;
    const { read, showProblem } = this.fields;
    try {
      readOptions(this.shown, read());
      showProblem('', '');
    } catch (error) {
      const { option = '' } = error instanceof Problem ? error.params : {};
      // Of an entry in an object it is "set.retention.ms".
      showProblem(String(option).split('.')[0] ?? '', sentenceOf(error));
    }
  }

  /** The target may have changed since the last time. */
  private completeConfigs(): void {
    const isFixed = this.form.entered('targetType') === 'str';
    const [first = ''] = isFixed ? this.form.entered('target').split(',') : [];
    const resource = this.entered()?.resource === 'broker' ? 'broker' : 'topic';
    const wanted = `${resource} ${first.trim()}`;
    if (wanted === this.completed) return;
    this.completed = wanted;
    completeConfigs($(`#${configNames}`), resource, first.trim(), this.text('kafka-admin.label.default'));
  }
}
