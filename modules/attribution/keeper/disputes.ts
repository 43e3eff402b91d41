/**
 * Owns disputes about lineages: somebody shows that an output of a model's version holds words of a record which came before
 * the version and which its lineage leaves out. Unless the owner shows the same words in an earlier record that it did
 * declare, that is kept as proved, for governance and for those who choose a model. It does not own what shows the words
 * (challenge/use-decision.ts).
 *
 * This proves that words overlap, not where a model has them from; README.md says what follows from that.
 */
import type { Read, Write } from "../../../chain/module/context.ts";
import type { Page, PageRequest } from "../../../chain/store/collections.ts";
import { type Hasher, sha256 } from "../../../chain/types/hash.ts";
import { RecordStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { Shown } from "../challenge/decision.ts";
import {
  decideOmittedWords,
  disputeAnswerFlaw,
  type KnownText,
  knownTexts,
  type OmissionFacts,
  showsItsModel,
} from "../challenge/use-decision.ts";
import { errors } from "../errors.ts";
import { GAS_PER_BYTE, GAS_PER_SCORE } from "../limits.ts";
import type { Params } from "../params.ts";
import type { RecordFacts } from "../proof/match.ts";
import { Due, omissionKey, state } from "../state.ts";
import type { Use } from "./acknowledgements.ts";
import { chargedHasher } from "./challenges.ts";
import type { Ledger } from "./ledger.ts";
import { factsOf, isStruck, type Lineages, type Models, type ModelVersion } from "./lineages.ts";

export type LineageDispute = Messages["tributary.attribution.v1.LineageDispute"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** What disputes need of their neighbours. */
export interface DisputeUses {
  readonly models: Pick<Models, "model" | "owedRevenue">;
  readonly hasher: Hasher;
}

export class Disputes {
  readonly #uses: DisputeUses;
  readonly #ledger: Ledger;
  readonly #lineages: Lineages;

  constructor(uses: DisputeUses, ledger: Ledger, lineages: Lineages) {
    this.#uses = uses;
    this.#ledger = ledger;
    this.#lineages = lineages;
  }

  /** Throws attribution/32 when there is no such dispute. */
  dispute(ctx: Read, id: bigint): LineageDispute {
    const dispute = state.disputes.get(ctx, id);
    if (dispute === undefined) throw errors.disputeNotFound.because(`dispute ${id}`);
    return dispute;
  }

  disputes(ctx: Read, request: PageRequest | undefined): Page<readonly [bigint, LineageDispute]> {
    return state.disputes.paginate(ctx, request);
  }

  /** The disputes of one version. */
  ofVersion(ctx: Read, { modelId, modelVersion }: ModelVersion, request: PageRequest | undefined) {
    return state.disputes.by.version.paginate(ctx, [modelId, modelVersion], request);
  }

  /** Opens a dispute under a bond. Throws attribution/31 when what it shows is no omission. */
  open(ctx: Write, params: Params, challenger: string, shown: Shown<"MsgDisputeLineage">): LineageDispute {
    const { useId } = shown;
    const use = state.uses.get(ctx, useId);
    if (use === undefined) throw errors.useNotFound.because(`use ${useId}`);
    const { modelId, modelVersion } = use;
    const length = shown.output.chunks.length + shown.prompt.chunks.length;
    ctx.gas.consume(GAS_PER_SCORE + GAS_PER_BYTE * BigInt(length), "dispute");
    const hasher = chargedHasher(ctx, this.#uses.hasher);
    const found = decideOmittedWords(this.#factsOf(ctx, params, use), shown, hasher);
    if ("refusal" in found) throw errors.disputeFailed.because(found.refusal);
    const bond = BigInt(params.game.challengeBond);
    this.#ledger.take(ctx, ctx.addresses.parseAccount(challenger), bond);
    const dispute: LineageDispute = {
      id: state.challengeCount.next(ctx) + 1n,
      ...{ modelId, modelVersion, useId, challenger },
      record: shown.recordId,
      wordsHash: sha256(found.words),
      wordsLength: BigInt(found.words.length),
      bond: bond.toString(),
      answerBy: ctx.time.seconds + BigInt(params.game.answerSeconds),
      ...{ isProved: false, provedAt: 0n },
    };
    state.disputes.set(ctx, dispute.id, dispute);
    state.due.add(ctx, [dispute.answerBy, [Due.DISPUTE, dispute.id]]);
    ctx.emit("lineage_disputed", disputeAttributes(dispute));
    return dispute;
  }

  /** Takes the owner's answer; a wrong one is refused and may be tried again in time. */
  answer(ctx: Write, owner: string, shown: Shown<"MsgAnswerDispute">): void {
    const dispute = this.dispute(ctx, shown.disputeId);
    if (dispute.isProved) throw errors.disputeNotFound.because(`dispute ${dispute.id} was not answered in time`);
    if (this.#uses.models.model(ctx, dispute.modelId).owner !== owner) {
      throw errors.notOwner.because(`${owner} of model ${dispute.modelId}`);
    }
    if (ctx.time.seconds > dispute.answerBy) {
      throw errors.answeredTooLate.because(`dispute ${dispute.id} was open until ${dispute.answerBy}`);
    }
    const declared = this.#declared(ctx, dispute, shown.recordId);
    const disputed = this.#lineages.anyRecord(ctx, dispute.record);
    if (disputed === undefined) throw new Error(`the record of dispute ${dispute.id} is not there`);
    const hasher = chargedHasher(ctx, this.#uses.hasher);
    const flaw = disputeAnswerFlaw(dispute, factsOf(disputed), declared, shown, hasher);
    if (flaw !== undefined) throw errors.invalidAnswer.because(flaw);
    state.disputes.delete(ctx, dispute.id);
    state.due.delete(ctx, [dispute.answerBy, [Due.DISPUTE, dispute.id]]);
    // As of demands: all of it would make accusing oneself free.
    this.#ledger.forfeit(ctx, BigInt(dispute.bond), owner);
    ctx.emit("dispute_answered", disputeAttributes(dispute));
  }

  /**
   * The owner did not answer: that is kept for everybody to see, governance too. Nobody is punished by it, because whoever asks a model can
   * make it say anything. A dispute that was answered is gone; of several over one record the first that ends is kept.
   */
  end(ctx: Write, id: bigint): void {
    const dispute = state.disputes.get(ctx, id);
    if (dispute === undefined || dispute.isProved) return;
    this.#ledger.give(ctx, dispute.challenger, BigInt(dispute.bond));
    const at = omissionKey(dispute, dispute.record);
    if (state.omissions.has(ctx, at)) {
      state.disputes.delete(ctx, id);
      return;
    }
    state.disputes.set(ctx, id, { ...dispute, bond: "0", isProved: true, provedAt: ctx.time.seconds });
    state.omissions.set(ctx, at, id);
    const { owner } = this.#uses.models.model(ctx, dispute.modelId);
    ctx.emit("lineage_omission_proved", [...disputeAttributes(dispute), ["owner", owner]]);
  }

  #factsOf(ctx: Read, params: Params, use: Use): OmissionFacts {
    return {
      ...textsOf(use),
      minTokens: params.game.omissionTokens,
      promptTokens: params.rules.minTokens,
      record: (id) => this.#leftOut(ctx, use, id),
    };
  }

  /** A record that came before the version, has outlived its window, and is declared by neither it nor its ancestors. */
  #leftOut(ctx: Read, use: Use, id: RecordId): RecordFacts | undefined {
    const record = this.#lineages.anyRecord(ctx, id);
    if (record?.status !== RecordStatus.RECORD_STATUS_FINAL || this.#lineages.isTrainedOn(ctx, use, id))
      return undefined;
    if (state.omissions.has(ctx, omissionKey(use, id))) return undefined;
    const { height } = this.#uses.models.owedRevenue(ctx, use.modelId, use.modelVersion);
    return record.height < height ? factsOf(record) : undefined;
  }

  #declared(ctx: Read, version: ModelVersion, id: RecordId): RecordFacts {
    const record = this.#lineages.anyRecord(ctx, id);
    if (record === undefined || isStruck(record) || !this.#lineages.isTrainedOn(ctx, version, id)) {
      throw errors.invalidAnswer.because(`record ${id.datanetId}/${id.number} is not of the version's lineage`);
    }
    return factsOf(record);
  }
}

/** What the chain knows of the texts of a use. Throws attribution/31 for one that shows nothing of its model. */
function textsOf(use: Use): { readonly output: KnownText; readonly prompt: KnownText } {
  if (!showsItsModel(use)) {
    throw errors.disputeFailed.because(`use ${use.id} is no inference that is attributed by spans`);
  }
  const texts = knownTexts(use);
  if (texts === undefined) throw errors.disputeFailed.because(`use ${use.id} has no output yet`);
  return texts;
}

function disputeAttributes(dispute: LineageDispute): readonly (readonly [string, string])[] {
  return [
    ["dispute_id", dispute.id.toString()],
    ["model_id", dispute.modelId.toString()],
    ["model_version", dispute.modelVersion.toString()],
    ["use_id", dispute.useId.toString()],
    ["challenger", dispute.challenger],
    ["datanet_id", dispute.record.datanetId.toString()],
    ["number", dispute.record.number.toString()],
    ["answer_by", dispute.answerBy.toString()],
  ];
}
