import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { answerParent } from './child.js';

/** Who watches: so many with each session's cookie, and so many who never read what they are sent. */
export interface ViewersOrder {
  url: string;
  path: string;
  cookies: string[];
  each: number;
  stalled: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as ViewersOrder;
const { hostname, port } = new URL(order.url);
/** An empty line ends an event; the transfer's own line end follows. */
const END = Buffer.from('\n\n\r\n');
const sockets: Socket[] = [];
let latenciesMs: number[] = [];

for (const cookie of order.cookies)
  for (let i = 0; i < order.each; i++) sockets.push(await watch(cookie, true));
for (let i = 0; i < order.stalled; i++) sockets.push(await watch(order.cookies[0] ?? '', false));

async function watch(cookie: string, reads: boolean): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`GET ${order.path} HTTP/1.1\r\nhost: ${hostname}\r\ncookie: ${cookie}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  if (!head.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(head.toString());
  if (reads) readFrom(socket);
  else socket.pause();
  return socket;
}

/** The event's id is when the picture was captured; it is there when its last byte is. */
function readFrom(socket: Socket): void {
  let capturedMs: number | undefined;
  socket.on('data', (piece: Buffer) => {
    const at = piece.indexOf('\nid: ');
    if (at >= 0) capturedMs = Date.parse(piece.toString('latin1', at + 5, at + 29));
    if (capturedMs === undefined || !piece.subarray(-4).equals(END)) return;
    latenciesMs.push(Date.now() - capturedMs);
    capturedMs = undefined;
  });
}

answerParent(
  () => {
    const had = latenciesMs;
    latenciesMs = [];
    return Promise.resolve(had);
  },
  () => {
    for (const socket of sockets) socket.destroy();
    process.exit(0);
  },
);
