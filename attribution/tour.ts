/**
 * Owns the tour: the chain's main job on real data against a running node, with every step checked. It does not own the
 * node, nor the steps (tour/). The first check that fails throws TourError; a transaction that fails throws its log.
 */
import { VerifiedState } from "../client/verified-state.ts";
import { base64, concat, equalBytes, hex } from "../proto/bytes.ts";
import { ChainSession } from "./chain-session.ts";
import { attended, requireShortWindow, settleByBatch } from "./tour/batches.ts";
import { check, type TextSealing, type TourContext, type TourOptions, tourContext } from "./tour/context.ts";
import { spendEarnings } from "./tour/earnings.ts";
import { prepareGround, submitDuplicate } from "./tour/ground.ts";
import { tradeOnMarket } from "./tour/market.ts";
import { payInAnotherToken } from "./tour/other-token.ts";
import { settleInPrivate } from "./tour/private-batch.ts";
import { openLicensed, prepareSecret } from "./tour/private-notes.ts";
import type { ProofResult, TourResult, UseResult } from "./tour/report.ts";
import { sealRecords } from "./tour/sealing.ts";
import {
  checkEarnings,
  earnedBy,
  encodePayout,
  openUses,
  type Payout,
  settleUses,
  submitTampered,
  totalsOf,
  useResult,
} from "./tour/uses.ts";

export type { TextSealing, TourAccounts, TourOptions } from "./tour/context.ts";
export { TourError } from "./tour/context.ts";
export { type TourResult, tourLines, type UseResult, useLines } from "./tour/report.ts";

/** Runs the whole tour. It may be run again on the same chain: what the first part makes is kept. */
export async function runTour(options: TourOptions, sealing: TextSealing): Promise<TourResult> {
  const started = performance.now();
  return withSession(options, async (tour) => {
    const { session } = tour;
    await requireShortWindow(tour);
    const light = await VerifiedState.from(session.comet, await session.height());
    const ground = await prepareGround(tour);
    const secret = await prepareSecret(tour, sealing);
    const duplicate = await submitDuplicate(tour, ground);
    const before = await earnedBy(tour);
    const answers = await openUses(tour, ground);
    const tampered = await submitTampered(tour, answers[0]!);
    const payouts = await settleUses(tour, answers);
    const totals = totalsOf(payouts);
    await checkEarnings(tour, before, payouts);
    const uses = answers.map((answer, i) => useResult(tour, ground, answer, payouts[i]!));
    const otherToken = await payInAnotherToken(tour, ground);
    const waiting = await settleByBatch(tour, ground, secret);
    const inPrivate = await settleInPrivate(tour, secret, waiting, answers[0]!.output);
    const rest = await attended([waiting, inPrivate], async () => ({
      ...(await spendEarnings(tour, ground.poolId)),
      proof: await provePayout(tour, light, payouts[0]!),
      market: await tradeOnMarket(tour, ground),
      segment: await sealRecords(tour, ground),
      access: await openLicensed(tour, sealing, secret),
      secret: await inPrivate.finish(),
      batch: await waiting.finish(),
    }));
    return {
      chainId: session.chainId,
      datanetId: ground.datanetId.toString(),
      contributions: ground.contributions,
      duplicate,
      model: {
        modelId: ground.model.id.toString(),
        weightsHash: hex(ground.model.weightsHash),
        lineage: ground.model.lineage.map((line) => `${line.datanetId}:${line.recordCount}`),
      },
      uses,
      totals,
      tampered,
      ...rest,
      otherToken,
      seconds: Math.round((performance.now() - started) / 100) / 10,
    };
  });
}

/** Runs the first part only, as far as it is not done: datanet, records, model and a pool. */
export async function seedTour(options: TourOptions): Promise<void> {
  await withSession(options, prepareGround);
}

/** The first part, then one completion asked for, attributed, settled and paid: what a new development chain shows. */
export async function seedAndPayOnce(options: TourOptions, prompt: string): Promise<UseResult> {
  return withSession(options, async (tour) => {
    const ground = await prepareGround(tour);
    const answers = await openUses(tour, ground, [prompt]);
    const payouts = await settleUses(tour, answers);
    return useResult(tour, ground, answers[0]!, payouts[0]!);
  });
}

async function withSession<Result>(
  options: TourOptions,
  action: (tour: TourContext) => Promise<Result>,
): Promise<Result> {
  const session = await ChainSession.connect(options);
  try {
    return await action(await tourContext(session, options));
  } finally {
    session.disconnect();
  }
}

/** Reads a payout with its proof, and verifies it against a header that was verified from the tour's first one. */
async function provePayout(tour: TourContext, light: VerifiedState, payout: Payout): Promise<ProofResult> {
  const useId = new Uint8Array(8);
  new DataView(useId.buffer).setBigUint64(0, payout.useId);
  const key = concat(Uint8Array.of(3), useId);
  const trustedFrom = light.trustedHeight.toString();
  const { value, height, header, ops } = await light.read("attribution", key);
  const proven = value ?? new Uint8Array(0);
  check(equalBytes(proven, encodePayout(payout)), `the proven payout ${payout.useId} is the one that was paid`);
  tour.say(
    `payout ${payout.useId} proven under the app hash in header ${header.height}, verified from ${trustedFrom} on`,
  );
  return {
    useId: payout.useId.toString(),
    trustedFrom,
    height: height.toString(),
    headerHeight: header.height.toString(),
    appHash: hex(header.appHash),
    store: "attribution",
    key: hex(key),
    value: hex(proven),
    ops: ops.map((op) => ({ type: op.type, key: base64(op.key), data: base64(op.data) })),
  };
}
