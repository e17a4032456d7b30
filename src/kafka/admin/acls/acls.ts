import { Problem } from '../../../util/problem';
import { answerError, type BrokerRequests } from '../../connection/broker-requests';
import type { AnswerError } from '../../protocol/api-request';
import {
  type AclBinding,
  type AclFilter,
  aclOperations,
  aclPatterns,
  aclPermissions,
  aclResources,
  createAcls,
  deleteAcls,
  describeAcls,
} from '../../protocol/requests/acls';
import { isDenied, notAuthorized } from '../not-authorized';
import type { OptionsOf } from '../operations';
import type { Planned } from '../planned';

/** One ACL in the answers. */
export interface Acl {
  /** E.g. "User:alice". */
  principal: string;
  /** "*": any. */
  host: string;
  operation: string;
  permission: string;
  resource: string;
  name: string;
  /** literal, or prefixed: all names that begin so. */
  pattern: string;
}

type Filter = OptionsOf<'acls.list'>;

const securityDisabled = 54;
const clusterName = 'kafka-cluster';

/** The ACLs that match, sorted. @param principal absent: of all */
export async function listAcls(
  requests: BrokerRequests,
  principal: string | undefined,
  filter: Partial<Filter>,
): Promise<Acl[]> {
  return (await matching(requests, principal, filter)).map(shown).sort(byResource);
}

/**
 * Plans new ACLs for a principal; those that exist are left out.
 * @throws Problem "option-missing" without a resource, its name or operations
 */
export async function planCreateAcls(
  requests: BrokerRequests,
  principal: string,
  { resource, name, operations = [], pattern, host, permission }: OptionsOf<'acls.create'>,
): Promise<Planned> {
  const isCluster = resource === 'cluster';
  const missing =
    resource === undefined
      ? 'resource'
      : !isCluster && name === undefined
        ? 'name'
        : operations.length === 0
          ? 'operations'
          : undefined;
  if (missing) throw new Problem('option-missing', { operation: 'acls.create', options: missing });
  const wanted = operations.map(
    (operation): AclBinding => ({
      resource: numberOf(aclResources, resource),
      name: isCluster ? clusterName : (name ?? ''),
      pattern: numberOf(aclPatterns, pattern),
      principal,
      host,
      operation: numberOf(aclOperations, operation),
      permission: numberOf(aclPermissions, permission),
    }),
  );
  const existing = new Set((await matching(requests, principal, {})).map(keyOf));
  const acls = wanted.filter((acl) => !existing.has(keyOf(acl)));
  return {
    answer: { acls: acls.map(shown).sort(byResource) },
    async apply(sender, changes, signal) {
      if (acls.length === 0) return undefined;
      // An ACL that is there already may be added again.
      await changes.change(principal, signal, async () => {
        for (const answer of await sender.send(createAcls(acls))) failOn(answer, 'Alter');
        return true;
      });
      return undefined;
    },
  };
}

/** Plans to delete the ACLs of a principal that match. */
export async function planDeleteAcls(
  requests: BrokerRequests,
  principal: string,
  filter: Filter,
): Promise<Planned> {
  const acls = await matching(requests, principal, filter);
  return {
    answer: { acls: acls.map(shown).sort(byResource) },
    async apply(sender, changes, signal) {
      if (acls.length === 0) return undefined;
      await changes.change(principal, signal, async () => {
        // Those that were shown, and no others.
        for (const answer of await sender.send(deleteAcls(acls))) failOn(answer, 'Alter');
        return true;
      });
      return undefined;
    },
  };
}

async function matching(
  requests: BrokerRequests,
  principal: string | undefined,
  { resource, name, pattern, operations, host, permission }: Partial<Filter>,
): Promise<AclBinding[]> {
  const filter: AclFilter = {
    ...(principal === undefined ? {} : { principal }),
    ...(resource === undefined ? {} : { resource: numberOf(aclResources, resource) }),
    ...(name === undefined ? {} : { name }),
    ...(pattern === undefined ? {} : { pattern: numberOf(aclPatterns, pattern) }),
    ...(host === undefined ? {} : { host }),
    ...(permission === undefined ? {} : { permission: numberOf(aclPermissions, permission) }),
  };
  const answer = await requests.send(describeAcls(filter));
  failOn(answer, 'Describe');
  const wanted = operations?.map((operation) => numberOf(aclOperations, operation));
  return answer.acls.filter(({ operation }) => !wanted || wanted.includes(operation));
}

function failOn({ errorCode, errorMessage }: AnswerError, permission: 'Alter' | 'Describe'): void {
  if (errorCode === securityDisabled) throw new Problem('acls-disabled');
  if (isDenied(errorCode)) throw notAuthorized(permission, 'cluster');
  if (errorCode !== 0) throw answerError(errorCode, errorMessage);
}

const shown = ({ principal, host, operation, permission, resource, name, pattern }: AclBinding): Acl => ({
  ...{ principal, host, operation: nameOf(aclOperations, operation) },
  ...{ permission: nameOf(aclPermissions, permission), resource: nameOf(aclResources, resource), name },
  pattern: nameOf(aclPatterns, pattern),
});

const keyOf = (acl: AclBinding): string => JSON.stringify(shown(acl));

const numberOf = (numbers: Readonly<Record<string, number>>, name = ''): number => numbers[name] ?? 0;

/** A number that is newer than this package stays one. */
const nameOf = (numbers: Readonly<Record<string, number>>, number: number): string =>
  Object.entries(numbers).find(([, one]) => one === number)?.[0] ?? String(number);

const byResource = (one: Acl, other: Acl): number =>
  [one.resource, one.name, one.principal, one.operation].join('\n') <
  [other.resource, other.name, other.principal, other.operation].join('\n')
    ? -1
    : 1;
