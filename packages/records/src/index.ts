export { openRecords } from './open.js';
export type { Records, RecordsOptions } from './open.js';
export { LIMITS } from './limits.js';
export { RecordsAway } from './sql/faults.js';
export { NO_ROOM } from './sql/room.js';
export { USER_FAULTS } from './stores/users.js';
export type { NewUser, OidcUser, Role, User, UserChange, Users } from './stores/users.js';
export type { Session, SessionLimits, Sessions } from './stores/sessions.js';
export type { Audit, AuditEntry, NewAuditEntry } from './stores/audit.js';
export type {
  AlertAction,
  AlertActionKind,
  AlertRecord,
  AlertReport,
  Alerts,
  UpsertOutcome,
} from './stores/alert-types.js';
export { PLAN_VERSION_TAKEN } from './stores/plans.js';
export type { Plans, SavedPlan } from './stores/plans.js';
export type { Calendar, CalendarEntry, DayKind } from './stores/calendar.js';
export type { Note, Notes } from './stores/notes.js';
export { STILL_BYTES_MAX } from './stores/stills.js';
export type { Still, Stills } from './stores/stills.js';
export type { PasswordCost } from './stores/password.js';
