import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Role } from '../contract/index.js';

/** What the routes ask of sign-in: who may, who did, and until when. */
export interface Gate {
  /** Lets through who is signed in with at least this role; anyone else is answered 401 or 403. */
  requireRole(role: Role): onRequestAsyncHookHandler;
  /** The name that acknowledgements and saved plans stand under. */
  userName(request: FastifyRequest): string;
  /** Notes who saw or changed what. */
  audit(request: FastifyRequest, action: string, subject: string, detail: string): Promise<void>;
  /** The session that a request came with, for streams that outlive their request. */
  sessionId(request: FastifyRequest): string;
  /** Which of these sessions have not ended. */
  openSessions: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
}
