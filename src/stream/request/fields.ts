/** Query parameters of a request. */
export type Query = Record<string, string>;

/** The fields of posts that a node requests from X. */
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

/** All fields that X returns to an App ("Fields and expansions"); private metrics need a user's login. */
const allFields: Record<Parameter, string> = {
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

// Without it a retweet looks like an original post.
const requiredField = 'referenced_tweets';

/** The query of one stream with the fields of all the choices. */
export function queryOf(choices: FieldChoice[]): Query {
  const query: Query = {};
  for (const parameter of Object.keys(parameters) as Parameter[]) {
    const names = new Set(parameter === 'tweet.fields' ? [requiredField] : []);
    for (const choice of choices) {
      for (const name of fieldNames(choice, parameter).split(',')) if (name.trim()) names.add(name.trim());
    }
    if (names.size > 0) query[parameter] = [...names].sort().join(',');
  }
  return query;
}

/** Whether `query` requests all fields of `other`. */
export function covers(query: Query, other: Query): boolean {
  return Object.entries(other).every(([parameter, names]) => {
    const requested = new Set((query[parameter] ?? '').split(','));
    return names.split(',').every((name) => requested.has(name));
  });
}

function fieldNames(choice: FieldChoice, parameter: Parameter): string {
  if (choice.fields === 'all') return allFields[parameter];
  return choice.fields === 'custom' ? (choice[parameters[parameter]] ?? '') : '';
}
