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
}

export interface DescribedConfigs extends AnswerError {
  name: string;
  configs: ConfigEntry[];
}

/** The configs of resources. @param names null: all of them */
export const describeConfigs = (
  resources: ConfigResource[],
  names: string[] | null = null,
): ApiRequest<DescribedConfigs[]> => ({
  ...{ key: 32, name: 'DescribeConfigs', versions: [2, 2], since: '2.0' },
  encode(body) {
    body.array(resources, ({ type, name }) => {
      body.int8(resourceTypes[type]).string(name);
      body.array(names, (config) => body.string(config));
    });
    body.boolean(false);
  },
  decode(body) {
    body.int32();
    return body.array(() => {
      const error = { errorCode: body.int16(), errorMessage: body.nullableString() };
      body.int8();
      const name = body.string();
      const configs = body.array(() => {
        const entry = {
          name: body.string(),
          value: body.nullableString(),
          readOnly: body.boolean(),
          source: body.int8(),
          sensitive: body.boolean(),
        };
        body.array(() => [body.string(), body.nullableString(), body.int8()]);
        return entry;
      });
      return { ...error, name, configs };
    });
  },
});
