import type { Query } from '../x/connection';

/** Which fields of the posts X is asked for. */
export interface FieldChoice {
  fields: 'all' | 'default' | 'custom';
  tweetFields?: string;
  expansions?: string;
  userFields?: string;
  mediaFields?: string;
  placeFields?: string;
  pollFields?: string;
}

const parameters = {
  'tweet.fields': 'tweetFields',
  expansions: 'expansions',
  'user.fields': 'userFields',
  'media.fields': 'mediaFields',
  'place.fields': 'placeFields',
  'poll.fields': 'pollFields',
} as const;

type Parameter = keyof typeof parameters;

/** All that X gives to an App ("Fields and expansions"); metrics that are not public need a user. */
const all: Record<Parameter, string> = {
  'tweet.fields':
    'article,attachments,author_id,card_uri,community_id,context_annotations,conversation_id,created_at,' +
    'display_text_range,edit_controls,edit_history_tweet_ids,entities,geo,id,in_reply_to_user_id,lang,' +
    'media_metadata,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,scopes,' +
    'source,text,withheld',
  expansions:
    'article.cover_media,article.media_entities,attachments.media_keys,attachments.media_source_tweet,' +
    'attachments.poll_ids,author_id,edit_history_tweet_ids,entities.mentions.username,geo.place_id,' +
    'in_reply_to_user_id,entities.note.mentions.username,referenced_tweets.id,' +
    'referenced_tweets.id.attachments.media_keys,referenced_tweets.id.author_id',
  'user.fields':
    'affiliation,created_at,description,entities,id,location,most_recent_tweet_id,name,pinned_tweet_id,' +
    'profile_banner_url,profile_image_url,protected,public_metrics,url,username,verified,verified_type,withheld',
  'media.fields':
    'alt_text,duration_ms,height,media_key,preview_image_url,public_metrics,type,url,variants,width',
  'place.fields': 'contained_within,country,country_code,full_name,geo,id,name,place_type',
  'poll.fields': 'duration_minutes,end_datetime,id,options,voting_status',
};

// Without them a retweet cannot be told from a post.
const always = 'referenced_tweets';

/** The parameters of a stream's request that give each of the choices what it asks for. */
export function queryOf(choices: FieldChoice[]): Query {
  const query: Query = {};
  for (const parameter of Object.keys(parameters) as Parameter[]) {
    const names = new Set(parameter === 'tweet.fields' ? [always] : []);
    for (const choice of choices) {
      for (const name of asked(choice, parameter).split(',')) if (name.trim()) names.add(name.trim());
    }
    if (names.size > 0) query[parameter] = [...names].sort().join(',');
  }
  return query;
}

/** Whether a request with `query` brings all that `wanted` asks for. */
export function covers(query: Query, wanted: Query): boolean {
  return Object.entries(wanted).every(([parameter, names]) => {
    const there = new Set((query[parameter] ?? '').split(','));
    return names.split(',').every((name) => there.has(name));
  });
}

function asked(choice: FieldChoice, parameter: Parameter): string {
  if (choice.fields === 'all') return all[parameter];
  return choice.fields === 'custom' ? (choice[parameters[parameter]] ?? '') : '';
}
