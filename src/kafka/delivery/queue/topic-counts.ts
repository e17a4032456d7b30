/** Numbers of records by topic. */
export class TopicCounts {
  total = 0;
  private readonly byTopic = new Map<string, number>();

  /** The topics that have records, and how many. */
  get all(): Iterable<[topic: string, records: number]> {
    return this.byTopic;
  }

  get(topic: string): number {
    return this.byTopic.get(topic) ?? 0;
  }

  add(topic: string): void {
    this.total++;
    this.byTopic.set(topic, this.get(topic) + 1);
  }

  remove(topic: string): void {
    this.total--;
    const left = this.get(topic) - 1;
    if (left > 0) this.byTopic.set(topic, left);
    else this.byTopic.delete(topic);
  }
}
