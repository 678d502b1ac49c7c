/** Closes one after another; one that cannot be closed leaves none of the others open. */
export async function closeAll(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  const faults: unknown[] = [];
  for (const close of closers) await close().catch((fault: unknown) => faults.push(fault));
  if (faults.length > 1)
    throw new AggregateError(faults, `${faults.length} parts could not be stopped`);
  if (faults.length === 1) throw faults[0];
}
