/**
 * Owns answering disputes about the lineages of one's own models: the disputed words are looked for in earlier records that the
 * version declares, and shown. It keeps nothing that the chain does not say, so it can be stopped at any time; what it needs is
 * the key of the model's owner and the texts. It does not own the rule (modules/attribution/keeper/disputes.ts) nor when to
 * look (the caller calls `pass` again and again).
 */
import { createHash } from "node:crypto";
import { tokenize } from "../chain/types/lexer.ts";
import { TEXT_CHUNK_BYTES } from "../chain/types/limits.ts";
import { TextTree } from "../chain/types/text-tree.ts";
import { nativeMessage } from "../client/registry.ts";
import { showStretch } from "../modules/attribution/proof/text-window.ts";
import type { Messages } from "../proto/types.gen.ts";
import { disputesOf, messagesBy, recordFacts } from "./chain-facts.ts";
import { DeclaredRecords, type Earlier } from "./declared-records.ts";
import type { LineageWatcherOptions } from "./lineage-watcher.ts";
import { UseTextFinder } from "./use-texts.ts";

type Dispute = Messages["tributary.attribution.v1.LineageDispute"];

/** What answering works with; `party` owns the models. */
export type DisputeAnswererOptions = Omit<LineageWatcherOptions, "datanetIds">;

/** Answers for the models of one account. */
export class DisputeAnswerer {
  readonly #options: DisputeAnswererOptions;
  readonly #declared: DeclaredRecords;
  readonly #texts: UseTextFinder;
  /** Disputes that nothing answered, with how many tokens of declared records were here then. */
  readonly #looked = new Map<bigint, number>();

  constructor(options: DisputeAnswererOptions) {
    this.#options = options;
    this.#declared = new DeclaredRecords(options);
    this.#texts = new UseTextFinder(options);
  }

  /** Answers what can be answered. Gives the disputes' numbers; throws what the first one failed with, after the others. */
  async pass(): Promise<readonly bigint[]> {
    const { session, party } = this.#options;
    const answered: bigint[] = [];
    const failures: unknown[] = [];
    for (const dispute of await disputesOf(session)) {
      if (dispute.isProved) continue;
      try {
        const { model } = await session.query("tributary.model.v1.Query/Model", { modelId: dispute.modelId });
        if (model.owner === party.address && (await this.#answer(dispute))) answered.push(dispute.id);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return answered;
  }

  async #answer(dispute: Dispute): Promise<boolean> {
    const { session, party, report } = this.#options;
    const { id: disputeId, modelId, modelVersion, answerBy, record: disputed } = dispute;
    if ((await session.blockTime()) > answerBy) return false;
    const declared = await this.#declared.of(dispute);
    const here = await this.#declared.follow(declared);
    if (this.#looked.get(disputeId) === here) return false;
    const words = await this.#wordsOf(dispute);
    const { record } = await session.query("tributary.datanet.v1.Query/Record", disputed);
    const earlier = words && (await this.#declared.earlier(declared, words, recordFacts(record)));
    const about = `dispute ${disputeId} over version ${modelVersion} of model ${modelId}`;
    if (earlier?.is !== "found") {
      report(`${about} has no answer here: ${whyNot(earlier)}; there is time until ${timeText(answerBy)}`);
      this.#looked.set(disputeId, here);
      return false;
    }
    const { datanetId, number, text } = earlier.record;
    const message = nativeMessage("tributary.attribution.v1.MsgAnswerDispute", {
      ...{ owner: party.address, disputeId, recordId: { datanetId, number }, recordStart: BigInt(earlier.start) },
      record: showStretch(new TextTree(text), text.length, earlier.start, earlier.start + Number(dispute.wordsLength)),
    });
    await session.send(party, [message]);
    this.#looked.delete(disputeId);
    report(`${about} was answered: the words stand in record ${datanetId}/${number}, which it declares`);
    return true;
  }

  /** The disputed words: from the dispute's transaction, or else from the use, wherever its texts are kept. */
  async #wordsOf({ id, useId, wordsHash, wordsLength }: Dispute): Promise<Uint8Array | undefined> {
    const { session } = this.#options;
    const isTheirs = (bytes: Uint8Array): boolean => createHash("sha256").update(bytes).digest().equals(wordsHash);
    const name = "tributary.attribution.v1.MsgDisputeLineage";
    for (const { output, matchStart, matchEnd } of await messagesBy(
      session,
      name,
      `lineage_disputed.dispute_id='${id}'`,
    )) {
      const first = output.firstChunk * BigInt(TEXT_CHUNK_BYTES);
      const words = output.chunks.subarray(Number(matchStart - first), Number(matchEnd - first));
      if (isTheirs(words)) return words;
    }
    const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId });
    const texts = await this.#texts.of(use);
    if (texts === undefined) return undefined;
    for (const start of tokenize(texts.output).starts) {
      const words = texts.output.subarray(start, start + Number(wordsLength));
      if (isTheirs(words)) return words;
    }
    return undefined;
  }
}

function whyNot(earlier: Exclude<Earlier, { readonly is: "found" }> | undefined): string {
  if (earlier === undefined) return "neither this node's index nor any folder here has the words";
  if (earlier.is === "absent") return "no declared record that is earlier has the words";
  return `of the declared records whose texts are here none has the words, and the text of ${earlier.id.datanetId}/${earlier.id.number} is not here`;
}

/** Seconds since 1970 as people write them. */
function timeText(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString();
}
