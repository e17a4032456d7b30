import { Problem } from '../../util/problem';
import { topicName } from '../topic-name';
import { type Operation, type OperationSchema, operationSchemas, type TargetKind } from './operations';

const severalKinds: readonly TargetKind[] = ['topics', 'groups', 'resources'];

/**
 * The names of an operation's target. Topics and brokers: a name, an array, or names separated by commas. Groups and principals: a
 * string is one name, because it may contain commas; several are an array.
 * @param resource of the operations on configs
 * @returns each name once, in order; none for an operation without a target
 * @throws Problem "target-invalid", "target-none", "target-one", or of an invalid topic's name
 */
export function readTarget(operation: Operation, target: unknown, resource?: string): string[] {
  const { target: kind }: OperationSchema = operationSchemas[operation];
  if (kind === 'none') return [];
  const isBroker = kind === 'resources' && resource === 'broker';
  const isPrincipal = kind === 'principal' || kind === 'anyPrincipal';
  const isGroup = kind === 'groups' || kind === 'group';
  const names = namesIn(isBroker ? idsAsText(target) : target, isGroup || isPrincipal);
  if (names.length === 0 && kind === 'anyPrincipal') return [];
  if (names.length === 0) throw new Problem('target-none', { operation });
  if (!severalKinds.includes(kind) && names.length > 1) throw new Problem('target-one', { operation });
  if (isPrincipal) return names.map(principalName);
  if (isGroup) return names;
  return names.map(isBroker ? brokerName : topicName);
}

/** Whether a message's `confirm`, or the dialog's box, names exactly the target. */
export function confirms(confirm: unknown, names: string[]): boolean {
  if (confirm === true) return true;
  // The name of a group may contain commas.
  if (typeof confirm !== 'string') return false;
  return confirm.trim() === names.join(',') || namesIn(confirm, false).join() === names.join();
}

/** The names in a target, for an error: never throws. */
export function shownNames(target: unknown): string {
  return (Array.isArray(target) ? target : [target]).filter((name) => typeof name === 'string').join(', ');
}

/** @param isOne a string is one name */
function namesIn(target: unknown, isOne: boolean): string[] {
  if (target === undefined || target === null || target === '') return [];
  const names = typeof target === 'string' ? (isOne ? [target] : target.split(',')) : target;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new Problem('target-invalid');
  }
  return [...new Set(names.map((name) => name.trim()))].filter((name) => name !== '');
}

/** Ids of brokers may be numbers. */
function idsAsText(target: unknown): unknown {
  const asText = (id: unknown): unknown => (Number.isInteger(id) ? String(id) : id);
  return Array.isArray(target) ? target.map(asText) : asText(target);
}

/** A principal such as "User:alice" or "User:CN=dora,OU=news". */
function principalName(name: string): string {
  if (/^\w+:.+$/.test(name)) return name;
  throw new Problem('principal-invalid', { principal: name.slice(0, 60) });
}

/** A broker's id, or "default": the dynamic settings of all brokers. */
function brokerName(name: string): string {
  if (name === 'default' || /^\d{1,10}$/.test(name)) return name;
  throw new Problem('broker-name-invalid', { broker: name.slice(0, 60) });
}
