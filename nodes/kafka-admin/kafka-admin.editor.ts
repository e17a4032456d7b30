import type { EditorWidgetTypedInputTypeDefinition } from 'node-red';
import {
  OPERATIONS,
  type Operation,
  type OperationSchema,
  operationSchemas,
} from '../../src/kafka/admin/operations';
import { readOptions } from '../../src/kafka/admin/option-values';
import { clusterNameType, completeConfigs, type NameKind } from '../cluster-names.editor';
import { type Check, DialogForm, type DialogNode, type DialogProperties } from '../dialog-form.editor';
import { accepted, sentence } from '../sentences.editor';
import { typedInput } from '../typed-input.editor';
import { showPresets } from './config-presets.editor';
import { fitsFields, showOptionFields } from './option-fields.editor';
import { configNames } from './option-rows.editor';
import { properties } from './properties';
import { enableRun } from './run.editor';

const form = new DialogForm(properties, 'node-input');

type AdminNode = DialogNode<typeof properties>;

/** The operation that the dialog fixes; undefined: a message chooses it. */
function fixedOperation(node: AdminNode): Operation | undefined {
  if (form.current(node, 'operationType') !== 'str') return undefined;
  return OPERATIONS.find((operation) => operation === form.current(node, 'operation'));
}

/** The options that are saved as JSON; undefined where that is not an object. */
function parsedOptions(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const validOptions: Check<string, AdminNode> = (text, node) => {
  if (form.current(node, 'optionsType') !== 'json') return true;
  const options = parsedOptions(String(text ?? ''));
  const operation = fixedOperation(node);
  if (!options) return sentence('options-invalid', { type: 'JSON' });
  return operation === undefined || accepted(() => readOptions(operation, options));
};

RED.nodes.registerType<DialogProperties<typeof properties>>('kafka-admin', {
  category: 'X to Kafka',
  color: '#87A980',
  icon: 'kafka-admin.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: form.property('name'),
    cluster: form.property('cluster', { type: 'kafka-cluster', required: true }),
    operation: form.property('operation', {
      validate: (operation) => String(operation ?? '').trim() !== '' || sentence('operation-none'),
    }),
    operationType: form.property('operationType'),
    target: form.property('target'),
    targetType: form.property('targetType'),
    options: form.property('options', { validate: validOptions }),
    optionsType: form.property('optionsType'),
    confirm: form.property('confirm'),
    timeout: form.property('timeout'),
  },
  inputLabels() {
    return this._('kafka-admin.port.request');
  },
  outputLabels() {
    return this._('kafka-admin.port.answer');
  },
  paletteLabel: 'kafka admin',
  label() {
    if (this.name) return this.name;
    const operation =
      this.operationType === 'str' ? this.operation : `${this.operationType}.${this.operation}`;
    return this.targetType === 'str' && this.target
      ? `${operation} ${this.target}`
      : operation || 'kafka-admin';
  },
  labelStyle() {
    return this.name ? 'node_label_italic' : '';
  },
  oneditprepare() {
    form.fillMissing(this);
    const text = (key: string): string => this._(key);
    const knownOperations = {
      value: 'str',
      label: text('kafka-admin.label.known'),
      options: OPERATIONS.map((operation) => ({
        value: operation,
        label: text(`kafka-admin.operations.${operation.replace('.', '-')}`),
      })),
    };
    const schema = (): OperationSchema | undefined => {
      const operation = fixedOperation(this);
      return operation && operationSchemas[operation];
    };
    typedInput('operation', [knownOperations, 'msg'], 'str');
    const names = clusterNameType(() => kindOfNames(schema()?.target, enteredOptions().resource));
    typedInput('target', [names, 'msg', 'json', 'flow', 'global', 'env', 'jsonata'], 'str');
    const fields: EditorWidgetTypedInputTypeDefinition = {
      value: 'json',
      label: text('kafka-admin.label.fields'),
      icon: 'fa fa-list-ul',
      hasValue: false,
    };
    const others = ['msg', 'flow', 'global', 'jsonata'] as const;
    typedInput('options', ['json', ...others], 'json');

    const box = $('.kafka-admin-options');
    let shown: string | undefined;
    let completed = '';
    /** The target may have changed since the last time. */
    const completeConfigNames = (): void => {
      const [first = ''] = form.entered('targetType') === 'str' ? form.entered('target').split(',') : [];
      const resource = enteredOptions().resource === 'broker' ? 'broker' : 'topic';
      const wanted = `${resource} ${first.trim()}`;
      if (wanted === completed) return;
      completed = wanted;
      const word = text('kafka-admin.label.default');
      completeConfigs($(`#${configNames}`), resource, first.trim(), word);
    };
    box.on('focusin', `[list="${configNames}"]`, completeConfigNames);
    let enteredOptions = (): Record<string, unknown> => ({});
    const save = (): void => {
      form.input('options').typedInput('value', JSON.stringify(enteredOptions()));
      showNote();
    };
    const showNote = (): void => {
      const operation = fixedOperation(this);
      const result =
        operation && shown !== undefined && accepted(() => readOptions(operation, enteredOptions()));
      $('.kafka-admin-options-note').text(typeof result === 'string' ? result : '');
    };
    const showOptions = (operation: Operation, values: Record<string, unknown>): void => {
      const onChange = (): void => {
        const { resource } = values;
        save();
        // Presets and completion depend on it.
        const options = enteredOptions();
        if (operation === 'configs.change' && options.resource !== resource) showOptions(operation, options);
      };
      enteredOptions = showOptionFields(box, operationSchemas[operation], values, text, onChange);
      box.append($('<datalist>').attr('id', configNames));
      completed = '';
      if (operation !== 'configs.change') return;
      showPresets(box, values.resource === 'broker' ? 'broker' : 'topic', text, (set) => {
        const { set: before } = enteredOptions();
        showOptions(operation, { ...enteredOptions(), set: { ...Object(before), ...set } });
        save();
      });
    };
    // Each operation has options of its own: what is entered comes back when a person chooses the operation again.
    const entered = new Map<string, string>();
    const nameOf = (operation: Operation | undefined): string => operation ?? '';
    let chosen = nameOf(fixedOperation(this));
    const switchOptions = (operation: string): void => {
      if (operation === chosen) return;
      const before = form.entered('options');
      entered.set(chosen, before);
      // A message that chooses the operation needs what was entered for this one.
      const first = chosen === '' || operation === '' ? before : '{}';
      chosen = operation;
      form.input('options').typedInput('value', entered.get(operation) ?? first);
    };
    // A typed input reports a change when its types are set.
    let showing = false;
    /** Fields for the options of the operation, unless what is saved does not fit them. */
    const showFields = (): void => {
      if (showing) return;
      showing = true;
      const operation = fixedOperation(this);
      const isJson = form.entered('optionsType') === 'json';
      if (isJson) switchOptions(nameOf(operation));
      const saved = parsedOptions(form.entered('options'));
      const fits =
        operation !== undefined && saved !== undefined && fitsFields(operationSchemas[operation], saved);
      form.input('options').typedInput('types', [...(fits ? [fields] : ['json' as const]), ...others]);
      box.toggle(fits && isJson);
      const hasOptions =
        operation === undefined || Object.keys(operationSchemas[operation].options).length > 0;
      $('.kafka-admin-options-row').toggle(!fits || hasOptions);
      if (!fits || !isJson) {
        shown = undefined;
        box.empty();
        enteredOptions = () => ({});
      } else if (shown !== operation) {
        shown = operation;
        showOptions(operation, saved);
        save();
      }
      showing = false;
      showNote();
    };
    const showRows = (): void => {
      const operation = form.entered('operation');
      const { target = 'topics', destructive } = schema() ?? {};
      const isFixed = schema() !== undefined;
      $('.kafka-admin-target').toggle(target !== 'none');
      $('.kafka-admin-target label span').text(text(`kafka-admin.target.${isFixed ? target : 'any'}`));
      $('.kafka-admin-tip')
        .toggle(isFixed)
        .text(isFixed ? text(`kafka-admin.tips.${operation.replace('.', '-')}`) : '');
      $('.kafka-admin-confirm').toggle(destructive === true);
      showFields();
    };
    form.input('operation').on('change', showRows);
    form.input('options').on('change', (_event: unknown, type?: string) => {
      if (type !== undefined && (type === 'json') !== (shown !== undefined)) showFields();
    });
    showRows();
    enableRun(() => {
      const isFixed =
        fixedOperation(this) !== undefined && form.entered('targetType') === 'str' && shown !== undefined;
      const fixed = (name: 'cluster' | 'operation' | 'timeout'): string => form.entered(name);
      return isFixed
        ? {
            ...{ cluster: fixed('cluster'), operation: fixed('operation'), timeout: fixed('timeout') },
            target: schema()?.target === 'none' ? '' : form.entered('target'),
            options: enteredOptions(),
          }
        : undefined;
    }, text);
  },
  oneditsave() {
    form.saveNumbers(this);
  },
});

/** What the names of a target are. */
function kindOfNames(target: OperationSchema['target'] | undefined, resource: unknown): NameKind {
  if (target === 'groups' || target === 'group') return 'groups';
  if (target === 'principal' || target === 'anyPrincipal') return 'principals';
  return target === 'resources' && resource === 'broker' ? 'brokers' : 'topics';
}
