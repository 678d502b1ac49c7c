export { leaveAuditEntry, takeAuditEntries, type LeftEntry } from './inbox.js';
export { openRecords } from './open.js';
export type { Records, RecordsOptions } from './open.js';
export { LIMITS } from './limits.js';
export { PUBLIC_ROLE } from './migrations/public-role.js';
export { RecordsAway } from './sql/faults.js';
export { NO_ROOM } from './sql/room.js';
export { ERASED_DAYS, UNUSED_DAYS, USER_FAULTS } from './stores/users.js';
export type { NewUser, OidcUser, Role, User, UserChange, Users } from './stores/users.js';
export type { Session, SessionLimits, Sessions } from './stores/sessions.js';
export type { Audit, AuditEntry, AuditHead, NewAuditEntry } from './stores/audit.js';
export type { AuditVerdict, BrokenLink } from './stores/audit-chain.js';
export { AUDIT_DAYS } from './stores/audit-retention.js';
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
export {
  ANSWERED_KEPT_DAYS,
  INQUIRY_ANSWERED,
  INQUIRY_LIMITS,
  OPEN_KEPT_DAYS,
} from './stores/inquiries.js';
export type {
  Inquiries,
  Inquiry,
  InquiryCount,
  InquiryKind,
  NewInquiry,
} from './stores/inquiries.js';
export { LEDGER_OTHERWISE, LEDGER_SPENT } from './stores/ledger.js';
export type { Ledger, LedgerDebit, LedgerEntry } from './stores/ledger.js';
export { STILL_BYTES_MAX } from './stores/stills.js';
export type { Still, Stills } from './stores/stills.js';
export type { PasswordCost } from './stores/password.js';
export type { BuyerCounts, BuyerFile, Buyers } from './stores/buyers.js';
export {
  APPLICATION_KEPT_DAYS,
  BUYER_FAULTS,
  BUYER_LIMITS,
  buyerState,
  contractFile,
  contractHash,
  contractInForce,
  DELETION_DAYS,
  ENDED_KEPT_DAYS,
} from './stores/buyer-types.js';
export type {
  Buyer,
  BuyerContract,
  BuyerDelivery,
  BuyerEnd,
  BuyerEndReason,
  BuyerGrant,
  BuyerKey,
  BuyerKeyGrant,
  BuyerMonth,
  BuyerState,
  BuyerUsage,
  NewBuyer,
} from './stores/buyer-types.js';
export { BUYER_KEY_PREFIX, refusalOf } from './stores/buyer-keys.js';
export type {
  BuyerDoor,
  BuyerKeys,
  BuyerRefusal,
  BuyerReservation,
  BuyerTaken,
  BuyerWant,
} from './stores/buyer-keys.js';
export type { BuyerEnds, OpenDeletions } from './stores/buyer-ends.js';
export type {
  BuyerDeliveries,
  ClaimedDelivery,
  WaitingDeliveries,
} from './stores/buyer-deliveries.js';
