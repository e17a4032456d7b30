/**
 * Settles as `work` does if that happens within `ms` milliseconds, else with the result of `onLate`.
 * What `work` does later is ignored.
 * @param onLate returns the value to resolve with, or throws the error to reject with
 */
export async function within<Result, Late>(
  work: Promise<Result>,
  ms: number,
  onLate: () => Late,
): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  }).then(onLate);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
