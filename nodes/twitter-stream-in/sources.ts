import type { NodeAPI } from 'node-red';
import { backpressure } from '../../src/node-red/backpressure';
import type { NodeContext } from '../../src/node-red/node-context';
import type { SavedProperties } from '../../src/node-red/saved-properties';
import { nameReader } from '../../src/node-red/typed-input';
import { DailyLimit } from '../../src/stream/filtered/daily-limit';
import type { FieldChoice } from '../../src/stream/filtered/fields';
import { FilteredSource } from '../../src/stream/filtered/filtered-source';
import type { SharedStream } from '../../src/stream/filtered/shared-stream';
import { Replay } from '../../src/stream/replay/replay';
import type { StreamOutput, StreamSource } from '../../src/stream/source';
import { classify } from '../../src/tweet/classify';
import { Problem } from '../../src/util/problem';
import type { properties } from './properties';

type Settings = SavedProperties<typeof properties>;

// X sends a keep-alive at least every 20 seconds.
const stallTimeout = 30;
const countKey = 'postsToday';

/** The source that the dialog selects. @throws Problem for a setting that cannot be used */
export function sourceOf(
  RED: NodeAPI,
  context: NodeContext,
  settings: Settings,
  output: StreamOutput,
): StreamSource {
  return settings.choice('source') === 'replay'
    ? replayOf(RED, context, settings, output)
    : filteredOf(context, settings, output);
}

function filteredOf(context: NodeContext, settings: Settings, output: StreamOutput): StreamSource {
  const stream = context.config<SharedStream>(settings.get('app'), 'twitter-app');
  const mode = settings.choice('rulesMode');
  const rules = settings.get('rules').map(({ value, tag }) => ({ value: value ?? '', tag: tag ?? '' }));
  const request = {
    node: context.id,
    mode,
    rules: rules.filter(({ value }) => value.trim() !== ''),
    fields: fieldChoice(settings),
    stallTimeoutMs: 1000 * (settings.number('stallTimeout') ?? stallTimeout),
  };
  if (mode !== 'app' && request.rules.length === 0) throw new Problem('no-rules');
  const limit = new DailyLimit(settings.number('dailyLimit'), countStore(context, output));
  return new FilteredSource(stream, request, output, limit);
}

function fieldChoice(settings: Settings): FieldChoice {
  return {
    fields: settings.choice('fields'),
    tweetFields: settings.get('tweetFields'),
    expansions: settings.get('expansions'),
    userFields: settings.get('userFields'),
    mediaFields: settings.get('mediaFields'),
    placeFields: settings.get('placeFields'),
    pollFields: settings.get('pollFields'),
  };
}

/** Keeps today's count in the node's context: a store on disk keeps it across restarts. */
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

function replayOf(
  RED: NodeAPI,
  context: NodeContext,
  settings: Settings,
  output: StreamOutput,
): StreamSource {
  const file = settings.get('file');
  if (!file) throw new Problem('replay-no-path');
  const read = nameReader(RED, context.node, 'file', file, settings.get('fileType'));
  return new Replay(
    {
      file: async () => {
        const path = await read({ _msgid: '' });
        if (path === undefined || path === '') throw new Problem('replay-no-path');
        if (typeof path !== 'string') throw new Problem('replay-path-not-text');
        return path;
      },
      pace: settings.choice('pace'),
      rate: settings.number('rate'),
      repeat: settings.get('repeat') === true,
      held: () => backpressure.fullNode(),
      timeOf: (line) => classify(line.value, line.text).timestamp,
    },
    output,
  );
}
