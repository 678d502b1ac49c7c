import { closeSync, constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** The reading end of a named pipe that the engine writes a result into: bytes as they come, with backpressure. */
export interface ResultPipe {
  readonly stream: Socket;
  /** To be called when the engine has ended: the stream then ends after what is still in the pipe. */
  finish(): void;
}

/**
 * Opens a pipe before the engine does. A writing end of our own keeps the stream from ending before the engine has
 * begun, and lets it end where the engine never came that far.
 */
export function openResultPipe(path: string): ResultPipe {
  const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writing = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const stream = new Socket({ fd: reading, readable: true, writable: false });
  let isOpen = true;
  return {
    stream,
    finish: () => {
      if (!isOpen) return;
      isOpen = false;
      closeSync(writing);
    },
  };
}
