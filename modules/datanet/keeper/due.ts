/** Owns the entries of the queue of deadlines: their kinds, adding and taking them back. Settling is deadlines.ts's. */
import type { Write } from "../../../chain/module/context.ts";
import { state } from "../state.ts";

/** What is due. The numbers are part of the state. */
export const DEADLINE = { record: 1, commitment: 2, notice: 3, segment: 4, demand: 5 } as const;

type Kind = (typeof DEADLINE)[keyof typeof DEADLINE];

/** Has something settled at the end of the first block at `at` seconds or later. */
export function addDeadline(ctx: Write, at: bigint, kind: Kind, first: bigint, second = 0n): void {
  state.deadlines.add(ctx, [at, kind, [first, second]]);
}

/** Takes an entry back; one that is not there any more changes nothing. */
export function dropDeadline(ctx: Write, at: bigint, kind: Kind, first: bigint, second = 0n): void {
  state.deadlines.delete(ctx, [at, kind, [first, second]]);
}
