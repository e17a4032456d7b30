import { Problem } from '../../util/problem';

const silenceMs = 10_000;

/** Whether the disk can be written: why the last write failed, and whether the disk does not answer at all. */
export class WriteHealth {
  private failure?: Problem;
  private silent?: Problem;
  private silence?: NodeJS.Timeout;

  /**
   * @param onProblem gets each line for the log
   * @param onSilent called when the disk has not answered for ten seconds
   */
  constructor(
    private readonly onProblem: (problem: Problem) => void,
    private readonly onSilent: () => void,
  ) {}

  /** Why the last write failed, until one succeeds. */
  get failing(): Problem | undefined {
    return this.silent ?? this.failure;
  }

  /** The disk has not answered for long. */
  get isSilent(): boolean {
    return this.silent !== undefined;
  }

  /** An operation begins, or the last one has ended and another begins. */
  watch(): void {
    this.stop();
    this.silence = setTimeout(() => {
      this.silent = new Problem('disk-silent', { seconds: silenceMs / 1000 });
      this.onProblem(this.silent);
      this.onSilent();
    }, silenceMs);
    this.silence.unref();
  }

  /** Nothing of the disk is waited for. */
  stop(): void {
    clearTimeout(this.silence);
  }

  failed(problem: Problem): void {
    this.answered();
    if (!this.failure) this.onProblem(problem);
    this.failure = problem;
  }

  worked(): void {
    this.answered();
    if (this.failure) this.onProblem(new Problem('disk-works-again'));
    this.failure = undefined;
  }

  private answered(): void {
    this.stop();
    if (this.silent) this.onProblem(new Problem('disk-works-again'));
    this.silent = undefined;
  }
}
