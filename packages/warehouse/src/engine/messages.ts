import type { Address } from './address.js';

/** First argument of the engine's process, as JSON. */
export interface EngineOptions {
  folder: string;
  /** 0 = any that is free. */
  port: number;
  /** '' = none is asked for. */
  password: string;
}

/** What the engine's process tells its parent. */
export type EngineMessage =
  | { kind: 'ready'; url: string; port: number; version: string }
  | {
      kind: 'failed';
      /** ClickHouse's code, or the system's (`EADDRINUSE`). */
      code: string;
      text: string;
      /** Where another process owns the folder: which. */
      owner?: Address;
    };
