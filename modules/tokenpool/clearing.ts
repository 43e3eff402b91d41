/**
 * Owns the one price of a block's orders. All who sell one side of a pool together with all who sell the other get the
 * same price, and the pool takes the difference: with a and b what both sides sell after the fee, x and y the reserves,
 * (x + a − b/p)(y + b − a·p) = x·y has the one solution p = (y + b) / (x + a). A single order gets what a swap would have
 * given. It does not own orders or pools (keeper/batch.ts).
 */
import { PARTS_PER_MILLION } from "./limits.ts";

/** An order as the price sees it. */
export interface Bid {
  /** Whether it sells the pool's first denomination. */
  readonly sells0: boolean;
  readonly amountIn: bigint;
  readonly minOut: bigint;
}

/** A price of the first denomination in the second, as a fraction. */
interface Price {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * What each order gets; undefined for one that the price does not suffice for. While there are such, the one whose limit
 * is farthest beyond the price leaves, the later of equals, and the price is found anew: so no order that is carried out
 * gets less than it asked for, and none leaves that the price of those that stay would have satisfied when it left.
 */
export function clear(
  bids: readonly Bid[],
  reserve0: bigint,
  reserve1: bigint,
  feePpm: bigint,
): readonly (bigint | undefined)[] {
  const staying = new Set(bids);
  for (;;) {
    const price = priceOf(staying, reserve0, reserve1, feePpm);
    let worst: { bid: Bid; wanted: bigint; given: bigint } | undefined;
    for (const bid of staying) {
      const { wanted, given } = measure(bid, price, feePpm);
      if (wanted <= given) continue;
      // Fractions wanted/given are compared by cross multiplication.
      if (worst === undefined || wanted * worst.given >= worst.wanted * given) worst = { bid, wanted, given };
    }
    if (worst === undefined) {
      return bids.map((bid) => (staying.has(bid) ? outputOf(bid, price, feePpm) : undefined));
    }
    staying.delete(worst.bid);
  }
}

function priceOf(bids: Iterable<Bid>, reserve0: bigint, reserve1: bigint, feePpm: bigint): Price {
  let [numerator, denominator] = [reserve1 * PARTS_PER_MILLION, reserve0 * PARTS_PER_MILLION];
  for (const { sells0, amountIn } of bids) {
    const afterFee = amountIn * (PARTS_PER_MILLION - feePpm);
    if (sells0) denominator += afterFee;
    else numerator += afterFee;
  }
  return { numerator, denominator };
}

/** What the order wants and what it gets at the price, both over one denominator; exact, so before rounding. */
function measure(bid: Bid, price: Price, feePpm: bigint): { readonly wanted: bigint; readonly given: bigint } {
  const [up, down] = bid.sells0 ? [price.numerator, price.denominator] : [price.denominator, price.numerator];
  return {
    wanted: bid.minOut * down * PARTS_PER_MILLION,
    given: bid.amountIn * (PARTS_PER_MILLION - feePpm) * up,
  };
}

function outputOf(bid: Bid, price: Price, feePpm: bigint): bigint {
  const [up, down] = bid.sells0 ? [price.numerator, price.denominator] : [price.denominator, price.numerator];
  return (bid.amountIn * (PARTS_PER_MILLION - feePpm) * up) / (down * PARTS_PER_MILLION);
}
