/**
 * Owns uses from the escrowed fee to their settlement, inline or by what becomes of them without one, and puts the parts
 * of the module together: money (keeper/ledger.ts), receipts (keeper/acknowledgements.ts), batches and challenges. It does
 * not own the check of one span (span-proof.ts) nor the division of a fee (payout.ts).
 *
 * What an inline settlement shows is that each span is true. That spans are the longest there are, and their records the
 * earliest, is for others to challenge (keeper/settlements.ts).
 */
import type { BlockWrite, Read, Write } from "../../chain/module/context.ts";
import type { Page, PageRequest } from "../../chain/store/collections.ts";
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import { type Coin, coinFromMessage, coinToMessage, formatCoin } from "../../chain/types/coin.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { type Hasher, sha256 } from "../../chain/types/hash.ts";
import { countTokens } from "../../chain/types/lexer.ts";
import { PUBLIC_KEY_BYTES } from "../../chain/types/public-key.ts";
import { hex } from "../../proto/bytes.ts";
import { ProofType, UseKind, UseStatus } from "../../proto/enums.gen.ts";
import type { AuthKeeper } from "../auth/keeper.ts";
import type { VotingStake } from "../staking/keeper/voting-stake.ts";
import { divideCharge } from "./charge.ts";
import { errors } from "./errors.ts";
import { Acknowledgements, type SignedReceipt, signingKey, type Use } from "./keeper/acknowledgements.ts";
import { Batches } from "./keeper/batches.ts";
import { Challenges } from "./keeper/challenges.ts";
import { Deadlines } from "./keeper/deadlines.ts";
import { Disputes } from "./keeper/disputes.ts";
import { InlineSpans, type Settlement } from "./keeper/inline-spans.ts";
import { Ledger, type LedgerUses } from "./keeper/ledger.ts";
import { Lineages, type Models } from "./keeper/lineages.ts";
import {
  buyFee,
  checkFee,
  type Exchange,
  pricedDatanet,
  pricedModel,
  type UseRequest,
  unitsOf,
} from "./keeper/prices.ts";
import { Settlements } from "./keeper/settlements.ts";
import { type Datanets, VersionPools, type VersionPoolUses } from "./keeper/version-pools.ts";
import { GAS_PER_BYTE, GAS_PER_RECEIPT } from "./limits.ts";
import type { Params } from "./params.ts";
import { dividePayout, type Payout } from "./payout.ts";
import { receiptText } from "./receipt.ts";
import { state } from "./state.ts";

const HASH_BYTES = 32;

/** What attribution needs of its neighbours, and no more. */
export interface AttributionUses extends LedgerUses, VersionPoolUses {
  readonly accounts: Pick<AuthKeeper, "signingAccount">;
  readonly models: Models;
  readonly datanets: Datanets;
  readonly exchange: Exchange;
  readonly stake: Pick<VotingStake, "bondedValidators">;
  readonly verifier: Pick<Verifier, "secp256k1">;
  readonly hasher: Hasher;
}

export class AttributionKeeper {
  readonly ledger: Ledger;
  readonly pools: VersionPools;
  readonly batches: Batches;
  readonly challenges: Challenges;
  readonly disputes: Disputes;
  readonly settlements: Settlements;
  readonly #acknowledgements: Acknowledgements;
  readonly #deadlines: Deadlines;
  readonly #lineages: Lineages;
  readonly #spans: InlineSpans;
  readonly #uses: AttributionUses;

  constructor(uses: AttributionUses) {
    this.#uses = uses;
    this.ledger = new Ledger(uses);
    this.pools = new VersionPools(uses, this.ledger);
    this.#lineages = new Lineages(uses, this.ledger, this.pools);
    this.#spans = new InlineSpans(uses, this.#lineages);
    this.#acknowledgements = new Acknowledgements(uses, this.ledger, this.#lineages);
    this.batches = new Batches(this.ledger, this.#lineages, uses.hasher);
    this.challenges = new Challenges(this.batches, this.ledger, uses.hasher);
    this.disputes = new Disputes(uses, this.ledger, this.#lineages);
    this.settlements = new Settlements(uses, this.#lineages);
    this.#deadlines = new Deadlines(uses, this.batches, this.challenges, this.disputes);
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

  /** Escrows the most the use can cost, bought with other tokens if the user names some. Uses of datanets are settled at once. */
  open(ctx: Write, user: Uint8Array, request: UseRequest): Use {
    const kind = request.kind === UseKind.USE_KIND_UNSPECIFIED ? UseKind.USE_KIND_INFERENCE : request.kind;
    const isOfDatanet = kind === UseKind.USE_KIND_TRAINING || kind === UseKind.USE_KIND_ACCESS;
    if (request.promptHash.length !== HASH_BYTES && !(isOfDatanet && request.promptHash.length === 0)) {
      throw errors.invalidUse.because(`prompt_hash has ${request.promptHash.length} bytes`);
    }
    const params = this.params(ctx);
    const priced = isOfDatanet
      ? pricedDatanet(this.#uses, ctx, request)
      : pricedModel(this.#uses, ctx, params, request);
    const units = unitsOf(request);
    const fee = { denom: priced.price.denom, amount: priced.price.amount * units };
    checkFee(params, priced.name, units, fee, request.maxFee);
    const paid = buyFee(this.#uses.exchange, ctx, user, fee, request.maxFee);
    const use: Use = {
      id: (state.uses.first(ctx, { reverse: true })?.[0] ?? 0n) + 1n,
      modelId: request.modelId,
      user: ctx.addresses.account(user),
      host: priced.host,
      fee: { denom: fee.denom, amount: fee.amount.toString() },
      promptHash: request.promptHash,
      receiptKey: isOfDatanet ? new Uint8Array(0) : this.#receiptKey(ctx, user, request.receiptKey),
      openedHeight: ctx.height,
      expiresAt: ctx.time.seconds + BigInt(params.useTimeoutSeconds),
      status: UseStatus.USE_STATUS_OPEN,
      outputHash: new Uint8Array(0),
      closedHeight: 0n,
      kind,
      proof: this.#proofOf(params, kind, request.proof),
      maxUnits: units,
      receipt: undefined,
      parts: undefined,
      proved: "",
      settleBy: 0n,
      batchId: 0n,
      datanetId: isOfDatanet ? request.datanetId : 0n,
      recordCount: priced.recordCount,
      openedAt: ctx.time.seconds,
      modelVersion: priced.modelVersion,
      isReported: false,
      paid: paid && coinToMessage(paid),
      isOwnHost: priced.isOwnHost,
      isRefused: false,
    };
    state.uses.set(ctx, use.id, use);
    this.ledger.take(ctx, user, fee.amount);
    ctx.emit("use_opened", [
      ...useAttributes(use),
      ["fee", formatCoin(fee)],
      ["paid", formatCoin(paid ?? fee)],
      ["prompt_hash", hex(use.promptHash)],
      ["expires_at", use.expiresAt.toString()],
    ]);
    return isOfDatanet ? this.#settleDatanetUse(ctx, params, use) : use;
  }

  /** Where a use of a model would go now, and what a unit of it costs there; `maxFee` as the user would give it. */
  quote(ctx: Read, use: { modelId: bigint; host: string; maxUnits: bigint; maxFee: Coin }) {
    const { host, price } = pricedModel(this.#uses, ctx, this.params(ctx), { ...use, datanetId: 0n });
    return { host, price, fee: { denom: price.denom, amount: price.amount * unitsOf(use) } };
  }

  /** Takes note of a receipt that user and host signed. Gives the charge; undefined when the receipt proved an offence. */
  acknowledge(ctx: Write, useId: bigint, signed: SignedReceipt, sender: string): Coin | undefined {
    const use = this.use(ctx, useId);
    if (use.status === UseStatus.USE_STATUS_OPEN) {
      return this.#acknowledgements.acknowledge(ctx, this.params(ctx), use, signed);
    }
    this.#acknowledgements.report(ctx, use, signed, sender);
    return undefined;
  }

  /** What the end of a block brings. */
  endBlock(ctx: BlockWrite): void {
    this.#deadlines.workOff(ctx, this.params(ctx));
  }

  /** Checks the output, its receipt and every span, and divides the fee. `host` is the sender's address as text. */
  settle(ctx: Write, host: string, useId: bigint, settlement: Settlement): Payout {
    const params = this.params(ctx);
    const use = this.#openUse(ctx, useId);
    if (use.host !== host) throw errors.notHost.because(`${host} of use ${useId}`);
    if (use.proof !== ProofType.PROOF_TYPE_SPAN || use.maxUnits !== 1n) {
      throw errors.invalidUse.because(`use ${useId} is settled by a batch`);
    }
    if (isExpired(ctx, use)) throw errors.useExpired.because(`use ${useId} was open until ${use.expiresAt}`);
    this.settlements.cover(ctx, params, use);
    const outputTokens = this.#checkOutput(ctx, params, use, settlement);
    const payout = dividePayout({
      use,
      modelOwner: this.#uses.models.model(ctx, use.modelId).owner,
      split: params.split,
      dataSplit: params.dataSplit,
      output: settlement.output,
      outputTokens,
      spans: this.#spans.check(ctx, params, use, settlement),
      lineage: this.#lineages.weights(ctx, use),
      limits: params,
      height: ctx.height,
    });
    this.#pay(ctx, use, payout);
    state.payouts.set(ctx, useId, payout);
    const closed = { status: UseStatus.USE_STATUS_SETTLED, outputHash: payout.outputHash, closedHeight: ctx.height };
    state.uses.set(ctx, useId, { ...use, ...closed });
    emitSettled(ctx, use, payout);
    return payout;
  }

  /** Gives the fee back; of an acknowledged use that no batch settled, the host's part. `sender` is an address as text. */
  cancel(ctx: Write, sender: string, useId: bigint): Coin {
    const acknowledged = this.use(ctx, useId);
    if (acknowledged.status === UseStatus.USE_STATUS_ACKNOWLEDGED) {
      return this.#acknowledgements.settleByDefault(ctx, acknowledged);
    }
    const use = this.#openUse(ctx, useId);
    if (sender !== use.host && !isExpired(ctx, use)) {
      throw errors.useNotExpired.because(`use ${useId} is open until ${use.expiresAt}`);
    }
    const closed = { status: UseStatus.USE_STATUS_CANCELLED, closedHeight: ctx.height };
    state.uses.set(ctx, useId, { ...use, ...closed, isRefused: sender === use.host });
    const refund = coinFromMessage(use.fee);
    this.ledger.give(ctx, use.user, refund.amount);
    ctx.emit("use_cancelled", [...useAttributes(use), ["refund", formatCoin(refund)]]);
    return refund;
  }

  /**
   * Training and access show no output, so there is nothing to prove: the whole contributors' part goes to the version's
   * contributors by lineage, what would be the model owner's and the host's too. A unit of access is one of the datanet's
   * token, made and spent at once: one licensed access.
   */
  #settleDatanetUse(ctx: Write, params: Params, opened: Use): Use {
    const { datanetId, recordCount } = opened;
    const { proved, parts } = divideCharge(BigInt(opened.fee.amount), params.split, params.dataSplit);
    const data = proved + BigInt(parts.host) + BigInt(parts.modelOwner) + BigInt(parts.lineage);
    const version = [{ datanetId, recordCount, weight: 1n }];
    this.pools.creditLineage(ctx, version, data);
    this.pools.creditAttested(ctx, version, BigInt(parts.attested));
    this.ledger.giveValidators(ctx, BigInt(parts.validators));
    this.ledger.burn(ctx, BigInt(parts.burned));
    const divided = { parts, proved: proved.toString() };
    if (opened.kind === UseKind.USE_KIND_ACCESS) {
      this.#uses.datanets.accessAtOnce(ctx, ctx.addresses.parseAccount(opened.user), datanetId, opened.maxUnits);
    }
    const use = { ...opened, ...divided, status: UseStatus.USE_STATUS_PAID, closedHeight: ctx.height };
    state.uses.set(ctx, use.id, use);
    ctx.emit("datanet_used", [
      ...useAttributes(use),
      ["datanet_id", datanetId.toString()],
      ["record_count", recordCount.toString()],
      ["lineage", `${data}${use.fee.denom}`],
    ]);
    return use;
  }

  /** The proof asked for, or the kind's own. */
  #proofOf(params: Params, kind: number, asked: number): number {
    const { PROOF_TYPE_SPAN, PROOF_TYPE_BM25, PROOF_TYPE_KNN, PROOF_TYPE_NONE } = ProofType;
    const choices: { readonly [kind: number]: readonly number[] } = {
      [UseKind.USE_KIND_INFERENCE]: [PROOF_TYPE_SPAN, PROOF_TYPE_BM25, PROOF_TYPE_KNN],
      [UseKind.USE_KIND_RETRIEVAL]: [PROOF_TYPE_BM25],
      [UseKind.USE_KIND_TRAINING]: [PROOF_TYPE_NONE],
      [UseKind.USE_KIND_ACCESS]: [PROOF_TYPE_NONE],
    };
    const proof = asked === ProofType.PROOF_TYPE_UNSPECIFIED ? choices[kind]?.[0] : asked;
    if (proof === undefined || !choices[kind]!.includes(proof)) {
      throw errors.invalidUse.because(`kind ${kind} with proof ${asked}`);
    }
    if (proof === PROOF_TYPE_BM25 && params.rules.tableId === 0n) {
      throw errors.invalidUse.because("scores need a table of terms, and governance has named none");
    }
    return proof;
  }

  /** The key asked for, or the account's own. */
  #receiptKey(ctx: Read, user: Uint8Array, asked: Uint8Array): Uint8Array {
    const isCompressed = (key: Uint8Array): boolean =>
      key.length === PUBLIC_KEY_BYTES.secp256k1 && (key[0] === 2 || key[0] === 3);
    if (asked.length > 0) {
      if (!isCompressed(asked)) throw errors.invalidUse.because("receipt_key is not a compressed secp256k1 key");
      return asked;
    }
    const own = signingKey(this.#uses.accounts, ctx, user);
    if (own === undefined) {
      throw errors.invalidUse.because("the account's key is not a single secp256k1 key: name a receipt_key");
    }
    return own;
  }

  #openUse(ctx: Read, useId: bigint): Use {
    const use = this.use(ctx, useId);
    if (use.status !== UseStatus.USE_STATUS_OPEN) {
      throw errors.useClosed.because(`use ${useId} was ${HOW_CLOSED[use.status]} at height ${use.closedHeight}`);
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

  /** Pays out the parts, or notes who earned them. */
  #pay(ctx: Write, use: Use, payout: Payout): void {
    this.ledger.giveValidators(ctx, BigInt(payout.validatorsAmount));
    this.ledger.burn(ctx, BigInt(payout.burnedAmount));
    this.#lineages.creditAttested(ctx, use, BigInt(payout.attestedAmount));
    for (const { datanetId, recordCount, amount } of payout.lineageShares) {
      this.pools.creditLineage(ctx, [{ datanetId, recordCount, weight: 1n }], BigInt(amount));
    }
    this.ledger.credit(ctx, payout.host, BigInt(payout.hostAmount));
    this.#lineages.payModel(ctx, use, BigInt(payout.modelOwnerAmount));
    for (const { contributor, amount } of payout.recordShares) this.ledger.credit(ctx, contributor, BigInt(amount));
  }
}

const HOW_CLOSED: { readonly [status: number]: string } = {
  [UseStatus.USE_STATUS_SETTLED]: "settled",
  [UseStatus.USE_STATUS_CANCELLED]: "cancelled",
  [UseStatus.USE_STATUS_ACKNOWLEDGED]: "acknowledged and is no longer open",
  [UseStatus.USE_STATUS_BATCHED]: "put in a batch, not closed",
  [UseStatus.USE_STATUS_DEFAULTED]: "settled without a batch",
  [UseStatus.USE_STATUS_PAID]: "paid",
};

/** Block time may reach the end of a use, in whole seconds; after it the use can only be cancelled. */
function isExpired(ctx: Read, use: Use): boolean {
  return ctx.time.seconds > use.expiresAt;
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
