/** How long a browser waits before it connects again, ms. */
const RETRY_MS = 2_000;

/** One server-sent event as bytes that every viewer shares. JSON has no line breaks, so one `data` line is enough. */
export function eventChunk(event: string, data: unknown, id?: string): Buffer {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: ${event}\n${head}data: ${JSON.stringify(data)}\n\n`);
}

/** A comment: keeps what lies between the console and a browser from closing a quiet stream. */
export const HEARTBEAT = Buffer.from(': still here\n\n');
export const GREETING = Buffer.from(`retry: ${RETRY_MS}\n\n`);
