import type { AnswerError, ApiRequest } from '../api-request';
import type { WireReader, WireWriter } from '../wire';

/** Kafka's numbers (org.apache.kafka.common.resource.ResourceType and others in its packages). */
export const aclResources = { topic: 2, group: 3, cluster: 4, transactionalId: 5 } as const;
export const aclPatterns = { literal: 3, prefixed: 4 } as const;
export const aclPermissions = { deny: 2, allow: 3 } as const;
export const aclOperations = {
  ...{ all: 2, read: 3, write: 4, create: 5, delete: 6, alter: 7, describe: 8, clusterAction: 9 },
  ...{ describeConfigs: 10, alterConfigs: 11, idempotentWrite: 12 },
} as const;
/** Matches each value of a filter. */
const any = 1;

/** One ACL; its members are Kafka's numbers and names. */
export interface AclBinding {
  resource: number;
  name: string;
  pattern: number;
  principal: string;
  host: string;
  operation: number;
  permission: number;
}

/** What is left out matches all. */
export type AclFilter = Partial<AclBinding>;

/** The ACLs that match a filter. */
export const describeAcls = (filter: AclFilter): ApiRequest<AnswerError & { acls: AclBinding[] }> => ({
  ...{ key: 29, name: 'DescribeAcls', versions: [1, 1], since: '2.0' },
  encode: (body) => writeFilter(body, filter),
  decode(body) {
    body.int32();
    const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
    const acls = body.array(() => {
      const resource = readResource(body);
      return body.array(() => ({ ...resource, ...readAccess(body) }));
    });
    return { ...error, acls: acls.flat() };
  },
});

/** Adds ACLs. */
export const createAcls = (acls: AclBinding[]): ApiRequest<AnswerError[]> => ({
  ...{ key: 30, name: 'CreateAcls', versions: [1, 1], since: '2.0' },
  encode(body) {
    body.array(acls, ({ resource, name, pattern, principal, host, operation, permission }) => {
      body.int8(resource).string(name).int8(pattern).string(principal).string(host);
      body.int8(operation).int8(permission);
    });
  },
  decode(body) {
    body.int32();
    return body.array(() => ({ errorCode: body.int16(), errorMessage: body.nullableString() }));
  },
});

/** Deletes the ACLs that match one of the filters. */
export const deleteAcls = (filters: AclFilter[]): ApiRequest<AnswerError[]> => ({
  ...{ key: 31, name: 'DeleteAcls', versions: [1, 1], since: '2.0' },
  encode(body) {
    body.array(filters, (filter) => writeFilter(body, filter));
  },
  decode(body) {
    body.int32();
    return body.array(() => {
      const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
      const matches = body.array(() => {
        const failed = { errorCode: body.int16(), errorMessage: body.nullableString() };
        readResource(body);
        readAccess(body);
        return failed;
      });
      return matches.find(({ errorCode }) => errorCode !== 0) ?? error;
    });
  },
});

function writeFilter(
  body: WireWriter,
  { resource = any, name, pattern = any, principal, host, operation = any, permission = any }: AclFilter,
): void {
  body
    .int8(resource)
    .string(name ?? null)
    .int8(pattern);
  body
    .string(principal ?? null)
    .string(host ?? null)
    .int8(operation)
    .int8(permission);
}

const readResource = (body: WireReader): Pick<AclBinding, 'resource' | 'name' | 'pattern'> => ({
  resource: body.int8(),
  name: body.string(),
  pattern: body.int8(),
});

const readAccess = (
  body: WireReader,
): Pick<AclBinding, 'principal' | 'host' | 'operation' | 'permission'> => ({
  principal: body.string(),
  host: body.string(),
  operation: body.int8(),
  permission: body.int8(),
});
