import type { NodeAPI } from 'node-red';
import { backpressure } from '../../src/node-red/backpressure';
import { flows } from '../../src/node-red/flows';
import type { NodeContext } from '../../src/node-red/node-context';
import type { SavedProperties } from '../../src/node-red/saved-properties';
import { nameReader } from '../../src/node-red/typed-input';
import { LiveSource } from '../../src/stream/filtered/live-source';
import { v1FilterParameters } from '../../src/stream/filtered/v1-parameters';
import { Replay } from '../../src/stream/replay/replay';
import type { FieldChoice } from '../../src/stream/request/fields';
import type { StreamOutput, StreamSource } from '../../src/stream/source';
import { type LiveSource as LiveSourceName, sourceKinds } from '../../src/stream/source-kind';
import { classify } from '../../src/tweet/classify';
import { Problem } from '../../src/util/problem';
import type { AppService } from '../twitter-app/app-service';
import { type properties, stallTimeoutProblem } from './properties';

type Settings = SavedProperties<typeof properties>;

/** The source that the dialog selects. @throws Problem for a setting that cannot be used */
export function sourceOf(
  RED: NodeAPI,
  context: NodeContext,
  settings: Settings,
  output: StreamOutput,
): StreamSource {
  const source = settings.choice('source');
  return source === 'replay'
    ? replayOf(RED, context, settings, output)
    : liveSourceOf(source, context, settings, output);
}

function liveSourceOf(
  source: LiveSourceName,
  context: NodeContext,
  settings: Settings,
  output: StreamOutput,
): StreamSource {
  const { shared } = context.config<AppService>(settings.get('app'), 'twitter-app');
  const kind = sourceKinds[source];
  if (kind.version === 1 && !('accessToken' in shared.app)) throw new Problem('v1-needs-oauth1');
  const filtered = source === 'filtered';
  const mode = filtered ? settings.choice('rulesMode') : 'app';
  const saved = filtered ? settings.get('rules') : [];
  const rules = saved
    .map(({ value, tag }) => ({ value: value ?? '', tag: tag ?? '' }))
    .filter(({ value }) => value.trim() !== '');
  if (mode !== 'app' && rules.length === 0) throw new Problem('no-rules');
  const stallTimeout = settings.number('stallTimeout');
  const problem = stallTimeoutProblem(stallTimeout, source);
  if (problem) throw problem;
  return new LiveSource(
    shared,
    {
      source,
      parameters: source === 'v1-filter' ? v1FilterParameters(v1Filter(settings)) : {},
      node: context.id,
      mode,
      rules,
      fields: fieldChoice(settings),
      stallTimeoutMs: 1000 * (stallTimeout ?? kind.stallTimeout),
      dedupe: settings.number('dedupe'),
      recover: filtered ? settings.choice('recover') : 'none',
      takeOver: settings.get('takeOver') === true,
      dailyLimit: settings.number('dailyLimit'),
    },
    output,
  );
}

const v1Filter = (settings: Settings): Parameters<typeof v1FilterParameters>[0] => ({
  track: settings.get('track'),
  follow: settings.get('follow'),
  locations: settings.get('locations'),
  language: settings.get('language'),
});

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
      paused: () => flows.stopped,
      timeOf: (line) => classify(line.value, line.text).timestamp,
    },
    output,
  );
}
