import { jsonText } from './json';
import type { NoticeKind, NoticeMaker, NoticeShape } from './notice';
import { v1Notices } from './notices-v1';
import { v2Notices } from './notices-v2';
import type { People } from './people';
import type { Random } from './random';
import { type Snowflakes, snowflakeAt } from './snowflake';

/** Shares of the notices. A disconnect is only generated on request: it would end the stream. */
const shares: { kind: NoticeKind; share: number }[] = [
  { kind: 'delete', share: 62 },
  { kind: 'event', share: 14 },
  { kind: 'limit', share: 6 },
  { kind: 'scrub_geo', share: 5 },
  { kind: 'withheld', share: 5 },
  { kind: 'direct_message', share: 4 },
  { kind: 'warning', share: 3 },
  { kind: 'friends', share: 1 },
];

export class NoticeWriter {
  constructor(
    private readonly random: Random,
    private readonly people: People,
    private readonly ids: Snowflakes,
    private readonly now: () => number,
  ) {}

  /** A line with a notice; kind and shape are random if not given. */
  line(kind?: NoticeKind, shape?: NoticeShape, recent?: { id: string; author: string }): string {
    const { random } = this;
    const chosen = kind ?? random.weighted(shares).kind;
    // Today's streams are v2; the v1.1 format comes from recordings and gateways.
    const usual = random.chance(0.75) ? 'v2' : 'v1';
    const makers = this.makers(chosen, shape ?? usual) ?? this.makers(chosen, shape ?? 'v1');
    if (!makers) throw new Error(`A ${chosen} notice does not exist in the ${shape} format.`);
    const user = this.people.anyone().user;
    const post = recent ?? {
      id: snowflakeAt(this.now() - random.int(60_000, 86_400_000), 0),
      author: user.id,
    };
    const other = this.people.anyone().user;
    const newId = () => this.ids.next();
    return jsonText(random.pick(makers)({ random, at: this.now(), post, user, other, newId }));
  }

  private makers(kind: NoticeKind, shape: NoticeShape): NoticeMaker[] | undefined {
    return shape === 'v2' ? v2Notices[kind] : v1Notices[kind];
  }
}
