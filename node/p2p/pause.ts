/** Waiting, for what serves one peer after the other's share. */

/** Resolves after `ms` milliseconds, without keeping the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
