import { HttpError } from './http';
import { type InvalidParameter, invalidRequest } from './problems';

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The fields of each object in X's OpenAPI description; the simulator fills some of them. */
const known = {
  'tweet.fields': list(`
    article attachments author_id card_uri community_id context_annotations conversation_id created_at
    display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang media_metadata
    non_public_metrics note_tweet organic_metrics possibly_sensitive promoted_metrics public_metrics
    referenced_tweets reply_settings scopes source suggested_source_links suggested_source_links_with_counts
    text withheld`),
  expansions: list(`
    article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet
    attachments.poll_ids author_id author_screen_name edit_history_tweet_ids entities.mentions.username
    entities.note.mentions.username geo.place_id in_reply_to_user_id referenced_tweets.id
    referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id`),
  'user.fields': list(`
    affiliation confirmed_email connection_status created_at description entities id is_identity_verified location
    most_recent_tweet_id name parody pinned_tweet_id profile_banner_url profile_image_url protected public_metrics
    receives_your_dm subscription subscription_type url username verified verified_followers_count verified_type
    withheld`),
  'media.fields': list(`
    alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url promoted_metrics
    public_metrics type url variants width`),
  'poll.fields': list('duration_minutes end_datetime id options voting_status'),
  'place.fields': list('contained_within country country_code full_name geo id name place_type'),
};

type ListName = keyof typeof known;

/** The selected fields of each object, and the selected expansions. */
export interface Selection {
  tweet: ReadonlySet<string>;
  user: ReadonlySet<string>;
  media: ReadonlySet<string>;
  poll: ReadonlySet<string>;
  place: ReadonlySet<string>;
  expansions: ReadonlySet<string>;
}

/** An error 400 that names one parameter. */
export const invalidParameter = (name: string, value: string, message: string): HttpError =>
  new HttpError(400, invalidRequest([{ parameters: { [name]: [value] }, message }]));

/** A time of the query, epoch milliseconds. @throws HttpError 400 if it is not RFC 3339 */
export function timeOf(query: URLSearchParams, name: 'start_time' | 'end_time'): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) || Number.isNaN(Date.parse(value)))
    throw invalidParameter(
      name,
      value,
      `The \`${name}\` query parameter value [${value}] is not a valid RFC 3339 date and time`,
    );
  return Date.parse(value);
}

/**
 * Parses the fields and expansions of a query.
 * @param others the other parameters of the endpoint
 * @throws HttpError 400 for an unknown parameter or value, as X does
 */
export function selectionOf(
  query: URLSearchParams,
  others: string[],
  unknownFields: 'reject' | 'ignore' = 'reject',
): Selection {
  const invalid: InvalidParameter[] = [];
  const names = [...Object.keys(known), ...others].sort();
  for (const name of new Set(query.keys()))
    if (!names.includes(name))
      invalid.push({
        parameters: { [name]: query.getAll(name) },
        message: `The query parameter [${name}] is not one of [${names.join(',')}]`,
      });

  const chosen = (name: ListName, defaults: string[]): ReadonlySet<string> => {
    const values = query.getAll(name).flatMap((value) => value.split(','));
    for (const value of values)
      if (unknownFields === 'reject' && !known[name].includes(value))
        invalid.push({
          parameters: { [name]: query.getAll(name) },
          message: `The \`${name}\` query parameter value [${value}] is not one of [${known[name].join(',')}]`,
        });
    return new Set([...defaults, ...values]);
  };

  const selection: Selection = {
    tweet: chosen('tweet.fields', ['id', 'text', 'edit_history_tweet_ids']),
    user: chosen('user.fields', ['id', 'name', 'username']),
    media: chosen('media.fields', ['media_key', 'type']),
    poll: chosen('poll.fields', ['id', 'options']),
    place: chosen('place.fields', ['id', 'full_name']),
    expansions: chosen('expansions', []),
  };
  if (invalid.length > 0) throw new HttpError(400, invalidRequest(invalid));
  return selection;
}
