/** The division of a stream of revenue among shares. */
import { expect, test } from "vitest";
import { accumulate, countsExactly, earnedBetween } from "../../../chain/types/accumulator.ts";

test("an accumulator gives no more than came, and carries what it could not divide", () => {
  let state = { accumulator: 0n, remainder: 0n };
  let came = 0n;
  for (const amount of [1n, 1n, 1n, 10n, 1_000_003n]) {
    state = accumulate(state, amount, 7n);
    came += amount;
  }
  const each = earnedBetween(0n, state.accumulator, 1n);
  expect(each).toBe(came / 7n);
  expect(earnedBetween(0n, state.accumulator, 3n) + earnedBetween(0n, state.accumulator, 4n)).toBeLessThanOrEqual(came);
  expect(() => accumulate(state, 1n, 0n)).toThrow("no shares");
  // The state says to the last unit what came, and neither more nor less would have led to it.
  expect([came - 1n, came, came + 1n].map((received) => countsExactly(state, received, 7n))).toEqual([
    false,
    true,
    false,
  ]);
  expect(countsExactly({ ...state, remainder: state.remainder + 1n }, came, 7n)).toBe(false);
});
