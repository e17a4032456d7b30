import type { Body } from './problems';
import type { Settings } from './settings';

/** Posts that were read, each once per UTC day. */
export class Usage {
  private day = '';
  private readonly today = new Set<string>();
  private posts = 0;

  constructor(
    private readonly settings: Pick<Settings, 'usage'>,
    private readonly now: () => number,
  ) {}

  add(id: string): void {
    const day = new Date(this.now()).toISOString().slice(0, 10);
    if (day !== this.day) this.today.clear();
    this.day = day;
    if (!this.today.has(id)) this.posts++;
    this.today.add(id);
  }

  /** GET /2/usage/tweets */
  body(query: URLSearchParams): Body {
    const { used, cap, resetDay } = this.settings.usage;
    const data: Body = {
      project_usage: String(used + this.posts),
      project_id: '1288834974657',
      project_cap: String(cap),
      cap_reset_day: resetDay,
    };
    const fields = query.get('usage.fields')?.split(',') ?? Object.keys(data);
    return { data: Object.fromEntries(Object.entries(data).filter(([name]) => fields.includes(name))) };
  }
}
