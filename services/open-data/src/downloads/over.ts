import type { Socket } from 'node:net';
import { finished } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What is to be done for the answers of a connection when that closes. */
const acts = new WeakMap<Socket, Set<() => void>>();

/**
 * Acts once when an answer is over, however it ends. An answer that waits behind another one on its connection (pipelining) does
 * not learn that the connection has closed: so the connection is watched too.
 *
 * @param act told whether everything was sent
 */
export function whenOver(
  { raw: { socket } }: FastifyRequest,
  { raw: answer }: FastifyReply,
  act: (isWhole: boolean) => void,
): void {
  let isOver = false;
  const end = (isWhole: boolean): void => {
    if (isOver) return;
    isOver = true;
    acts.get(socket)?.delete(cut);
    act(isWhole);
  };
  const cut = (): void => {
    end(false);
  };
  finished(answer, (error) => {
    end(error == null);
  });
  watched(socket).add(cut);
  if (socket.destroyed) setImmediate(cut);
}

/** One listener for a connection, however many answers it waits for. */
function watched(socket: Socket): Set<() => void> {
  const known = acts.get(socket);
  if (known !== undefined) return known;
  const made = new Set<() => void>();
  acts.set(socket, made);
  socket.once('close', () => {
    // An answer that was sent whole says so itself, a moment before.
    for (const cut of made) cut();
  });
  return made;
}
