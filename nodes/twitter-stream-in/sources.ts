import type { NodeAPI, NodeDef } from 'node-red';
import { backpressure } from '../../src/node-red/backpressure';
import type { NodeContext } from '../../src/node-red/node-context';
import { savedNumber } from '../../src/node-red/saved-number';
import { typedReader } from '../../src/node-red/typed-input';
import { DailyLimit } from '../../src/stream/filtered/daily-limit';
import type { FieldChoice } from '../../src/stream/filtered/fields';
import { FilteredSource } from '../../src/stream/filtered/filtered-source';
import type { RulesMode } from '../../src/stream/filtered/rule-sync';
import type { SharedStream } from '../../src/stream/filtered/shared-stream';
import { Replay } from '../../src/stream/replay/replay';
import type { StreamOutput, StreamSource } from '../../src/stream/source';
import type { Format } from '../../src/stream/stream-line';
import type { StreamRule } from '../../src/stream/x/rules-answer';
import { classify } from '../../src/tweet/classify';
import { Problem } from '../../src/util/problem';

/** The saved properties that this version reads. */
export interface Def extends NodeDef, FieldChoice {
  app: string;
  source: string;
  rules: Partial<StreamRule>[];
  rulesMode: RulesMode;
  format: string;
  dailyLimit: number | string;
  autostart: boolean;
  stallTimeout: number | string;
  file: string;
  fileType: string;
  pace: string;
  rate: number | string;
  repeat: boolean;
}

const countKey = 'postsToday';

/** The source that the dialog names. @throws Problem where a setting cannot be used */
export function sourceOf(RED: NodeAPI, context: NodeContext, def: Def, output: StreamOutput): StreamSource {
  const source = oneOf('source', def.source, ['filtered', 'replay']);
  return source === 'replay' ? replayOf(RED, context, def, output) : filteredOf(context, def, output);
}

export const formatOf = (def: Def): Format => oneOf('format', def.format, ['object', 'text', 'buffer']);

function filteredOf(context: NodeContext, def: Def, output: StreamOutput): StreamSource {
  const stream = context.config<SharedStream>(def.app, 'twitter-app');
  const mode = oneOf('rulesMode', def.rulesMode, ['own', 'exact', 'app']);
  const rules = (def.rules ?? []).map(({ value, tag }) => ({ value: value ?? '', tag: tag ?? '' }));
  const wish = {
    node: context.id,
    mode,
    rules: rules.filter(({ value }) => value.trim() !== ''),
    fields: { ...def, fields: oneOf('fields', def.fields, ['all', 'default', 'custom']) },
    stallTimeoutMs: 1000 * savedNumber('stallTimeout', def.stallTimeout, 30, 1),
  };
  if (mode !== 'app' && wish.rules.length === 0) throw new Problem('no-rules');
  const limit = Math.floor(savedNumber('dailyLimit', def.dailyLimit, 0));
  return new FilteredSource(stream, wish, output, new DailyLimit(limit, countStore(context, output)));
}

/** Today's count lies in the node's context: a store on disk keeps it over a restart. */
function countStore(context: NodeContext, output: StreamOutput): ConstructorParameters<typeof DailyLimit>[1] {
  let failed = false;
  return {
    load: () =>
      new Promise((resolve, reject) => {
        context.node.context().get(countKey, (error: Error | null, value: unknown) => {
          if (error) reject(error);
          else resolve(value);
        });
      }),
    save: (count) => {
      context.node.context().set(countKey, count, (error?: Error | null) => {
        if (error && !failed) output.onWarning(new Problem('daily-count-unsaved', {}, { cause: error }));
        failed = Boolean(error);
      });
    },
  };
}

function replayOf(RED: NodeAPI, context: NodeContext, def: Def, output: StreamOutput): StreamSource {
  if (!def.file) throw new Problem('replay-no-path');
  const read = typedReader(RED, context.node, 'file', def.file, def.fileType);
  return new Replay(
    {
      file: async () => {
        const path = await read({ _msgid: '' });
        if (path === undefined || path === '') throw new Problem('replay-no-path');
        if (typeof path !== 'string') throw new Problem('replay-path-not-text');
        return path;
      },
      pace: oneOf('pace', def.pace, ['recorded', 'rate', 'max']),
      rate: savedNumber('rate', def.rate, 100, 0.001),
      repeat: def.repeat === true,
      held: () => backpressure.fullNode(),
      timeOf: (line) => classify(line.value, line.text).timestamp,
    },
    output,
  );
}

/** A choice as saved; blank is the first one. */
function oneOf<const Choice extends string>(
  field: string,
  value: string | undefined,
  known: Choice[],
): Choice {
  const choice = (value || known[0]) as Choice;
  if (known.includes(choice)) return choice;
  throw new Problem('setting-unknown', { field, value: choice });
}
