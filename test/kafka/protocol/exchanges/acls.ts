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
} from '../../../../src/kafka/protocol/requests/acls';
import { exchange, type Fields, korean } from './exchange';

const { topic, group, cluster, transactionalId } = aclResources;
const { literal, prefixed } = aclPatterns;
const { allow, deny } = aclPermissions;

const anyone = { principal: 'User:*', host: '*' };
const someone = { principal: 'User:CN=소비자,O=예', host: '2001:db8::1' };

/** All operations, and all values of the other members. */
const bindings: AclBinding[] = [
  {
    resource: topic,
    name: korean,
    pattern: literal,
    ...anyone,
    operation: aclOperations.all,
    permission: allow,
  },
  ...[
    { resource: group, name: 'g-', pattern: prefixed, ...someone, permission: deny },
    { resource: cluster, name: 'kafka-cluster', pattern: literal, ...someone, permission: allow },
    { resource: transactionalId, name: '*', pattern: literal, ...anyone, permission: deny },
  ].flatMap((binding) => Object.values(aclOperations).map((operation) => ({ ...binding, operation }))),
];

const bindingFields: Fields[] = [
  {
    ...{ resourceType: 2, resourceName: korean, resourcePatternType: 3, principal: 'User:*', host: '*' },
    ...{ operation: 2, permissionType: 3 },
  },
  ...[
    { resourceType: 3, resourceName: 'g-', resourcePatternType: 4, ...someone, permissionType: 2 },
    { resourceType: 4, resourceName: 'kafka-cluster', resourcePatternType: 3, ...someone, permissionType: 3 },
    { resourceType: 5, resourceName: '*', resourcePatternType: 3, ...anyone, permissionType: 2 },
  ].flatMap((binding) =>
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((operation) => ({ ...binding, operation })),
  ),
];

const full: AclFilter = {
  resource: group,
  name: korean,
  pattern: prefixed,
  ...someone,
  operation: 8,
  permission: 2,
};

const fullFields = {
  ...{ resourceTypeFilter: 3, resourceNameFilter: korean, patternTypeFilter: 4 },
  ...{ principalFilter: someone.principal, hostFilter: someone.host, operation: 8, permissionType: 2 },
};

/** 1 is Kafka's ANY. */
const anyFields = {
  ...{ resourceTypeFilter: 1, resourceNameFilter: null, patternTypeFilter: 1 },
  ...{ principalFilter: null, hostFilter: null, operation: 1, permissionType: 1 },
};

const match = (errorCode: number, errorMessage: string | null): Fields => ({
  ...{ errorCode, errorMessage, resourceType: 2, resourceName: korean, patternType: 3 },
  ...{ ...anyone, operation: 3, permissionType: 3 },
});

export const aclExchanges = {
  describeAcls: [
    exchange('any', describeAcls({}), anyFields, [
      {
        title: 'three ACLs of two resources',
        fields: {
          ...{ throttleTimeMs: 2, errorCode: 0, errorMessage: null },
          resources: [
            {
              ...{ resourceType: 2, resourceName: korean, patternType: 3 },
              acls: [
                { ...anyone, operation: 3, permissionType: 3 },
                { ...someone, operation: 4, permissionType: 2 },
              ],
            },
            { resourceType: 3, resourceName: 'none', patternType: 3, acls: [] },
            {
              ...{ resourceType: 5, resourceName: 'tx-', patternType: 4 },
              acls: [{ ...someone, operation: 12, permissionType: 3 }],
            },
          ],
        },
        decoded: {
          ...{ errorCode: 0, errorMessage: null },
          acls: [
            { resource: 2, name: korean, pattern: 3, ...anyone, operation: 3, permission: 3 },
            { resource: 2, name: korean, pattern: 3, ...someone, operation: 4, permission: 2 },
            { resource: 5, name: 'tx-', pattern: 4, ...someone, operation: 12, permission: 3 },
          ],
        },
      },
      {
        title: 'no authorizer',
        fields: {
          ...{ throttleTimeMs: 0, errorCode: 54, errorMessage: 'No Authorizer is configured.' },
          resources: [],
        },
        decoded: { errorCode: 54, errorMessage: 'No Authorizer is configured.', acls: [] },
      },
    ]),
    exchange('one resource, principal, host', describeAcls(full), fullFields),
  ],
  createAcls: [
    exchange('all operations', createAcls(bindings), { creations: bindingFields }, [
      {
        title: 'created, rejected',
        fields: {
          throttleTimeMs: 0,
          results: [
            { errorCode: 0, errorMessage: null },
            { errorCode: 42, errorMessage: 'Host is not valid' },
          ],
        },
        decoded: [
          { errorCode: 0, errorMessage: null },
          { errorCode: 42, errorMessage: 'Host is not valid' },
        ],
      },
    ]),
  ],
  deleteAcls: [
    exchange('two filters', deleteAcls([full, {}]), { filters: [fullFields, anyFields] }, [
      {
        title: 'deleted, none, rejected, one of them failed',
        fields: {
          throttleTimeMs: 8,
          filterResults: [
            { errorCode: 0, errorMessage: null, matchingAcls: [match(0, null), match(0, null)] },
            { errorCode: 0, errorMessage: null, matchingAcls: [] },
            { errorCode: 31, errorMessage: 'Not authorized', matchingAcls: [] },
            { errorCode: 0, errorMessage: null, matchingAcls: [match(0, null), match(-1, '실패')] },
          ],
        },
        decoded: [
          { errorCode: 0, errorMessage: null },
          { errorCode: 0, errorMessage: null },
          { errorCode: 31, errorMessage: 'Not authorized' },
          { errorCode: -1, errorMessage: '실패' },
        ],
      },
    ]),
  ],
};
