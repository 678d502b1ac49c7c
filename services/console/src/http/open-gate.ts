import type { Gate } from './gate.js';

/** Until sign-in is there: lets everybody through. */
export function openGate(): Gate {
  return {
    requireRole: () => async () => {},
    userName: () => 'developer',
    audit: async () => {},
    sessionId: () => 'developer',
    openSessions: async (ids) => new Set(ids),
  };
}
