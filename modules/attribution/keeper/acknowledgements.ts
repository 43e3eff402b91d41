/**
 * Owns receipts: what user and host sign for a served use, and what follows when it is handed in: the charge, the refund
 * of the rest, and what happens when no batch settles the use in time. Anyone who has a receipt may hand it in, so a host
 * cannot hide a use it signed for. It does not own batches (batches.ts).
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import { arbitrarySignBytes } from "../../../chain/types/arbitrary-signature.ts";
import { type Coin, coinFromMessage } from "../../../chain/types/coin.ts";
import type { Verifier } from "../../../chain/types/crypto.ts";
import { hex } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { ProofType, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { AuthKeeper } from "../../auth/keeper.ts";
import { divideCharge } from "../charge.ts";
import { errors } from "../errors.ts";
import { GAS_PER_RECEIPT, MAX_RECEIPT_TEXT_BYTES } from "../limits.ts";
import type { Params } from "../params.ts";
import { acknowledgementText } from "../receipt.ts";
import { state } from "../state.ts";
import type { Ledger } from "./ledger.ts";
import type { Lineages } from "./lineages.ts";

export type Use = Messages["tributary.attribution.v1.Use"];
export type Receipt = Messages["tributary.attribution.v1.Receipt"];

const SECP256K1_KEY = "/cosmos.crypto.secp256k1.PubKey";
const HASH_BYTES = 32;

/** What acknowledgements need of their neighbours. */
export interface AcknowledgementUses {
  readonly accounts: Pick<AuthKeeper, "signingAccount">;
  readonly verifier: Pick<Verifier, "secp256k1">;
}

/** A receipt with both signatures. */
export interface SignedReceipt {
  readonly receipt: Receipt;
  readonly userSignature: Uint8Array;
  readonly hostSignature: Uint8Array;
}

/** The compressed secp256k1 key an account signs with; undefined when it has none, or one of another kind. */
export function signingKey(
  accounts: Pick<AuthKeeper, "signingAccount">,
  ctx: Read,
  account: Uint8Array,
): Uint8Array | undefined {
  const own = accounts.signingAccount(ctx, account)?.pubKey;
  return own?.typeUrl === SECP256K1_KEY ? decode("cosmos.crypto.secp256k1.PubKey", own.value).key : undefined;
}

export class Acknowledgements {
  readonly #uses: AcknowledgementUses;
  readonly #ledger: Ledger;
  readonly #lineages: Lineages;

  constructor(uses: AcknowledgementUses, ledger: Ledger, lineages: Lineages) {
    this.#uses = uses;
    this.#ledger = ledger;
    this.#lineages = lineages;
  }

  /** Takes note of a receipt for an open use, and returns what the fee is too high. Gives the charge. */
  acknowledge(ctx: Write, params: Params, use: Use, signed: SignedReceipt): Coin {
    const { receipt } = signed;
    if (ctx.time.seconds > use.expiresAt)
      throw errors.useExpired.because(`use ${use.id} was open until ${use.expiresAt}`);
    checkReceipt(use, receipt);
    this.#checkSignatures(ctx, use, signed);
    const { amount: fee, denom } = coinFromMessage(use.fee);
    const charge = (fee / use.maxUnits) * receipt.units;
    const { proved, parts } = divideCharge(charge, params.split, params.dataSplit);
    const settleBy = ctx.time.seconds + BigInt(params.game.settleSeconds);
    const status = UseStatus.USE_STATUS_ACKNOWLEDGED;
    state.uses.set(ctx, use.id, { ...use, status, receipt, parts, proved: proved.toString(), settleBy });
    this.#ledger.give(ctx, use.user, fee - charge);
    ctx.emit("use_acknowledged", [
      ["use_id", use.id.toString()],
      ["model_id", use.modelId.toString()],
      ["user", use.user],
      ["host", use.host],
      ["charge", `${charge}${denom}`],
      ["refund", `${fee - charge}${denom}`],
      ["output_root", hex(receipt.outputRoot)],
      ["settle_by", settleBy.toString()],
    ]);
    return { denom, amount: charge };
  }

  /**
   * Punishes the host for a receipt that is not the use's: it cancelled the use it had signed for, or signed two things. One that comes too
   * late, after somebody else cancelled the use, proves nothing: the host served, and was slow. The informer is whoever hands it in. Throws attribution/6 when the receipt is the known one, or was reported before.
   */
  report(ctx: Write, use: Use, signed: SignedReceipt, informer: string): void {
    const isKnown = use.receipt !== undefined && receiptBytes(use.receipt) === receiptBytes(signed.receipt);
    const isOffence = use.isRefused || (use.receipt !== undefined && !isKnown);
    if (!isOffence || use.isReported) throw errors.useClosed.because(`use ${use.id} needs no other receipt`);
    checkReceipt(use, signed.receipt);
    this.#checkSignatures(ctx, use, signed);
    state.uses.set(ctx, use.id, { ...use, isReported: true });
    this.#lineages.punish(ctx, use, "OFFENCE_UNDER_REPORTING", informer);
    ctx.emit("use_under_reported", [
      ["use_id", use.id.toString()],
      ["host", use.host],
      ["informer", informer],
    ]);
  }

  /**
   * Settles an acknowledged use that no batch settled in time: the host's part goes back to the user, and what would
   * have gone by proof goes to the lineage. Gives what the user got back.
   */
  settleByDefault(ctx: Write, use: Use): Coin {
    if (ctx.time.seconds <= use.settleBy) {
      throw errors.useNotExpired.because(`use ${use.id} may be put in a batch until ${use.settleBy}`);
    }
    const { parts } = use;
    if (parts === undefined) throw new Error(`use ${use.id} was acknowledged without parts`);
    const closed = { status: UseStatus.USE_STATUS_DEFAULTED, closedHeight: ctx.height };
    state.uses.set(ctx, use.id, { ...use, ...closed });
    const refund = BigInt(parts.host);
    this.#ledger.give(ctx, use.user, refund);
    this.#lineages.payModel(ctx, use, BigInt(parts.modelOwner));
    this.#lineages.credit(ctx, use, BigInt(parts.lineage) + BigInt(use.proved));
    this.#lineages.creditAttested(ctx, use, BigInt(parts.attested));
    this.#ledger.giveValidators(ctx, BigInt(parts.validators));
    this.#ledger.burn(ctx, BigInt(parts.burned));
    ctx.emit("use_defaulted", [
      ["use_id", use.id.toString()],
      ["host", use.host],
      ["refund", `${refund}${use.fee.denom}`],
    ]);
    return { denom: use.fee.denom, amount: refund };
  }

  #checkSignatures(ctx: Write, use: Use, { receipt, userSignature, hostSignature }: SignedReceipt): void {
    ctx.gas.consume(2n * GAS_PER_RECEIPT, "receipt signatures");
    const text = acknowledgementText(ctx.chainId, use.id, receipt);
    const hostKey = signingKey(this.#uses.accounts, ctx, ctx.addresses.parseAccount(use.host));
    if (hostKey === undefined) throw errors.invalidReceipt.because("the host's account has no secp256k1 key");
    for (const [who, account, key, signature] of [
      ["user", use.user, use.receiptKey, userSignature],
      ["host", use.host, hostKey, hostSignature],
    ] as const) {
      if (!this.#uses.verifier.secp256k1(key, arbitrarySignBytes(account, text), signature)) {
        throw errors.invalidReceipt.because(`the ${who}'s signature for use ${use.id}`);
      }
    }
  }
}

function receiptBytes(receipt: Receipt): string {
  return hex(encode("tributary.attribution.v1.Receipt", receipt));
}

function checkReceipt(use: Use, receipt: Receipt): void {
  if (use.proof === ProofType.PROOF_TYPE_NONE) throw errors.invalidUse.because(`use ${use.id} has no output`);
  for (const [name, root, length] of [
    ["prompt", receipt.promptRoot, receipt.promptLength],
    ["output", receipt.outputRoot, receipt.outputLength],
  ] as const) {
    if (root.length !== HASH_BYTES) throw errors.invalidReceipt.because(`${name}_root has ${root.length} bytes`);
    if (length < 1n || length > MAX_RECEIPT_TEXT_BYTES) {
      throw errors.invalidReceipt.because(`${name}_length ${length} is not from 1 to ${MAX_RECEIPT_TEXT_BYTES}`);
    }
  }
  if (receipt.units < 1n || receipt.units > use.maxUnits) {
    throw errors.invalidReceipt.because(`${receipt.units} units, the fee pays for 1 to ${use.maxUnits}`);
  }
}
