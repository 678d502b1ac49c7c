import { StreamDecoder } from '@grpc/grpc-js/build/src/stream-decoder.js';

/** What each decoder was given of a message that is not whole yet; bounded by the largest message. */
const unfinished = new WeakMap<StreamDecoder, Buffer[]>();
let isDone = false;

/**
 * From now on the pieces in which messages come from the network are overwritten as soon as a message has been put
 * together from them. grpc-js would keep those of the last message until the next begins, which on a quiet stream may be
 * for ever, and what a frame's owner overwrites is only the message.
 *
 * It goes round the library's own decoder, since it offers no other place for it: a test holds that it still does.
 */
export function overwriteReceived(): void {
  if (isDone) return;
  isDone = true;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its decoder
  const { write } = StreamDecoder.prototype;
  StreamDecoder.prototype.write = function (this: StreamDecoder, data: Buffer): Buffer[] {
    const pieces = unfinished.get(this) ?? [];
    pieces.push(data);
    let messages: Buffer[];
    try {
      messages = write.call(this, data);
    } catch (error) {
      for (const piece of pieces) piece.fill(0);
      throw error;
    }
    unfinished.set(this, messages.length === 0 ? pieces : overwrite(pieces, messages));
    return messages;
  };
}

/** Overwrites the pieces of these messages; @returns what belongs to the next. */
function overwrite(pieces: readonly Buffer[], messages: readonly Buffer[]): Buffer[] {
  let done = messages.reduce((sum, { length }) => sum + length, 0);
  const rest: Buffer[] = [];
  for (const piece of pieces) {
    const own = Math.min(done, piece.length);
    piece.fill(0, 0, own);
    done -= own;
    if (own < piece.length) rest.push(piece.subarray(own));
  }
  return rest;
}
