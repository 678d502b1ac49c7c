/** Every bound of the embedded engine, in one place. */

/** Largest SQL text, bytes. */
export const SQL_BYTES_MAX = 16 * 1024 * 1024;
/** Largest body of one insert, bytes, after decompression. */
export const BODY_BYTES_MAX = 256 * 1024 * 1024;
/** Memory that all bodies together may take while they wait, bytes. */
export const SPOOL_BYTES_MAX = 512 * 1024 * 1024;
/** Requests that may wait for a lane; one more is answered 503. */
export const QUEUE_MAX = 64;
/** Reads that run side by side. Writes run one at a time. */
export const READ_LANES = 2;
/** Longest run of one query that does not say otherwise (`max_execution_time`), s. */
export const QUERY_SECONDS_MAX = 300;
/** Memory of one query that does not say otherwise (`max_memory_usage`), bytes. */
export const QUERY_MEMORY_MAX = 4 * 1024 * 1024 * 1024;
/** Cache of index marks, bytes; the engine's own default is 5 GiB. */
export const MARK_CACHE_BYTES = 64 * 1024 * 1024;
/** A client that neither sends nor reads for so long is cut off, ms. */
export const CLIENT_IDLE_MS = 60_000;
/** An idle connection is kept for so long, ms; the client is told less, so that it always closes first. */
export const KEEP_ALIVE_MS = 90_000;
export const KEEP_ALIVE_TOLD_S = 60;
/** What is still read and thrown away from a refused body, so that the client sees the answer and no reset, bytes. */
export const DRAIN_BYTES_MAX = 1024 * 1024 * 1024;
/** Connections open at the same time. */
export const CONNECTIONS_MAX = 256;
/** On stop, running requests get so long to end, ms. */
export const STOP_GRACE_MS = 5_000;
/** Between the mark of a result that broke off and the end of its connection, ms. */
export const BREAK_OFF_MS = 50;
/** Pause between two attempts to cancel the query of a client that went away, ms. */
export const CANCEL_AGAIN_MS = 500;
