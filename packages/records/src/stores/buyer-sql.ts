/** Of the buyer `b`, the newest contract that was accepted, whether or not it is in force. */
export const LAST_ACCEPTED = `LATERAL (
    SELECT c.version, c.datasets, c.valid_until, a.at AS accepted_at FROM buyer_contracts c JOIN buyer_deeds a
      ON a.buyer_id = c.buyer_id AND a.version = c.version AND a.deed = 'accepted'
    WHERE c.buyer_id = b.id ORDER BY c.version DESC LIMIT 1)`;

/** Whether the contract `last` of the buyer `b` is in force at the first value of the statement. */
export const IS_IN_FORCE = '((b.ended_at IS NULL OR b.ended_at > $1) AND last.valid_until > $1)';
