/**
 * Owns what is counted of a mempool. Does not own who shows it (node/metrics).
 */

/** What happened since the start, for the metrics. */
interface MempoolCounts {
  /** Refused by the application. */
  failed: number;
  /** Refused unseen: no room, or too much of one signer. */
  rejected: number;
  /** Left for others that pay more. */
  evicted: number;
  expired: number;
  rechecked: number;
  /** Seen before. */
  alreadyReceived: number;
  admitted: number;
}

/** Nothing has happened yet. */
export function noCounts(): MempoolCounts {
  return {
    failed: 0,
    rejected: 0,
    evicted: 0,
    expired: 0,
    rechecked: 0,
    alreadyReceived: 0,
    admitted: 0,
  };
}
