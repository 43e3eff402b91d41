/**
 * Owns the drawing of lots: numbers that follow from a block's hash, so that every node draws the same and nobody knows
 * them before the block. It does not own what is drawn, or when (deadlines.ts).
 */
import type { Hasher } from "../../../chain/types/hash.ts";
import { concat, utf8 } from "../../../proto/bytes.ts";

/** As many numbers as a SHA-256 can be. */
const NUMBERS = 1n << 256n;

/**
 * A number from 0 to `below` - 1, each exactly as likely as any other: of the hashes' numbers those beyond the last whole
 * multiple of `below` are passed over, as otherwise the remainders of a few would come up more often. Throws unless
 * `below` is from 1 to 2^256.
 */
export function drawLot(blockHash: Uint8Array, purpose: string, below: bigint, hasher: Hasher): bigint {
  if (below < 1n || below > NUMBERS) throw new Error(`a lot below ${below}`);
  const whole = NUMBERS - (NUMBERS % below);
  for (let attempt = 0; ; attempt++) {
    const digest = hasher.hash(concat(blockHash, utf8(attempt === 0 ? purpose : `${purpose}, attempt ${attempt}`)));
    const number = digest.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    if (number < whole) return number % below;
  }
}

/**
 * Which of some weights is drawn: each as likely as it is large, by one number below their sum; undefined when the sum is
 * nothing. A weight of zero is never drawn.
 */
export function drawByWeight(weights: readonly bigint[], lot: (below: bigint) => bigint): number | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return undefined;
  let left = lot(total);
  const drawn = weights.findIndex((weight) => {
    left -= weight;
    return left < 0n;
  });
  return drawn;
}
