/**
 * Owns watching a chain's batches: each new one is computed anew from the watcher's own index, what is wrong with it is
 * challenged, and what a contributor earned from final ones is claimed. It does not own what is wrong (audit/), the index
 * (library.ts) nor when to look (the caller calls `pass` again and again).
 */
import { randomBytes } from "node:crypto";
import { textRoot } from "../chain/types/text-tree.ts";
import { type NativeMessage, nativeMessage } from "../client/registry.ts";
import type { TextCommitment } from "../modules/attribution/proof/text-window.ts";
import { equalBytes } from "../proto/bytes.ts";
import { BatchPart, BatchStatus } from "../proto/enums.gen.ts";
import { audit, isCommitted } from "./audit/audit.ts";
import { AuditSubject, type Challenge, type Flaw } from "./audit/subject.ts";
import { attributeUses, type BuiltBatch, batchOfBody } from "./batch-builder.ts";
import type { BodySource } from "./body-store.ts";
import { attributionContext, type Batch, batchesFrom, batchFacts, lineageOf } from "./chain-facts.ts";
import { ChainRefusal, type ChainSession, type Party } from "./chain-session.ts";
import { showingMessages } from "./contested-places.ts";
import type { Library } from "./library.ts";
import { MAX_ATTEMPTS_PER_BATCH } from "./limits.ts";
import type { TextSource } from "./record-texts.ts";

/** What a watcher works with. */
export interface WatcherOptions {
  readonly session: ChainSession;
  /** Signs challenges and claims, pays their fees and bonds, and earns the bounties. */
  readonly party: Party;
  readonly library: Library;
  readonly texts: TextSource;
  readonly bodies: BodySource;
  /** Whose payouts are claimed. */
  readonly contributor?: string | undefined;
  /** Told in one sentence whatever was found or done. */
  readonly report: (line: string) => void;
}

/** What became of one batch in a pass. */
export type Verdict =
  | { readonly batchId: bigint; readonly is: "honest" }
  | { readonly batchId: bigint; readonly is: "challenged"; readonly kind: Challenge["kind"]; readonly reason: string }
  | { readonly batchId: bigint; readonly is: "refused"; readonly reason: string }
  | { readonly batchId: bigint; readonly is: "shown"; readonly places: number }
  | { readonly batchId: bigint; readonly is: "withheld"; readonly demanded: boolean }
  | { readonly batchId: bigint; readonly is: "claimed"; readonly amount: string };

/** Follows all batches of a chain. */
export class Watcher {
  readonly #options: WatcherOptions;
  /** Batches before this one need no look any more. */
  #from = 1n;
  /** Open batches that need no other look unless texts come, with how many texts lacked. */
  readonly #checked = new Map<bigint, number>();
  /** Closed batches that have nothing more for the contributor. */
  readonly #done = new Set<bigint>();

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Looks at every batch that needs it, once. Throws what the first one failed with that could not be looked at. */
  async pass(): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = [];
    const failures: unknown[] = [];
    for await (const batch of batchesFrom(this.#options.session, this.#from)) {
      try {
        const verdict = await this.#look(batch);
        if (verdict !== undefined) verdicts.push(verdict);
      } catch (error) {
        // A batch that cannot be looked at must not hide those behind it.
        failures.push(error);
      }
    }
    while (this.#done.delete(this.#from)) this.#from++;
    if (failures.length > 0) throw failures[0];
    return verdicts;
  }

  async #look(batch: Batch): Promise<Verdict | undefined> {
    const { id, status } = batch;
    if (status !== BatchStatus.BATCH_STATUS_OPEN) this.#checked.delete(id);
    switch (status) {
      case BatchStatus.BATCH_STATUS_OPEN:
        if (batch.openChallenges > 0) {
          const showed = await this.#showContested(batch);
          if (showed !== undefined) return showed;
        }
        return this.#checked.get(id) === 0 ? undefined : this.#check(batch, this.#checked.get(id));
      case BatchStatus.BATCH_STATUS_FINAL:
        return this.#done.has(id) ? undefined : this.#claim(batch);
      default:
        this.#done.add(id);
        return undefined;
    }
  }

  /** Shows the places of the watcher's own list that the host contests; undefined when there is nothing to show. */
  async #showContested(batch: Batch): Promise<Verdict | undefined> {
    const { session, party, library, texts, report } = this.#options;
    const { challenges } = await session.query("tributary.attribution.v1.Query/Challenges", { batchId: batch.id });
    const own = challenges.find(({ challenger, contested }) => challenger === party.address && contested.length > 0);
    const published = own && (await this.#bodyOf(batch));
    if (own === undefined || published === undefined) return undefined;
    const lineage = await lineageOf(session, batch.modelId, batch.modelVersion);
    for (const { datanetId } of lineage) await library.follow(session, datanetId, texts);
    const listed = own.occurrences.map(({ record }) => record);
    const facts = await batchFacts(session, library, batch, lineage, listed);
    const subject = new AuditSubject(facts, published, [], (id) => library.record(id)?.text);
    for (const message of showingMessages(own, subject)) await session.send(party, [message]);
    const lacking = own.contested.filter((i) => subject.record(own.occurrences[i]!.record) === undefined).length;
    const rest = lacking === 0 ? "" : `; the texts of ${lacking} are not here, and without them the challenge falls`;
    report(`the host contested ${own.contested.length} places of challenge ${own.id}: they were shown${rest}`);
    return { batchId: batch.id, is: "shown", places: own.contested.length - lacking };
  }

  /** Computes an open batch anew and challenges what is wrong with it. One that was checked is checked again when texts have come. */
  async #check(batch: Batch, lackedBefore: number | undefined): Promise<Verdict | undefined> {
    const { session, library, texts, report } = this.#options;
    const lineage = await lineageOf(session, batch.modelId, batch.modelVersion);
    for (const { datanetId } of lineage) await library.follow(session, datanetId, texts);
    const { length: lacking } = await library.missing(session, { lineage, asOf: batch.asOf });
    if (lacking === lackedBefore) return undefined;
    const published = await this.#bodyOf(batch);
    if (published === undefined) return this.#demand(batch, "its body is not published");
    const { shares, lists } = published.body;
    const listed = lists.flatMap(({ occurrences }) => occurrences.map(({ record }) => record));
    const cited = [...shares.flatMap(({ record }) => (record === undefined ? [] : [record])), ...listed];
    const facts = await batchFacts(session, library, batch, lineage, cited);
    const { uses } = published.body;
    const isTexts = uses.every(
      ({ prompt, output }, i) => isText(prompt, facts.uses[i]?.prompt) && isText(output, facts.uses[i]?.output),
    );
    const served = uses.map((use, i) => ({ ...use, facts: facts.uses[i]! }));
    if (!isTexts || uses.length !== facts.uses.length) return this.#demand(batch, "its body has other texts");
    const honest = attributeUses(
      served,
      await attributionContext(session, library, { lineage, rules: batch.rules, asOf: batch.asOf }),
    );
    const subject = new AuditSubject(facts, published, honest, (id) => library.record(id)?.text);
    if (!isCommitted(subject)) return this.#demand(batch, "its body is of another batch");
    const verdict = await this.#challenge(batch, audit(subject));
    this.#checked.set(batch.id, verdict.is === "honest" ? lacking : 0);
    if (verdict.is === "honest") {
      const unseen = lacking === 0 ? "" : `, as far as can be told without the texts of ${lacking} records`;
      report(`batch ${batch.id} of ${batch.host} is as it should be${unseen}`);
    }
    return verdict;
  }

  /** Sends the first challenge that the chain takes. Throws when the chain cannot be asked: then the batch is looked at again. */
  async #challenge(batch: Batch, flaws: Iterable<Flaw>): Promise<Verdict> {
    const { session, party, report } = this.#options;
    let refused: string | undefined;
    let attempts = 0;
    for (const { reason, challenge } of flaws) {
      if (attempts++ === MAX_ATTEMPTS_PER_BATCH) break;
      try {
        await session.send(party, [challengeMessage(party.address, batch.id, challenge)]);
        report(`batch ${batch.id} of ${batch.host} was challenged by ${challenge.kind}: ${reason}`);
        return { batchId: batch.id, is: "challenged", kind: challenge.kind, reason };
      } catch (error) {
        if (!(error instanceof ChainRefusal)) throw error;
        refused = error.message;
        report(`a challenge of batch ${batch.id} was refused: ${refused}; nothing was lost but its fee`);
      }
    }
    return refused === undefined
      ? { batchId: batch.id, is: "honest" }
      : { batchId: batch.id, is: "refused", reason: refused };
  }

  /**
   * Asks the host to open a share of a batch nobody can check, which costs it the bond unless it does: any of them, so that it
   * has to be able to open all. Until the second half of the window the body may still come.
   */
  async #demand(batch: Batch, why: string): Promise<Verdict> {
    const { session, party, report } = this.#options;
    const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
    const left = batch.windowEnd - (await session.blockTime());
    if (left > BigInt(params.game.windowSeconds) / 2n) return { batchId: batch.id, is: "withheld", demanded: false };
    const part = BatchPart.BATCH_PART_SHARE;
    const demand = {
      challenger: party.address,
      batchId: batch.id,
      part,
      index: randomBytes(8).readBigUInt64BE() % batch.shareCount,
      entry: 0n,
    };
    await session.send(party, [nativeMessage("tributary.attribution.v1.MsgDemand", demand)]);
    this.#checked.set(batch.id, 0);
    report(`batch ${batch.id} of ${batch.host} cannot be checked, ${why}: a share of it was demanded`);
    return { batchId: batch.id, is: "withheld", demanded: true };
  }

  /** Claims what the contributor earned from a final batch. */
  async #claim(batch: Batch): Promise<Verdict | undefined> {
    const { session, party, contributor, report } = this.#options;
    const published = contributor === undefined ? undefined : await this.#bodyOf(batch);
    const isGenuine = published !== undefined && equalBytes(published.commitment.payoutsRoot, batch.payoutsRoot);
    if (contributor !== undefined && !isGenuine) {
      report(`the body of batch ${batch.id} is not here, so what it may owe ${contributor} was not claimed`);
    }
    const index = published?.body.payees.findIndex(({ payee }) => payee.beneficiary === contributor) ?? -1;
    const place = { batchId: batch.id, index: BigInt(index) };
    const isDue =
      published !== undefined &&
      isGenuine &&
      index !== -1 &&
      !(await session.query("tributary.attribution.v1.Query/PayeeClaimed", place)).claimed;
    if (!isDue) {
      this.#done.add(batch.id);
      return undefined;
    }
    const payee = published.payouts.openPayee(index);
    const claim = { sender: party.address, batchId: batch.id, payee };
    await session.send(party, [nativeMessage("tributary.attribution.v1.MsgClaimPayout", claim)]);
    this.#done.add(batch.id);
    report(`${payee.payee.amount} of batch ${batch.id} were claimed for ${contributor}`);
    return { batchId: batch.id, is: "claimed", amount: payee.payee.amount };
  }

  async #bodyOf({ bodyHash }: Batch): Promise<BuiltBatch | undefined> {
    const bytes = bodyHash.length === 0 ? undefined : await this.#options.bodies.bodyOf(bodyHash);
    if (bytes === undefined) return undefined;
    try {
      return batchOfBody(bytes);
    } catch {
      return undefined;
    }
  }
}

function isText(bytes: Uint8Array, commitment: TextCommitment | undefined): boolean {
  if (commitment === undefined || bytes.length === 0 || bytes.length !== commitment.length) return false;
  return equalBytes(textRoot(bytes), commitment.root);
}

/** The message of a challenge. */
function challengeMessage(challenger: string, batchId: bigint, challenge: Challenge): NativeMessage {
  const by = { challenger, batchId };
  switch (challenge.kind) {
    case "share": {
      const { kind: _, ...fields } = challenge;
      return nativeMessage("tributary.attribution.v1.MsgChallengeShare", { ...by, ...fields });
    }
    case "omission": {
      const { kind: _, ...fields } = challenge;
      return nativeMessage("tributary.attribution.v1.MsgChallengeOmission", { ...by, ...fields });
    }
    case "rank": {
      const { kind: _, ...fields } = challenge;
      return nativeMessage("tributary.attribution.v1.MsgChallengeRank", { ...by, ...fields });
    }
    case "payout": {
      const { kind: _, ...fields } = challenge;
      return nativeMessage("tributary.attribution.v1.MsgChallengePayout", { ...by, ...fields });
    }
    case "commonness": {
      const { kind: _, ...fields } = challenge;
      return nativeMessage("tributary.attribution.v1.MsgChallengeCommonness", { ...by, ...fields });
    }
  }
}
