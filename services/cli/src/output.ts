let isLost = false;

/** Nobody reads what is written to standard output any more, or it cannot be written. */
export function isOutputLost(): boolean {
  return isLost;
}

/**
 * What is written after its reader has gone (`… | head -1`) is dropped, and no fault; that it cannot be written otherwise
 * is told once, and the process ends with 1.
 */
export function watchOutput(): void {
  // Where nobody reads the complaints either there is nobody to tell.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isLost) return;
    isLost = true;
    if (error.code === 'EPIPE') return;
    console.error(`hitonami: the output cannot be written: ${error.message}`);
    process.on('exit', (code) => {
      if (code === 0) process.exitCode = 1;
    });
  });
}
