/** Asks the signal anew: the compiler takes what it saw of `aborted` once for true ever after. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
