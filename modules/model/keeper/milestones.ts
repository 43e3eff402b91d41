/**
 * Owns a model's escrow: what trades on its curve have paid in fees reaches the owner by milestones, and backers can stop
 * them. Both what a veto weighs and what all vetoes are compared with are shares that earned when the milestone was proposed, so
 * who backs afterwards neither adds to vetoes nor thins them; they stay answerable longer than a milestone can be vetoed, so
 * nobody's money vetoes twice.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { utf8Length } from "../../../proto/bytes.ts";
import { MilestoneStatus } from "../../../proto/enums.gen.ts";
import { errors } from "../errors.ts";
import { CURVES, MODEL, type ModelKeeper } from "../keeper.ts";
import { HASH_BYTES, MAX_DECIDED_PER_BLOCK, MAX_NOTE_BYTES, PARTS_PER_MILLION } from "../limits.ts";
import { type Milestone, state } from "../state.ts";
import { backingOf, epochOf, type Fraction, grant, markVeto } from "./backing.ts";
import { curveOf, setCurve } from "./trading.ts";

/** Asks for a part of the escrow. Gives the milestone. */
export function propose(
  keeper: ModelKeeper,
  ctx: Write,
  owner: string,
  modelId: bigint,
  claim: { readonly amount: bigint; readonly evidenceHash: Uint8Array; readonly note: string },
): Milestone {
  keeper.ownModel(ctx, owner, modelId);
  keeper.activeModel(ctx, modelId);
  const { escrow } = curveOf(ctx, modelId);
  if (claim.amount > BigInt(escrow)) throw errors.tooMuch.because(`${claim.amount} of an escrow of ${escrow}`);
  if (claim.evidenceHash.length !== HASH_BYTES) {
    throw errors.invalidMilestone.because(`evidence_hash has ${claim.evidenceHash.length} bytes`);
  }
  if (utf8Length(claim.note) > MAX_NOTE_BYTES) throw errors.invalidMilestone.because("the note is too long");
  const last = state.milestones.first(ctx, { prefix: modelId, reverse: true })?.[1];
  if (last?.status === MilestoneStatus.MILESTONE_STATUS_OPEN) {
    throw errors.invalidMilestone.because(`milestone ${last.number} of model ${modelId} is open`);
  }
  const milestone: Milestone = {
    modelId,
    number: (last?.number ?? 0n) + 1n,
    amount: claim.amount.toString(),
    evidenceHash: claim.evidenceHash,
    note: claim.note,
    vetoes: "0",
    decidesAt: ctx.time.seconds + keeper.params(ctx).vetoSeconds,
    status: MilestoneStatus.MILESTONE_STATUS_OPEN,
    epoch: epochOf(keeper, ctx),
    activeShares: backingOf(keeper, ctx, modelId).activeShares,
  };
  state.milestones.set(ctx, [modelId, milestone.number], milestone);
  tell(ctx, "milestone_proposed", milestone, [["amount", milestone.amount]]);
  return milestone;
}

/** Puts against a milestone what a backer has of the shares that earned when it was proposed. Gives what stands against it. */
export function veto(keeper: ModelKeeper, ctx: Write, backer: Uint8Array, modelId: bigint, number: bigint): bigint {
  const milestone = state.milestones.get(ctx, [modelId, number]);
  if (milestone?.status !== MilestoneStatus.MILESTONE_STATUS_OPEN) {
    throw errors.invalidMilestone.because(`milestone ${number} of model ${modelId} is not open`);
  }
  const shares = markVeto(keeper, ctx, modelId, backer, number);
  const vetoes = BigInt(milestone.vetoes) + shares;
  state.milestones.set(ctx, [modelId, number], { ...milestone, vetoes: vetoes.toString() });
  tell(ctx, "milestone_vetoed", milestone, [
    ["backer", ctx.addresses.account(backer)],
    ["shares", shares.toString()],
  ]);
  return vetoes;
}

/** Decides milestones whose time is over, the earliest first and a bounded number. */
export function decideMilestones(keeper: ModelKeeper, ctx: Write): void {
  const due = { end: ctx.time.seconds + 1n, limit: MAX_DECIDED_PER_BLOCK };
  for (const [, at] of [...state.milestones.by.end.iterate(ctx, due)]) {
    const milestone = state.milestones.get(ctx, at)!;
    if (isStopped(keeper, ctx, milestone)) close(ctx, milestone, MilestoneStatus.MILESTONE_STATUS_VETOED);
    else release(keeper, ctx, milestone);
  }
}

/** A retired model releases nothing more: what is in its escrow goes to its backers, or is burned when it has none. */
export function endEscrow(keeper: ModelKeeper, ctx: Write, modelId: bigint): void {
  const last = state.milestones.first(ctx, { prefix: modelId, reverse: true })?.[1];
  if (last?.status === MilestoneStatus.MILESTONE_STATUS_OPEN) {
    close(ctx, last, MilestoneStatus.MILESTONE_STATUS_VETOED);
  }
  const curve = state.curves.get(ctx, modelId);
  if (curve === undefined || curve.escrow === "0") return;
  const escrow = BigInt(curve.escrow);
  setCurve(ctx, { ...curve, escrow: "0" });
  keeper.uses.bank.sendBetweenModules(ctx, CURVES, MODEL, keeper.reserveCoins(ctx, escrow));
  if (!grant(keeper, ctx, modelId, escrow)) keeper.uses.bank.burn(ctx, MODEL, keeper.reserveCoins(ctx, escrow));
}

/** Takes a share of a model's escrow for an offence, into the module's account. Gives what was taken. */
export function slashEscrow(keeper: ModelKeeper, ctx: Write, modelId: bigint, { part, whole }: Fraction): bigint {
  const curve = state.curves.get(ctx, modelId);
  const taken = curve === undefined ? 0n : (BigInt(curve.escrow) * part) / whole;
  if (curve === undefined || taken === 0n) return 0n;
  setCurve(ctx, { ...curve, escrow: (BigInt(curve.escrow) - taken).toString() });
  keeper.uses.bank.sendBetweenModules(ctx, CURVES, MODEL, keeper.reserveCoins(ctx, taken));
  return taken;
}

function isStopped(keeper: ModelKeeper, ctx: Read, { vetoes, activeShares }: Milestone): boolean {
  const against = BigInt(vetoes);
  const active = BigInt(activeShares);
  const part = BigInt(keeper.params(ctx).vetoPpm);
  return against > 0n && against * BigInt(PARTS_PER_MILLION) >= active * part;
}

/** Pays the owner; no more than a punishment has left in the escrow. */
function release(keeper: ModelKeeper, ctx: Write, milestone: Milestone): void {
  const curve = curveOf(ctx, milestone.modelId);
  const [asked, escrow] = [BigInt(milestone.amount), BigInt(curve.escrow)];
  const paid = asked < escrow ? asked : escrow;
  setCurve(ctx, { ...curve, escrow: (escrow - paid).toString() });
  const coins = keeper.reserveCoins(ctx, paid);
  const { owner } = keeper.model(ctx, milestone.modelId);
  if (coins.length > 0) keeper.uses.bank.sendFromModule(ctx, CURVES, ctx.addresses.parseAccount(owner), coins);
  close(ctx, { ...milestone, amount: paid.toString() }, MilestoneStatus.MILESTONE_STATUS_RELEASED);
}

function close(ctx: Write, milestone: Milestone, status: Milestone["status"]): void {
  const { modelId, number } = milestone;
  state.milestones.set(ctx, [modelId, number], { ...milestone, status });
  tell(ctx, "milestone_decided", milestone, [
    ["released", (status === MilestoneStatus.MILESTONE_STATUS_RELEASED).toString()],
    ["amount", milestone.amount],
  ]);
}

function tell(ctx: Write, type: string, milestone: Milestone, more: readonly (readonly [string, string])[]): void {
  ctx.emit(type, [["model_id", milestone.modelId.toString()], ["number", milestone.number.toString()], ...more]);
}
