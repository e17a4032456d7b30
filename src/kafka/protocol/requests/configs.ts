import type { AnswerError, ApiRequest } from '../api-request';

/** Kafka's numbers of resources with configs. */
export const resourceTypes = { topic: 2, broker: 4, group: 32 } as const;

export interface ConfigResource {
  type: keyof typeof resourceTypes;
  /** "" for a broker: the dynamic settings of all brokers. */
  name: string;
}

export interface ConfigEntry {
  name: string;
  /** null: sensitive, or none. */
  value: string | null;
  readOnly: boolean;
  /** Kafka's number of the source: 1 topic, 2 broker, 3 all brokers, 4 server.properties, 5 default, 8 group. */
  source: number;
  sensitive: boolean;
  /** Where the value may come from, the one that applies first. [] unless requested. */
  synonyms: ConfigSynonym[];
}

/** A broker's name of the same setting may have another unit, such as log.retention.hours of retention.ms. */
export interface ConfigSynonym {
  name: string;
  value: string | null;
  /** As above. */
  source: number;
}

export interface DescribedConfigs extends AnswerError {
  name: string;
  configs: ConfigEntry[];
}

/** The configs of resources. */
export const describeConfigs = (
  resources: ConfigResource[],
  synonyms: boolean,
): ApiRequest<DescribedConfigs[]> => ({
  ...{ key: 32, name: 'DescribeConfigs', versions: [2, 2], since: '2.0' },
  encode(body) {
    body.array(resources, ({ type, name }) => {
      body.int8(resourceTypes[type]).string(name);
      // All configs.
      body.array(null, () => undefined);
    });
    body.boolean(synonyms);
  },
  decode(body) {
    body.int32();
    return body.array(() => {
      const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
      body.int8();
      const name = body.string();
      const configs = body.array(() => {
        const setting = { name: body.string(), value: body.nullableString() };
        const flags = { readOnly: body.boolean(), source: body.int8(), sensitive: body.boolean() };
        const found = body.array(() => ({
          ...{ name: body.string(), value: body.nullableString(), source: body.int8() },
        }));
        return { ...setting, ...flags, synonyms: found };
      });
      return { ...error, name, configs };
    });
  },
});
