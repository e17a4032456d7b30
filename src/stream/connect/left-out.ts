/** Follows X's count of the posts that it has left out, which begins at 0 with each connection. */
export class LeftOut {
  private total = 0;

  /** A connection opened. */
  opened(): void {
    this.total = 0;
  }

  /**
   * @param total as a limit notice has it; undefined for any other message
   * @returns how many more than before; 0 for none
   */
  increase(total: number | undefined): number {
    if (total === undefined) return 0;
    const more = Math.max(0, total - this.total);
    this.total = Math.max(total, this.total);
    return more;
  }
}
