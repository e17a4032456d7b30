import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startXApi, type XApi, type XApiOptions } from '../../dev/x-api/server';
import { StreamClient } from './client';

const folder = mkdtempSync(join(tmpdir(), 'x-api-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const ALL =
  '?tweet.fields=attachments,author_id,context_annotations,conversation_id,created_at,display_text_range,' +
  'edit_controls,entities,geo,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,' +
  'referenced_tweets,reply_settings,source,withheld&expansions=author_id,referenced_tweets.id,' +
  'referenced_tweets.id.author_id,in_reply_to_user_id,attachments.media_keys,attachments.poll_ids,geo.place_id,' +
  'entities.mentions.username&user.fields=description,public_metrics,entities&media.fields=url,width&' +
  'poll.fields=end_datetime&place.fields=country_code';

/** Runs a test with a simulator that has one rule and sends no posts. */
export async function withApi(options: XApiOptions, run: (api: XApi) => Promise<void>) {
  const api = await startXApi({ rate: 0, rules: [{ value: 'cat' }], ...options });
  try {
    await run(api);
  } finally {
    await api.close();
  }
}

/** Runs a test with a simulator and a connected client; `sent` are the lines that the simulator sent. */
export async function withStream(
  options: XApiOptions,
  run: (api: XApi, client: StreamClient, sent: string[]) => Promise<void>,
  query = ALL,
) {
  const sent: string[] = [];
  const api = await startXApi({
    rules: [{ value: 'basketball' }],
    onLine: (line) => sent.push(line),
    ...options,
  });
  const client = await StreamClient.open(api, query);
  try {
    await run(api, client, sent);
  } finally {
    client.close();
    await api.close();
  }
}

/** Writes lines to a file and returns its path. */
export function file(name: string, lines: Buffer[], { gzip = false, end = '\n' } = {}): string {
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from(end)]));
  const path = join(folder, name);
  writeFileSync(path, gzip ? gzipSync(bytes) : bytes);
  return path;
}
