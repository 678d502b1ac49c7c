/**
 * How long an audit entry is kept, days: three years. Long enough to answer who read what in a year that is looked into
 * only after its end, and to be erased, since it names the staff and the addresses that they worked at. No plan can change
 * it: whoever may write plans must not be able to shorten the record of what they did.
 */
export const AUDIT_DAYS = 1_096;
