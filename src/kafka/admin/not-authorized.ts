import { Problem } from '../../util/problem';

/** Kafka's names of permissions and resources, as its tools show them. */
export type Permission =
  | 'Alter'
  | 'AlterConfigs'
  | 'Create'
  | 'Delete'
  | 'Describe'
  | 'DescribeConfigs'
  | 'Read';
export type Resource = 'topic' | 'group' | 'cluster';

/** The user lacks a permission. @param name of the topic or group */
export function notAuthorized(permission: Permission, resource: Resource, name = ''): Problem {
  const of =
    resource === 'cluster' ? new Problem('resource-cluster') : new Problem(`resource-${resource}`, { name });
  return new Problem('not-authorized', { permission, resource: of });
}

const clusterAuthorizationFailed = 31;
const denied = [29, 30, clusterAuthorizationFailed];

/** Whether an answer says that the user lacks a permission. */
export const isDenied = (errorCode: number): boolean => denied.includes(errorCode);
