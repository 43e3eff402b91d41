/**
 * Owns what stands behind an inline settlement: the bond a host must have put up before it may settle so, and the challenge
 * by whoever can show a match that was left out. What was paid stays paid; the host loses of its bond (modules/model). It
 * does not own the settlement (keeper.ts) nor the rule of which spans are right (challenge/settlement-flaw.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import { UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { Penalty } from "../../model/keeper/attributed.ts";
import type { Shown } from "../challenge/decision.ts";
import type { RankedSpan } from "../challenge/settlement-flaw.ts";
import { decideSettlement } from "../challenge/use-decision.ts";
import { divideCharge } from "../charge.ts";
import { errors } from "../errors.ts";
import { GAS_PER_BYTE, GAS_PER_SCORE } from "../limits.ts";
import type { Params } from "../params.ts";
import { state } from "../state.ts";
import type { Use } from "./acknowledgements.ts";
import { chargedHasher } from "./challenges.ts";
import { factsOf, type Lineages, type Models } from "./lineages.ts";

type Payout = Messages["tributary.attribution.v1.Payout"];
type InlineExposure = Messages["tributary.attribution.v1.InlineExposure"];

/** What settlements need of their neighbours. */
export interface SettlementUses {
  readonly models: Pick<Models, "bond">;
  readonly hasher: Hasher;
}

/** What a host has settled inline, as of now: a period that is over becomes the previous one, and what lies before that counts no more. */
function exposureAt(row: InlineExposure | undefined, now: bigint, period: bigint) {
  if (row === undefined || now >= row.since + 2n * period) return { since: now, current: 0n, previous: 0n };
  const [current, previous] = [BigInt(row.current), BigInt(row.previous)];
  if (now < row.since + period) return { since: row.since, current, previous };
  return { since: row.since + period, current: 0n, previous: current };
}

export class Settlements {
  readonly #uses: SettlementUses;
  readonly #lineages: Lineages;

  constructor(uses: SettlementUses, lineages: Lineages) {
    this.#uses = uses;
    this.#lineages = lineages;
  }

  /**
   * Counts a settlement among those that stand behind the host's bond. Throws attribution/35 when the bond is smaller than the parameters ask
   * for all of them together, so that a lie that is shown costs more than all the host can have diverted until then.
   */
  cover(ctx: Write, { game, split, dataSplit, useTimeoutSeconds }: Params, { fee, host }: Use): void {
    if (game.inlineBondMultiple === 0) return;
    const address = ctx.addresses.parseAccount(host);
    const period = BigInt(useTimeoutSeconds) + BigInt(game.windowSeconds);
    const before = exposureAt(state.exposures.get(ctx, address), ctx.time.seconds, period);
    const { proved } = divideCharge(BigInt(fee.amount), split, dataSplit);
    const current = before.current + proved;
    const wanted = (before.previous + current) * BigInt(game.inlineBondMultiple);
    const bond = this.#uses.models.bond(ctx, address);
    if (bond < wanted) throw errors.bondTooSmall.because(`${bond} of ${wanted}: bond more, or settle by batch`);
    const row = { host, since: before.since, current: current.toString(), previous: before.previous.toString() };
    state.exposures.set(ctx, address, row);
  }

  /** Takes a challenge of a settled use, which decides at once. Gives what the host lost. */
  challenge(
    ctx: Write,
    params: Params,
    challenger: string,
    shown: Shown<"MsgChallengeSettlement">,
  ): Penalty | undefined {
    const { useId } = shown;
    const use = state.uses.get(ctx, useId);
    if (use === undefined) throw errors.useNotFound.because(`use ${useId}`);
    const payout = state.payouts.get(ctx, useId);
    if (payout === undefined || use.status !== UseStatus.USE_STATUS_SETTLED) {
      throw errors.payoutNotFound.because(`use ${useId}`);
    }
    const end = use.expiresAt + BigInt(params.game.windowSeconds);
    if (use.isReported || ctx.time.seconds > end) throw errors.settlementClosed.because(`use ${useId}`);
    ctx.gas.consume(GAS_PER_SCORE + GAS_PER_BYTE * BigInt(shown.output.length), "settlement challenge");
    const facts = {
      outputHash: payout.outputHash,
      spans: this.#spansOf(ctx, payout),
      minSpanTokens: payout.minSpanTokens,
      maxSpans: payout.maxSpans,
      record: this.#lineages.earningRecords(ctx, use, use.openedAt),
    };
    const decision = decideSettlement(facts, shown, chargedHasher(ctx, this.#uses.hasher));
    if ("refusal" in decision) throw errors.challengeFailed.because(decision.refusal);
    return this.#punish(ctx, use, challenger, decision.flaw);
  }

  #punish(ctx: Write, use: Use, challenger: string, flaw: string): Penalty | undefined {
    state.uses.set(ctx, use.id, { ...use, isReported: true });
    const penalty = this.#lineages.punish(ctx, use, "OFFENCE_FALSE_BATCH", challenger);
    ctx.emit("settlement_challenged", [
      ["use_id", use.id.toString()],
      ["host", use.host],
      ["challenger", challenger],
      ["flaw", flaw],
    ]);
    return penalty;
  }

  /** The spans as they rank: a record keeps its place in the order whatever becomes of it. */
  #spansOf(ctx: Read, { spans }: Payout): readonly RankedSpan[] {
    return spans.map(({ outputStart, length, tokens, record: id, recordStart }) => {
      const record = this.#lineages.anyRecord(ctx, id);
      if (record === undefined) throw new Error(`record ${id.datanetId}/${id.number} was paid and is not there`);
      const place = { matchStart: outputStart, matchEnd: outputStart + length, recordStart: Number(recordStart) };
      return { ...place, tokens, record: factsOf(record) };
    });
  }
}
