/** Owns the bounds of carrying prompts and answers. It holds no behaviour. Sizes are bytes, times milliseconds. */
import { MAX_RECEIPT_TEXT_BYTES } from "../../modules/attribution/limits.ts";

/** The longest prompt and the longest answer: what a receipt may name. */
export const MAX_TEXT_BYTES = Number(MAX_RECEIPT_TEXT_BYTES);

/** How long one request waits for an answer before the user is told to ask again; a connection may be silent for 30 seconds. */
export const ANSWER_WAIT_MS = 15_000;

/** How often an answer to one use is tried before the host's program must be started anew: who asks pays nothing for a failure. */
export const MAX_ATTEMPTS_PER_USE = 3;

/** Uses of which attempts and receipts are remembered, the latest. */
export const MAX_REMEMBERED_USES = 10_000;

/** What is kept of a failed command's complaints, in characters. */
export const MAX_COMPLAINT_LENGTH = 300;

/** Seconds that a use must still be open when it is answered: user and host sign, and the receipt gets into a block. */
export const SECONDS_TO_SIGN = 20n;

/** How long a user waits before asking again, how long when the host was away or busy, and how long one request may take in all. */
export const ASK_AGAIN_MS = 500;
export const TRY_AGAIN_MS = 2_000;
export const REQUEST_TIMEOUT_MS = 60_000;

/** What is read of a host's word on why it refused, in bytes. */
export const MAX_REASON_BYTES = 500;
