import { alterConfigs } from '../../../../src/kafka/protocol/requests/changes';
import { describeConfigs } from '../../../../src/kafka/protocol/requests/configs';
import { exchange, korean } from './exchange';

const describedFields = {
  throttleTimeMs: 1,
  results: [
    {
      ...{ errorCode: 0, errorMessage: null, resourceType: 2, resourceName: korean },
      configs: [
        {
          ...{ name: 'retention.ms', value: '-1', readOnly: false, configSource: 1, isSensitive: false },
          synonyms: [
            { name: 'retention.ms', value: '-1', source: 1 },
            { name: 'log.retention.ms', value: null, source: 5 },
          ],
        },
        {
          ...{ name: 'password', value: null, readOnly: true, configSource: 4, isSensitive: true },
          synonyms: [],
        },
      ],
    },
    {
      ...{ errorCode: 29, errorMessage: 'Not authorized', resourceType: 4, resourceName: '' },
      configs: [],
    },
  ],
};

const described = [
  {
    ...{ errorCode: 0, errorMessage: null, name: korean },
    configs: [
      {
        ...{ name: 'retention.ms', value: '-1', readOnly: false, source: 1, sensitive: false },
        synonyms: [
          { name: 'retention.ms', value: '-1', source: 1 },
          { name: 'log.retention.ms', value: null, source: 5 },
        ],
      },
      { name: 'password', value: null, readOnly: true, source: 4, sensitive: true, synonyms: [] },
    ],
  },
  { errorCode: 29, errorMessage: 'Not authorized', name: '', configs: [] },
];

export const configExchanges = {
  describeConfigs: [
    exchange(
      'four resources',
      describeConfigs(
        [
          { type: 'topic', name: korean },
          { type: 'broker', name: '' },
          { type: 'broker', name: '3' },
          { type: 'group', name: 'g' },
        ],
        false,
      ),
      {
        resources: [
          { resourceType: 2, resourceName: korean, configurationKeys: null },
          { resourceType: 4, resourceName: '', configurationKeys: null },
          { resourceType: 4, resourceName: '3', configurationKeys: null },
          { resourceType: 32, resourceName: 'g', configurationKeys: null },
        ],
        includeSynonyms: false,
      },
      [{ title: 'two resources', fields: describedFields, decoded: described }],
    ),
    exchange('with synonyms', describeConfigs([{ type: 'topic', name: 'a' }], true), {
      resources: [{ resourceType: 2, resourceName: 'a', configurationKeys: null }],
      includeSynonyms: true,
    }),
  ],
  alterConfigs: [
    exchange(
      'all actions',
      alterConfigs(
        [
          {
            ...{ type: 'topic', name: korean },
            changes: [
              { config: 'retention.ms', action: 'set', value: '-1' },
              { config: 'segment.ms', action: 'unset', value: null },
              { config: 'cleanup.policy', action: 'append', value: 'compact' },
              { config: 'cleanup.policy', action: 'subtract', value: '' },
            ],
          },
          { type: 'broker', name: '', changes: [{ config: 'a', action: 'set', value: '값' }] },
          { type: 'group', name: 'g', changes: [] },
        ],
        true,
      ),
      {
        resources: [
          {
            ...{ resourceType: 2, resourceName: korean },
            configs: [
              { name: 'retention.ms', configOperation: 0, value: '-1' },
              { name: 'segment.ms', configOperation: 1, value: null },
              { name: 'cleanup.policy', configOperation: 2, value: 'compact' },
              { name: 'cleanup.policy', configOperation: 3, value: '' },
            ],
          },
          {
            ...{ resourceType: 4, resourceName: '' },
            configs: [{ name: 'a', configOperation: 0, value: '값' }],
          },
          { resourceType: 32, resourceName: 'g', configs: [] },
        ],
        validateOnly: true,
      },
      [
        {
          title: 'changed, rejected',
          fields: {
            throttleTimeMs: 9,
            responses: [
              { errorCode: 0, errorMessage: null, resourceType: 2, resourceName: korean },
              { errorCode: 40, errorMessage: 'Invalid value', resourceType: 4, resourceName: '' },
            ],
          },
          decoded: [
            { errorCode: 0, errorMessage: null, name: korean },
            { errorCode: 40, errorMessage: 'Invalid value', name: '' },
          ],
        },
      ],
    ),
    exchange('none', alterConfigs([], false), { resources: [], validateOnly: false }),
  ],
};
