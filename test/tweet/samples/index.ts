import { activities } from './activities';
import { activityStreams } from './activity-streams';
import { archivedPosts } from './archive';
import { errors } from './errors';
import type { Sample } from './sample';
import { eventsV1 } from './v1-events';
import { noticesV1 } from './v1-notices';
import { postsV1, siteStreams } from './v1-posts';
import { barePostsV2, noticesV2, postsV2 } from './v2';

export { expected, type Sample } from './sample';

/** At least one message of every kind and era. All ids and texts are invented. */
export const allSamples: readonly Sample[] = [
  ...postsV1,
  ...noticesV1,
  ...eventsV1,
  ...siteStreams,
  ...activityStreams,
  ...postsV2,
  ...barePostsV2,
  ...archivedPosts,
  ...noticesV2,
  ...activities,
  ...errors,
];
