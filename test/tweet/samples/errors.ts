import type { Sample } from './sample';

const problem = (host: string, type: string) => `"type":"https://${host}/2/problems/${type}"`;
export const errors: Sample[] = [
  ...['api.twitter.com', 'api.x.com'].flatMap((host): Sample[] => [
    {
      name: `operational-disconnect at ${host}`,
      text: `{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect",${problem(host, 'operational-disconnect')}}]}`,
      kind: 'disconnect',
    },
    {
      name: `streaming-connection at ${host}, bare`,
      text: `{"title":"ConnectionException","detail":"…","connection_issue":"TooManyConnections",${problem(host, 'streaming-connection')}}`,
      kind: 'disconnect',
    },
    {
      name: `usage-capped at ${host}, bare`,
      text: `{"account_id":"1","title":"UsageCapExceeded","period":"Monthly","detail":"Usage cap exceeded: Monthly product cap",${problem(host, 'usage-capped')}}`,
      kind: 'disconnect',
    },
    {
      name: `client-disconnected at ${host}, second in the list`,
      text: `{"errors":[{"title":"x"},{${problem(host, 'client-disconnected')}}],"data":null}`,
      kind: 'disconnect',
    },
    {
      name: `resource-not-found at ${host}`,
      text: `{"errors":[{"title":"Forbidden","detail":"User has been suspended","resource_type":"user",${problem(host, 'resource-not-found')}}]}`,
      kind: 'warning',
    },
    {
      name: `invalid-request at ${host}, bare`,
      text: `{"title":"Invalid Request","detail":"…",${problem(host, 'invalid-request')}}`,
      kind: 'warning',
    },
  ]),
  {
    name: 'unauthorized, bare',
    text: '{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}',
    kind: 'warning',
  },
  {
    name: 'v1.1 error codes',
    text: '{"errors":[{"code":88,"message":"Rate limit exceeded"}]}',
    kind: 'warning',
  },
  {
    name: 'enterprise stream closed for its backlog',
    text: '{"error":{"message":"Force closing connection to 10.1.2.3 because it reached the maximum allowed backup (buffer size is 5000).","sent":"2017-01-11T17:04:13+00:00"}}',
    kind: 'disconnect',
    timestamp: Date.UTC(2017, 0, 11, 17, 4, 13),
  },
  {
    name: 'enterprise warn',
    text: '{"warn":{"message":"Your buffer is filling","sent":"2017-01-11T17:04:13+00:00"}}',
    kind: 'warning',
    timestamp: Date.UTC(2017, 0, 11, 17, 4, 13),
  },
  {
    name: 'operational-disconnect with its detail only',
    text: '{"errors":[{"detail":"This stream has been disconnected for operational reasons."}]}',
    kind: 'disconnect',
  },
  ...[
    'OperationalDisconnect',
    'ForceDisconnect',
    'UpstreamUncleanDisconnect',
    'SlowReader',
    'InternalError',
  ].map(
    (cause): Sample => ({
      name: `forced disconnect ${cause}, bare`,
      text: `{"title":"x","disconnect_type":"${cause}","detail":"…"}`,
      kind: 'disconnect',
    }),
  ),
  {
    name: 'empty list of errors',
    text: '{"errors":[]}',
    kind: 'warning',
  },
  {
    name: 'another enterprise error',
    text: '{"error":{"message":"Invalid rule","sent":"x"}}',
    kind: 'warning',
  },
];
