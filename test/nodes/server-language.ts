import type { NodeAPI } from 'node-red';
import englishAdmin from '../../nodes/kafka-admin/locales/en-US/kafka-admin.json';
import koreanAdmin from '../../nodes/kafka-admin/locales/ko/kafka-admin.json';
import english from '../../nodes/kafka-out/locales/en-US/kafka-out.json';
import korean from '../../nodes/kafka-out/locales/ko/kafka-out.json';
import englishKafka from '../../src/locales/en-US/kafka.json';
import englishNode from '../../src/locales/en-US/node.json';
import englishStream from '../../src/locales/en-US/stream.json';
import koreanKafka from '../../src/locales/ko/kafka.json';
import koreanNode from '../../src/locales/ko/node.json';
import koreanStream from '../../src/locales/ko/stream.json';

type Texts = Record<string, string>;

const status: Record<string, Texts> = {
  'en-US': { ...english['kafka-out'].status, ...englishAdmin['kafka-admin'].status },
  ko: { ...korean['kafka-out'].status, ...koreanAdmin['kafka-admin'].status },
};
const problems: Record<string, Texts> = {
  'en-US': { ...englishKafka, ...englishNode, ...englishStream },
  ko: { ...koreanKafka, ...koreanNode, ...koreanStream },
};

/** Translates the keys of the Kafka nodes' statuses and of problems as Node-RED does; the test helper's does not. */
export function inWords(language: 'en-US' | 'ko'): (key: string, params?: object) => string {
  return (key, params = {}) => {
    const word = /^kafka-(?:out|admin)\.status\.(.*)$/.exec(key)?.[1];
    const text =
      word === undefined ? problems[language]?.[key.replace(/^.*:problems\./, '')] : status[language]?.[word];
    return text?.replace(/__(\w+)__/g, (_, name: string) => String((params as Texts)[name])) ?? key;
  };
}

/** A node's registration with a RED that speaks this language. */
export function speaking(node: (RED: NodeAPI) => void, language: 'en-US' | 'ko'): (RED: NodeAPI) => void {
  return (RED) =>
    node(Object.assign(Object.create(RED) as NodeAPI, { _: inWords(language) as NodeAPI['_'] }));
}
