/**
 * Owns uses of models from the escrowed fee to the claimed earning, and the coins in between, which the module's account
 * holds: the fees of open uses and what was earned and not yet claimed, nothing else. It does not own the check of one
 * span (span-proof.ts) nor the division of a fee (payout.ts).
 *
 * What a settlement shows is that each span is true. That spans are the longest there are, and their records the
 * earliest, is not checked yet: that takes a challenge, and there is none (README.md).
 */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import { type Coin, coinFromMessage, newCoins } from "../../chain/types/coin.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { type Hasher, sha256 } from "../../chain/types/hash.ts";
import { countTokens } from "../../chain/types/lexer.ts";
import { PUBLIC_KEY_BYTES } from "../../chain/types/public-key.ts";
import { hex } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { AuthKeeper } from "../auth/keeper.ts";
import type { BankKeeper } from "../bank/keeper.ts";
import type { DatanetKeeper } from "../datanet/keeper.ts";
import type { Model, ModelKeeper } from "../model/keeper.ts";
import { errors } from "./errors.ts";
import { GAS_PER_BYTE, GAS_PER_HASH, GAS_PER_RECEIPT, MAX_DENOMS_PER_CLAIM } from "./limits.ts";
import type { Params } from "./params.ts";
import { type CheckedSpan, dividePayout, earningsOf, type LineageWeight, type Payout } from "./payout.ts";
import { receiptText } from "./receipt.ts";
import { checkSpan, hashesToCheck } from "./span-proof.ts";
import { state } from "./state.ts";

export type Use = Messages["tributary.attribution.v1.Use"];
export type Span = Messages["tributary.attribution.v1.Span"];
export type Earnings = Messages["tributary.attribution.v1.Earnings"];

/** The module's name, and that of the account that holds escrow and unclaimed earnings. */
export const ATTRIBUTION = "attribution";

/** The account whose coins are distributed to validators and delegators (SDK auth FeeCollectorName). */
const FEE_COLLECTOR = "fee_collector";

const SECP256K1_KEY = "/cosmos.crypto.secp256k1.PubKey";

const HASH_BYTES = 32;

/** What attribution needs of its neighbours, and no more. */
export interface AttributionUses {
  readonly bank: Pick<BankKeeper, "balance" | "sendToModule" | "sendFromModule" | "sendBetweenModules" | "burn">;
  readonly accounts: Pick<AuthKeeper, "signingAccount">;
  readonly models: Pick<ModelKeeper, "model">;
  readonly datanets: Pick<DatanetKeeper, "datanet" | "findRecord" | "payoutAddress">;
  readonly verifier: Pick<Verifier, "secp256k1">;
  readonly hasher: Hasher;
}

/** What a use is opened with. */
export interface UseRequest {
  readonly modelId: bigint;
  /** SHA-256 of the prompt. */
  readonly promptHash: Uint8Array;
  readonly maxFee: Coin;
  /** The compressed secp256k1 key that will sign for the output; empty for the user's account key. */
  readonly receiptKey: Uint8Array;
}

/** What a use is settled with. */
export interface Settlement {
  readonly output: Uint8Array;
  readonly receipt: Uint8Array;
  readonly spans: readonly Span[];
}

export class AttributionKeeper {
  readonly #uses: AttributionUses;

  constructor(uses: AttributionUses) {
    this.#uses = uses;
  }

  params(ctx: Read): Params {
    const params = state.params.get(ctx);
    if (params === undefined) throw new Error("attribution has no parameters");
    return params;
  }

  /** Throws attribution/2 when there is no such use. */
  use(ctx: Read, useId: bigint): Use {
    const use = state.uses.get(ctx, useId);
    if (use === undefined) throw errors.useNotFound.because(`use ${useId}`);
    return use;
  }

  uses(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Use]> {
    return state.uses.paginate(ctx, request);
  }

  openUses(ctx: Read, modelId: bigint, request: PageRequest | undefined): Page<readonly [bigint, Use]> {
    return state.uses.by.open.paginate(ctx, modelId, request);
  }

  /** Throws attribution/3 when the use was not settled. */
  payout(ctx: Read, useId: bigint): Payout {
    const payout = state.payouts.get(ctx, useId);
    if (payout === undefined) throw errors.payoutNotFound.because(`use ${useId}`);
    return payout;
  }

  payouts(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, Payout]> {
    return state.payouts.paginate(ctx, request);
  }

  /** What an account has earned, by denomination. */
  earnings(ctx: Read, beneficiary: Uint8Array): readonly Earnings[] {
    return Array.from(state.earnings.iterate(ctx, { prefix: beneficiary }), ([, earnings]) => earnings);
  }

  /** What the module's account holds of a denomination. */
  held(ctx: Read, denom: string): bigint {
    return this.#uses.bank.balance(ctx, moduleAddress(ATTRIBUTION), denom);
  }

  /** Escrows the model's price. */
  open(ctx: Write, user: Uint8Array, request: UseRequest): Use {
    const params = this.params(ctx);
    const model = this.#uses.models.model(ctx, request.modelId);
    const price = coinFromMessage(model.price);
    if (price.denom !== params.feeDenom) {
      throw errors.invalidUse.because(`model ${model.id} asks for ${price.denom}, fees are paid in ${params.feeDenom}`);
    }
    if (request.maxFee.denom !== price.denom || request.maxFee.amount < price.amount) {
      throw errors.feeTooHigh.because(`${show(price)} for at most ${show(request.maxFee)}`);
    }
    if (request.promptHash.length !== HASH_BYTES) {
      throw errors.invalidUse.because(`prompt_hash has ${request.promptHash.length} bytes`);
    }
    const use: Use = {
      id: (state.uses.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n,
      modelId: model.id,
      user: ctx.addresses.account(user),
      host: model.host,
      fee: model.price,
      promptHash: request.promptHash,
      receiptKey: this.#receiptKey(ctx, user, request.receiptKey),
      openedHeight: ctx.height,
      expiresAt: ctx.time.seconds + BigInt(params.useTimeoutSeconds),
      status: UseStatus.USE_STATUS_OPEN,
      outputHash: new Uint8Array(0),
      closedHeight: 0n,
    };
    state.uses.set(ctx, use.id, use);
    const fee = newCoins(price);
    if (fee.length > 0) this.#uses.bank.sendToModule(ctx, user, ATTRIBUTION, fee);
    ctx.emit("use_opened", [
      ...useAttributes(use),
      ["fee", show(price)],
      ["prompt_hash", hex(use.promptHash)],
      ["expires_at", use.expiresAt.toString()],
    ]);
    return use;
  }

  /** Checks the output, its receipt and every span, and divides the fee. `host` is the sender's address as text. */
  settle(ctx: Write, host: string, useId: bigint, settlement: Settlement): Payout {
    const params = this.params(ctx);
    const use = this.#openUse(ctx, useId);
    if (use.host !== host) throw errors.notHost.because(`${host} of use ${useId}`);
    if (isExpired(ctx, use)) throw errors.useExpired.because(`use ${useId} was open until ${use.expiresAt}`);
    const outputTokens = this.#checkOutput(ctx, params, use, settlement);
    const model = this.#uses.models.model(ctx, use.modelId);
    const payout = dividePayout({
      use,
      modelOwner: model.owner,
      split: params.split,
      output: settlement.output,
      outputTokens,
      spans: this.#checkSpans(ctx, params, model, settlement),
      lineage: this.#lineageOf(ctx, model),
      height: ctx.height,
    });
    this.#pay(ctx, payout);
    state.payouts.set(ctx, useId, payout);
    const closed = { status: UseStatus.USE_STATUS_SETTLED, outputHash: payout.outputHash, closedHeight: ctx.height };
    state.uses.set(ctx, useId, { ...use, ...closed });
    emitSettled(ctx, use, payout);
    return payout;
  }

  /** Gives the fee back. `sender` is an address as text. */
  cancel(ctx: Write, sender: string, useId: bigint): Coin {
    const use = this.#openUse(ctx, useId);
    if (sender !== use.host && !isExpired(ctx, use)) {
      throw errors.useNotExpired.because(`use ${useId} is open until ${use.expiresAt}`);
    }
    state.uses.set(ctx, useId, { ...use, status: UseStatus.USE_STATUS_CANCELLED, closedHeight: ctx.height });
    const refund = coinFromMessage(use.fee);
    const coins = newCoins(refund);
    if (coins.length > 0) {
      this.#uses.bank.sendFromModule(ctx, ATTRIBUTION, ctx.addresses.parseAccount(use.user), coins);
    }
    ctx.emit("use_cancelled", [...useAttributes(use), ["refund", show(refund)]]);
    return refund;
  }

  /** Pays what the account has earned to its payout address. Throws attribution/13 when that is nothing. */
  claim(ctx: Write, beneficiary: Uint8Array): { readonly to: Uint8Array; readonly paid: readonly Coin[] } {
    const name = ctx.addresses.account(beneficiary);
    const due = this.earnings(ctx, beneficiary)
      .filter(({ unclaimed }) => unclaimed !== "0")
      .slice(0, MAX_DENOMS_PER_CLAIM);
    if (due.length === 0) throw errors.nothingToClaim.because(name);
    for (const { denom, unclaimed, claimed } of due) {
      const total = (BigInt(claimed) + BigInt(unclaimed)).toString();
      state.earnings.set(ctx, [beneficiary, denom], { beneficiary: name, denom, unclaimed: "0", claimed: total });
    }
    const paid = newCoins(...due.map(({ denom, unclaimed }) => ({ denom, amount: BigInt(unclaimed) })));
    const to = this.#uses.datanets.payoutAddress(ctx, beneficiary);
    this.#uses.bank.sendFromModule(ctx, ATTRIBUTION, to, paid);
    ctx.emit("earnings_claimed", [
      ["beneficiary", name],
      ["payout_address", ctx.addresses.account(to)],
      ["amount", paid.map(show).join(",")],
    ]);
    return { to, paid };
  }

  /** The key asked for, or the account's own. */
  #receiptKey(ctx: Read, user: Uint8Array, asked: Uint8Array): Uint8Array {
    const isCompressed = (key: Uint8Array): boolean =>
      key.length === PUBLIC_KEY_BYTES.secp256k1 && (key[0] === 2 || key[0] === 3);
    if (asked.length > 0) {
      if (!isCompressed(asked)) throw errors.invalidUse.because("receipt_key is not a compressed secp256k1 key");
      return asked;
    }
    const own = this.#uses.accounts.signingAccount(ctx, user)?.pubKey;
    if (own?.typeUrl !== SECP256K1_KEY) {
      throw errors.invalidUse.because("the account's key is not a single secp256k1 key: name a receipt_key");
    }
    return decode("cosmos.crypto.secp256k1.PubKey", own.value).key;
  }

  #openUse(ctx: Read, useId: bigint): Use {
    const use = this.use(ctx, useId);
    if (use.status !== UseStatus.USE_STATUS_OPEN) {
      const how = use.status === UseStatus.USE_STATUS_SETTLED ? "settled" : "cancelled";
      throw errors.useClosed.because(`use ${useId} was ${how} at height ${use.closedHeight}`);
    }
    return use;
  }

  /** Checks the output and the receipt for it. Gives how many tokens the output has. */
  #checkOutput(ctx: Write, params: Params, use: Use, { output, receipt }: Settlement): number {
    if (output.length > params.maxOutputBytes) {
      throw errors.invalidOutput.because(`${output.length} bytes, at most ${params.maxOutputBytes} are accepted`);
    }
    ctx.gas.consume(GAS_PER_BYTE * BigInt(output.length), "output tokens");
    const tokens = countTokens(output);
    if (tokens === 0) throw errors.invalidOutput.because("it has no tokens");
    ctx.gas.consume(GAS_PER_RECEIPT, "receipt signature");
    const signed = arbitrarySignBytes(use.user, receiptText(ctx.chainId, use.id, sha256(output)));
    if (!this.#uses.verifier.secp256k1(use.receiptKey, signed, receipt)) {
      throw errors.invalidReceipt.because(`use ${use.id}`);
    }
    return tokens;
  }

  #checkSpans(ctx: Write, params: Params, model: Model, { output, spans }: Settlement): readonly CheckedSpan[] {
    if (spans.length > params.maxSpans) {
      throw errors.invalidSpan.because(`${spans.length} spans, at most ${params.maxSpans} are accepted`);
    }
    let free = 0;
    return spans.map((span, i) => {
      const refuse = (flaw: string) => errors.invalidSpan.because(`span ${i} of record ${nameOf(span)}: ${flaw}`);
      if (span.outputStart < free) throw refuse("it overlaps the one before it, or is out of order");
      free = span.outputStart + span.length;
      const checked = this.#checkSpan(ctx, params, model, output, span, refuse);
      const { outputStart, length, record, recordStart } = span;
      const paid = { outputStart, length, tokens: checked.tokens, record, recordStart };
      return { span: paid, contributor: checked.contributor };
    });
  }

  #checkSpan(
    ctx: Write,
    params: Params,
    model: Model,
    output: Uint8Array,
    span: Span,
    refuse: (flaw: string) => Error,
  ): { readonly tokens: number; readonly contributor: string } {
    const { datanetId, number } = span.record;
    const line = model.lineage.find((candidate) => candidate.datanetId === datanetId);
    if (line === undefined || number > line.recordCount)
      throw refuse(`model ${model.id} was not trained on the record`);
    const record = this.#uses.datanets.findRecord(ctx, datanetId, number);
    if (record === undefined) throw refuse("there is no such record");
    // A record is at most 2^24 bytes, so both numbers are exact; an offset beyond it is refused before the conversion.
    if (span.recordStart > record.length) throw refuse(`it begins behind the record's ${record.length} bytes`);
    const proof = { ...span, recordStart: Number(span.recordStart) };
    ctx.gas.consume(GAS_PER_HASH * BigInt(hashesToCheck(proof)), "span hashes");
    ctx.gas.consume(GAS_PER_BYTE * BigInt(Math.min(span.length, output.length)), "span bytes");
    const commitment = { length: Number(record.length), textRoot: record.textRoot };
    const check = checkSpan(output, proof, commitment, this.#uses.hasher);
    if ("flaw" in check) throw refuse(check.flaw);
    if (check.tokens < params.minSpanTokens) {
      throw refuse(`it has ${check.tokens} tokens, at least ${params.minSpanTokens} are asked for`);
    }
    return { tokens: check.tokens, contributor: record.contributor };
  }

  #lineageOf(ctx: Read, model: Model): readonly LineageWeight[] {
    return model.lineage.map(({ datanetId, recordCount }) => {
      const { treasury } = this.#uses.datanets.datanet(ctx, datanetId);
      return { datanetId, recordCount, treasury };
    });
  }

  /** Moves the validators' part, burns what is to burn and notes who earned the rest, which stays in the account. */
  #pay(ctx: Write, payout: Payout): void {
    const { denom } = payout.fee;
    const coinsOf = (amount: string): readonly Coin[] => newCoins({ denom, amount: BigInt(amount) });
    const validators = coinsOf(payout.validatorsAmount);
    if (validators.length > 0) this.#uses.bank.sendBetweenModules(ctx, ATTRIBUTION, FEE_COLLECTOR, validators);
    const burned = coinsOf(payout.burnedAmount);
    if (burned.length > 0) this.#uses.bank.burn(ctx, ATTRIBUTION, burned);
    for (const [beneficiary, amount] of earningsOf(payout)) {
      const at = [ctx.addresses.parseAccount(beneficiary), denom] as const;
      const before = state.earnings.get(ctx, at);
      const unclaimed = (BigInt(before?.unclaimed ?? 0) + amount).toString();
      state.earnings.set(ctx, at, { beneficiary, denom, unclaimed, claimed: before?.claimed ?? "0" });
    }
  }
}

/** Block time may reach the end of a use, in whole seconds; after it the use can only be cancelled. */
function isExpired(ctx: Read, use: Use): boolean {
  return ctx.time.seconds > use.expiresAt;
}

function nameOf({ record }: Span): string {
  return `${record.datanetId}/${record.number}`;
}

function show(coin: Coin): string {
  return `${coin.amount}${coin.denom}`;
}

function useAttributes(use: Use): readonly (readonly [string, string])[] {
  return [
    ["use_id", use.id.toString()],
    ["model_id", use.modelId.toString()],
    ["user", use.user],
    ["host", use.host],
  ];
}

function emitSettled(ctx: Write, use: Use, payout: Payout): void {
  const covered = payout.recordShares.reduce((sum, share) => sum + share.tokens, 0);
  ctx.emit("use_settled", [
    ...useAttributes(use),
    ["fee", `${payout.fee.amount}${payout.fee.denom}`],
    ["output_hash", hex(payout.outputHash)],
    ["output_tokens", payout.outputTokens.toString()],
    ["covered_tokens", covered.toString()],
  ]);
  for (const { record, contributor, tokens, amount } of payout.recordShares) {
    ctx.emit("record_paid", [
      ["use_id", use.id.toString()],
      ["datanet_id", record.datanetId.toString()],
      ["number", record.number.toString()],
      ["contributor", contributor],
      ["tokens", tokens.toString()],
      ["amount", `${amount}${payout.fee.denom}`],
    ]);
  }
}
