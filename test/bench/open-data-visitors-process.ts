import { Agent, get, type IncomingMessage } from 'node:http';
import { answerParent } from './child.js';

/** Who comes: pages asked for at a steady pace whether or not earlier ones are answered, and downloads beside each other. */
export interface VisitorsOrder {
  readonly url: string;
  readonly pages: readonly string[];
  readonly perS: number;
  readonly files: readonly string[];
  readonly downloads: number;
  /** Of the line of each who downloads, bytes/s. */
  readonly bytesPerS: number;
}

export interface Visited {
  /** From when a page was due until its last byte was there. */
  readonly latenciesMs: readonly number[];
  readonly downloadedBytes: number;
  readonly faults: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as VisitorsOrder;
const { hostname, port } = new URL(order.url);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
/** Downloads wait for no page. */
const lines = new Agent({ keepAlive: true, maxSockets: order.downloads + 1 });
/** The pace is kept in steps of this, ms. */
const STEP_MS = 5;
/** How much is read at once from a line of so many bytes a second. */
const READ_EVERY_MS = 50;

let latenciesMs: number[] = [];
let [downloadedBytes, faults, asked, isOver] = [0, 0, 0, false];

/** From another address each time: nobody is rationed who would not be. */
const somebody = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;

function ask(
  path: string,
  n: number,
  through: Agent,
  taken: (answer: IncomingMessage) => void,
): void {
  // Pages go to browsers; files to programs that ask for them as they are.
  const isPage = through === agent;
  const headers = { 'x-forwarded-for': somebody(n), ...(isPage && { 'accept-encoding': 'br' }) };
  get({ hostname, port, path, headers, agent: through }, taken).once('error', () => (faults += 1));
}

const startMs = performance.now();
const pace = setInterval(() => {
  const due = ((performance.now() - startMs) / 1000) * order.perS;
  for (; asked < due; asked++) {
    const dueMs = startMs + (asked / order.perS) * 1000;
    ask(order.pages[asked % order.pages.length] ?? '/', asked, agent, (answer) => {
      if (answer.statusCode !== 200) faults += 1;
      answer.resume().once('end', () => latenciesMs.push(performance.now() - dueMs));
    });
  }
}, STEP_MS);

function download(n: number): void {
  if (isOver) return;
  const path = order.files[n % order.files.length] ?? '/';
  ask(path, 1e6 + n, lines, (answer) => {
    if (answer.statusCode !== 200) faults += 1;
    let spare = 0;
    const timer = setInterval(() => {
      spare = Math.min(spare, 0) + (order.bytesPerS * READ_EVERY_MS) / 1000;
      answer.resume();
    }, READ_EVERY_MS);
    answer.on('data', (chunk: Buffer) => {
      downloadedBytes += chunk.byteLength;
      spare -= chunk.byteLength;
      if (spare <= 0) answer.pause();
    });
    answer.once('close', () => {
      clearInterval(timer);
      download(n + order.downloads);
    });
  });
}
for (let i = 0; i < order.downloads; i++) download(i);

answerParent(
  (): Promise<Visited> => {
    const visited = { latenciesMs, downloadedBytes, faults };
    [latenciesMs, downloadedBytes, faults] = [[], 0, 0];
    return Promise.resolve(visited);
  },
  () => {
    isOver = true;
    clearInterval(pace);
    agent.destroy();
    lines.destroy();
    process.exit(0);
  },
);
