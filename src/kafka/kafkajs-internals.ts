// The one place that reaches into kafkajs (pinned exactly for that reason).
import RequestQueue from 'kafkajs/src/network/requestQueue';

const checkMs = 10;
let mended = false;

/**
 * Mends the timer of kafkajs 2.2.4's request queue: after its first answer every connection re-armed a
 * timer of a negative delay for ever, which cost about 4 % of a core when idle and a TimeoutNegativeWarning
 * on Node 24 (tulios/kafkajs#1751). With nothing pending there is nothing to check; what is pushed later
 * schedules its own check.
 */
export function mendRequestQueue(): void {
  if (mended) return;
  mended = true;
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(): void {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const throttled = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttled > 0 ? throttled : checkMs,
    );
  };
}
