/** Owns the tour's uses: opening, answering, attributing, settling them, and checking every payout. */

import { sha256 } from "../../chain/types/hash.ts";
import { nativeMessage } from "../../client/registry.ts";
import { receiptText } from "../../modules/attribution/receipt.ts";
import { concat, equalBytes, utf8 } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type Refusal, signText } from "../chain-session.ts";
import type { NgramModel } from "../ngram-model.ts";
import type { Span } from "../settlement.ts";
import { check, checkRefusal, PRICE, partiesOf, REFUSED_GAS, type TourContext, TourError } from "./context.ts";
import type { Ground } from "./ground.ts";
import { PROMPTS } from "./prompts.ts";
import type { PaidLines, Totals, UseResult } from "./report.ts";

export type Payout = Messages["tributary.attribution.v1.Payout"];

/** A use that was opened and answered. */
export interface Answer {
  readonly useId: bigint;
  readonly prompt: string;
  readonly output: Uint8Array;
  readonly receipt: Uint8Array;
  readonly spans: readonly Span[];
}

const USES_PER_TRANSACTION = 4;
const COMPLETION_TOKENS = 160;
const COMPLETION_BYTES = 1500;
/** A completion is empty when every place of the prompt's end is the end of a record; then another seed is tried. */
const MAX_ATTEMPTS = 16;

/** A use that was opened and answered, before anybody signs for it. */
export interface OpenedUse {
  readonly useId: bigint;
  readonly prompt: string;
  readonly output: Uint8Array;
}

/** Opens one use for each prompt, in one transaction, and has each answered. */
export async function askFor(
  tour: TourContext,
  { model, answers }: Pick<Ground, "model" | "answers">,
  prompts: readonly string[],
  maxFee: Messages["cosmos.base.v1beta1.Coin"] = model.price,
): Promise<readonly OpenedUse[]> {
  const { session, user } = tour;
  const messages = prompts.map((prompt) => {
    const use = { user: user.address, modelId: model.id, promptHash: sha256(utf8(prompt)), maxFee };
    return nativeMessage("tributary.attribution.v1.MsgOpenUse", use);
  });
  const { responses, height } = await session.send(user, messages);
  tour.say(`${user.name} asked for ${prompts.length} completions at height ${height}`);
  return prompts.map((prompt, i) => {
    const { useId } = decode("tributary.attribution.v1.MsgOpenUseResponse", responses[i]!.value);
    return { useId, prompt, output: complete(answers, prompt, useId) };
  });
}

/** Has uses opened, answered, attributed and signed for. */
export async function openUses(
  tour: TourContext,
  ground: Ground,
  prompts: readonly string[] = PROMPTS,
  maxFee: Messages["cosmos.base.v1beta1.Coin"] = ground.model.price,
): Promise<readonly Answer[]> {
  const { session, user } = tour;
  const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
  const opened = await askFor(tour, ground, prompts, maxFee);
  await standBehind(tour, BigInt(prompts.length) * BigInt(params.game.inlineBondMultiple));
  return Promise.all(
    opened.map(async (use) => {
      const { useId, output } = use;
      const receipt = await signText(user, receiptText(session.chainId, useId, sha256(output)));
      return { ...use, receipt, spans: ground.prover.prove(output, params, ground.mayCite) };
    }),
  );
}

/**
 * Bonds the host for so many fees, ten times over: only a part of each is divided by proof, but settlements of earlier tours count for a
 * while, and a host that cheats in batches loses of its bond.
 */
async function standBehind({ session, host, say }: TourContext, fees: bigint): Promise<void> {
  const { operator } = await session.query("tributary.model.v1.Query/Operator", { operator: host.address });
  const lacking = 10n * fees * BigInt(PRICE.amount) - BigInt(operator.bond);
  if (lacking <= 0n) return;
  const amount = { denom: PRICE.denom, amount: lacking.toString() };
  await session.send(host, [nativeMessage("tributary.model.v1.MsgBondOperator", { operator: host.address, amount })]);
  say(`${host.name} bonded ${lacking}${PRICE.denom}: what it settles at once can be challenged for a day`);
}

/** Hands in a use with one bit of one span's bytes changed, which the chain must refuse. */
export async function submitTampered(tour: TourContext, answer: Answer): Promise<Refusal> {
  const [first, ...rest] = answer.spans;
  if (first === undefined) throw new TourError(`use ${answer.useId} has no span to change`);
  const chunks = first.chunks.slice();
  chunks[chunks.length >> 1]! ^= 1;
  const message = settlementOf(tour, { ...answer, spans: [{ ...first, chunks }, ...rest] });
  const refusal = await tour.session.sendRefused(tour.host, message, REFUSED_GAS);
  checkRefusal(refusal, "attribution", 12);
  tour.say(`${tour.host.name} changed one byte of a span and was refused: ${refusal.log}`);
  return refusal;
}

/** Settles all uses and checks every payout. */
export async function settleUses(tour: TourContext, answers: readonly Answer[]): Promise<readonly Payout[]> {
  const payouts: Payout[] = [];
  for (let i = 0; i < answers.length; i += USES_PER_TRANSACTION) {
    const part = answers.slice(i, i + USES_PER_TRANSACTION);
    const messages = part.map((answer) => settlementOf(tour, answer));
    const { responses } = await tour.session.send(tour.host, messages);
    for (const [j, answer] of part.entries()) {
      const { payout } = decode("tributary.attribution.v1.MsgSettleUseResponse", responses[j]!.value);
      await checkPayout(tour, answer, payout);
      payouts.push(payout);
    }
  }
  tour.say(`${tour.host.name} settled ${payouts.length} uses; every fee was divided to the last unit`);
  return payouts;
}

/** What everybody has earned so far, claimed or not, by address. */
export async function earnedBy(tour: TourContext): Promise<ReadonlyMap<string, bigint>> {
  const earned = new Map<string, bigint>();
  for (const { address } of partiesOf(tour)) {
    const { earnings } = await tour.session.query("tributary.attribution.v1.Query/Earnings", { beneficiary: address });
    const own = earnings.find(({ denom }) => denom === PRICE.denom);
    earned.set(address, BigInt(own?.claimed ?? 0) + BigInt(own?.unclaimed ?? 0));
  }
  return earned;
}

/** What everybody earned since `before` is what the payouts say, to the last unit. */
export async function checkEarnings(
  tour: TourContext,
  before: ReadonlyMap<string, bigint>,
  payouts: readonly Payout[],
): Promise<void> {
  const expected = new Map<string, bigint>();
  for (const payout of payouts) {
    for (const [address, amount] of partsOf(payout)) expected.set(address, (expected.get(address) ?? 0n) + amount);
  }
  for (const [address, earned] of await earnedBy(tour)) {
    const difference = earned - (before.get(address) ?? 0n);
    const due = expected.get(address) ?? 0n;
    check(difference === due, `${address} earned ${difference} since, its payouts sum to ${due}`);
  }
}

/** All fees and where they went. */
export function totalsOf(payouts: readonly Payout[]): Totals {
  const sum = (amounts: (payout: Payout) => readonly string[]): string =>
    payouts
      .flatMap(amounts)
      .reduce((total, amount) => total + BigInt(amount), 0n)
      .toString();
  const totals = {
    fees: sum(({ fee }) => [fee.amount]),
    host: sum(({ hostAmount }) => [hostAmount]),
    modelOwner: sum(({ modelOwnerAmount }) => [modelOwnerAmount]),
    contributors: sum(({ recordShares }) => recordShares.map(({ amount }) => amount)),
    lineage: sum(({ lineageShares }) => lineageShares.map(({ amount }) => amount)),
    attested: sum(({ attestedAmount }) => [attestedAmount]),
    validators: sum(({ validatorsAmount }) => [validatorsAmount]),
    burned: sum(({ burnedAmount }) => [burnedAmount]),
  };
  const { fees, ...parts } = totals;
  const paid = Object.values(parts).reduce((total, part) => total + BigInt(part), 0n);
  check(paid === BigInt(fees), `payouts of ${paid} sum to fees of ${fees}`);
  return totals;
}

/** The answer with the lines of the files its words come from; each is compared with the file once more. */
export function useResult(tour: TourContext, { files }: Ground, answer: Answer, payout: Payout): UseResult {
  const fileOf = (number: bigint) => {
    const file = files.get(number);
    if (file === undefined) throw new TourError(`record ${number} is not a file of the tour`);
    return file;
  };
  const nameOf = (address: string) => partiesOf(tour).find((party) => party.address === address)?.name ?? address;
  const lines = payout.spans.map(({ record, recordStart, outputStart, length, tokens }): PaidLines => {
    const { name, text } = fileOf(record.number);
    const start = Number(recordStart);
    const inFile = text.subarray(start, start + length);
    const inOutput = answer.output.subarray(outputStart, outputStart + length);
    check(equalBytes(inFile, inOutput), `bytes ${start} to ${start + length} of ${name} stand in the answer`);
    const firstLine = 1 + countLineBreaks(text.subarray(0, start));
    const lastLine = firstLine + countLineBreaks(inFile);
    return { record: record.number.toString(), file: name, firstLine, lastLine, outputStart, length, tokens };
  });
  return {
    useId: answer.useId.toString(),
    prompt: answer.prompt,
    output: new TextDecoder().decode(answer.output),
    fee: payout.fee,
    outputTokens: payout.outputTokens,
    coveredTokens: payout.recordShares.reduce((sum, { tokens }) => sum + tokens, 0),
    lines,
    shares: payout.recordShares.map(({ record, contributor, tokens, amount }) => ({
      record: record.number.toString(),
      file: fileOf(record.number).name,
      contributor,
      name: nameOf(contributor),
      tokens,
      amount,
    })),
  };
}

/** A payout in the form the chain stores it in. */
export function encodePayout(payout: Payout): Uint8Array {
  return encode("tributary.attribution.v1.Payout", payout);
}

/** The payout is what the chain keeps, sums to the fee, and pays every span that was handed in. */
async function checkPayout({ session }: TourContext, answer: Answer, payout: Payout): Promise<void> {
  const { useId } = answer;
  const kept = await session.query("tributary.attribution.v1.Query/Payout", { useId });
  check(
    equalBytes(encodePayout(kept.payout), encodePayout(payout)),
    `the chain keeps payout ${useId} as it was answered`,
  );
  const toAccounts = partsOf(payout).reduce((sum, [, amount]) => sum + amount, 0n);
  const toLineage = payout.lineageShares.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const others = [payout.validatorsAmount, payout.burnedAmount, payout.attestedAmount].map(BigInt);
  const sum = others.reduce((total, amount) => total + amount, toAccounts + toLineage);
  check(sum === BigInt(payout.fee.amount), `the parts of payout ${useId} sum to ${sum} of ${payout.fee.amount}`);
  const found = `${payout.spans.length} of ${answer.spans.length} spans of use ${useId} were paid`;
  check(payout.spans.length === answer.spans.length && answer.spans.length > 0, found);
}

/** What accounts earn by name from a payout. */
function partsOf(payout: Payout): readonly (readonly [address: string, amount: bigint])[] {
  return [
    [payout.host, BigInt(payout.hostAmount)],
    [payout.modelOwner, BigInt(payout.modelOwnerAmount)],
    ...payout.recordShares.map(({ contributor, amount }) => [contributor, BigInt(amount)] as const),
  ];
}

function settlementOf({ host }: TourContext, { useId, output, receipt, spans }: Answer) {
  const message = { host: host.address, useId, output, receipt, spans };
  return nativeMessage("tributary.attribution.v1.MsgSettleUse", message);
}

/** The model's answer: the seed is the use's number, so a use has one answer and another use of the prompt another. */
function complete(answers: NgramModel, prompt: string, useId: bigint): Uint8Array {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const output = answers.complete({
      prompt: utf8(prompt),
      seed: concat(utf8(`use ${useId}`), Uint8Array.of(attempt)),
      maxTokens: COMPLETION_TOKENS,
      maxBytes: COMPLETION_BYTES,
    });
    if (output.length > 0) return output;
  }
  throw new TourError(`the model has no answer to ${JSON.stringify(prompt)}`);
}

function countLineBreaks(text: Uint8Array): number {
  let count = 0;
  for (const byte of text) if (byte === 0x0a) count++;
  return count;
}
