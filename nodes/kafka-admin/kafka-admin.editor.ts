import {
  OPERATIONS,
  type Operation,
  type OperationSchema,
  operationSchemas,
} from '../../src/kafka/admin/operations';
import { readOptions } from '../../src/kafka/admin/option-values';
import { readTarget } from '../../src/kafka/admin/targets';
import { categoryDescription } from '../category.editor';
import { clusterNameType, type NameKind } from '../cluster-names.editor';
import {
  type Check,
  DialogForm,
  type DialogNode,
  type DialogProperties,
  hasVariable,
  validConfig,
} from '../dialog-form.editor';
import { accepted, sentence } from '../sentences.editor';
import { typedInput } from '../typed-input.editor';
import { OptionsInDialog, parsedOptions } from './options.editor';
import { properties } from './properties';
import { enableRun } from './run.editor';

const form = new DialogForm(properties, 'node-input');

type AdminNode = DialogNode<typeof properties>;

/** The operation that the dialog fixes; undefined: a message chooses it. */
function fixedOperation(node: AdminNode): Operation | undefined {
  if (form.current(node, 'operationType') !== 'str') return undefined;
  return OPERATIONS.find((operation) => operation === form.current(node, 'operation'));
}

const validOptions: Check<string, AdminNode> = (text, node) => {
  if (form.current(node, 'optionsType') !== 'json') return true;
  const options = parsedOptions(String(text ?? ''));
  const operation = fixedOperation(node);
  if (!options) return sentence('options-invalid', { type: 'JSON' });
  return operation === undefined || accepted(() => readOptions(operation, options));
};

/** Of a fixed operation and a fixed target: variables have no value here. */
const validTarget: Check<string, AdminNode> = (target, node) => {
  const operation = fixedOperation(node);
  if (!operation || form.current(node, 'targetType') !== 'str' || hasVariable(target)) return true;
  const { resource } = parsedOptions(form.current(node, 'options')) ?? {};
  return accepted(() => readTarget(operation, target ?? '', String(resource ?? 'topic')));
};

RED.nodes.registerType<DialogProperties<typeof properties>>('kafka-admin', {
  category: 'X to Kafka',
  categoryDescription,
  color: '#3FADB5',
  icon: 'kafka-admin.svg',
  inputs: 1,
  outputs: 1,
  defaults: {
    name: form.property('name'),
    cluster: form.property('cluster', { type: 'kafka-cluster', validate: validConfig('kafka-cluster') }),
    operation: form.property('operation', {
      validate: (operation) => String(operation ?? '').trim() !== '' || sentence('operation-none'),
    }),
    operationType: form.property('operationType'),
    target: form.property('target', { validate: validTarget }),
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
    // A flow made by hand may lack the types.
    const { operationType = properties.operationType.default, targetType = properties.targetType.default } =
      this;
    const operation = operationType === 'str' ? this.operation : `${operationType}.${this.operation}`;
    return targetType === 'str' && this.target ? `${operation} ${this.target}` : operation || 'kafka-admin';
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
    const names = clusterNameType(() => kindOfNames(schema()?.target, options.entered()?.resource));
    typedInput('target', [names, 'msg', 'json', 'flow', 'global', 'env', 'jsonata'], 'str');
    const options = new OptionsInDialog(form, () => fixedOperation(this), text);
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
      options.show();
    };
    form.input('operation').on('change', showRows);
    showRows();
    enableRun(() => {
      const entered = options.entered();
      if (!fixedOperation(this) || form.entered('targetType') !== 'str' || !entered) return undefined;
      const fixed = (name: 'cluster' | 'operation' | 'timeout'): string => form.entered(name);
      return {
        ...{ cluster: fixed('cluster'), operation: fixed('operation'), timeout: fixed('timeout') },
        target: schema()?.target === 'none' ? '' : form.entered('target'),
        options: entered,
      };
    }, text);
    // The fields of the options show their problems themselves.
    form.showProblems(this, { isShown: (name) => name !== 'options' || options.entered() === undefined });
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
