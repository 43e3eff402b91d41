/**
 * Owns a host's routine, pass after pass: what users signed for is handed in, acknowledged uses are put in batches, and
 * challenges of these are answered. It keeps nothing that the chain, the folder of served uses and the published bodies do
 * not say, so it can be stopped at any time. It does not own one batch (batch-host.ts) nor the model that answers.
 */
import { join } from "node:path";
import { textRoot } from "../chain/types/text-tree.ts";
import { MAX_BATCH_USES } from "../modules/attribution/limits.ts";
import { equalBytes } from "../proto/bytes.ts";
import { BatchStatus, UseStatus } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import { batchOfBody } from "./batch-builder.ts";
import { type AnsweredUse, acknowledgementSignedBy, BatchHost } from "./batch-host.ts";
import type { BodyStore } from "./body-store.ts";
import { type Batch, batchesFrom, lineageOf } from "./chain-facts.ts";
import type { ChainSession, Party } from "./chain-session.ts";
import type { Library } from "./library.ts";
import type { TextSource } from "./record-texts.ts";
import { readServed, readSignature, servedIn } from "./served-uses.ts";

type Use = Messages["tributary.attribution.v1.Use"];

/** What a host works with. */
export interface HostOptions {
  readonly session: ChainSession;
  /** The host of the uses. Signs, pays fees and bonds. */
  readonly party: Party;
  readonly library: Library;
  readonly texts: TextSource;
  readonly bodies: BodyStore;
  /** The folder of served uses (served-uses.ts). */
  readonly served: string;
  /** How many acknowledged uses make a batch at once. Fewer wait until one of them is running out of time. */
  readonly fewestUses: number;
  /** How many seconds before that time. */
  readonly marginSeconds: number;
  /** Whether uses whose batch was shown to be false before the first pass are posted again. */
  readonly again: boolean;
  /** Told in one sentence whatever was found or done. */
  readonly report: (line: string) => void;
}

/** A use that waits for a batch. */
interface Waiting {
  readonly use: Use;
  readonly answered: AnsweredUse;
}

/** Serves one host's batches. */
export class Host {
  readonly #options: HostOptions;
  readonly #batches: BatchHost;
  /** Batches before this one need no look any more. */
  #from = 1n;
  #isFirst = true;
  /** Uses that need no look any more. */
  readonly #done = new Set<bigint>();
  /** Rejected batches whose uses may be posted again. */
  readonly #forgiven = new Set<bigint>();
  /** Uses whose batch was shown to be false. */
  readonly #lost = new Set<bigint>();
  /** Uses of batches that can still be challenged. */
  #batched = new Set<bigint>();
  /** Acknowledged uses, looked at once. */
  readonly #waiting = new Map<bigint, Waiting>();
  /** What was said already. */
  readonly #told = new Set<string>();

  constructor(options: HostOptions) {
    const { session, party, library, bodies } = options;
    this.#options = options;
    this.#batches = new BatchHost(session, party, library, bodies);
  }

  /** Answers, hands in and posts whatever there is. Gives the batches that were posted. */
  async pass(): Promise<readonly bigint[]> {
    await this.#follow();
    await this.#acknowledge();
    const now = await this.#options.session.blockTime();
    this.#dropLate(now);
    const posted: bigint[] = [];
    const failures: unknown[] = [];
    for (const group of groupsOf([...this.#waiting.values()])) {
      if (!this.#isDue(group, now)) continue;
      try {
        const batchId = await this.#post(group);
        if (batchId !== undefined) posted.push(batchId);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return posted;
  }

  /** Forgets uses that no batch can have any more. */
  #dropLate(now: bigint): void {
    for (const [useId, { use }] of this.#waiting) {
      if (use.settleBy >= now) continue;
      this.#tell(`use ${useId} ran out of time before it was in a batch: the host's part goes back to the user`);
      this.#waiting.delete(useId);
      this.#done.add(useId);
    }
  }

  /** Looks at this host's batches: answers what is asked, and notes what became of their uses. */
  async #follow(): Promise<void> {
    const { session, party, again } = this.#options;
    const batched = new Set<bigint>();
    const failures: unknown[] = [];
    let isPrefix = true;
    for await (const batch of batchesFrom(session, this.#from)) {
      const isOpen = batch.status === BatchStatus.BATCH_STATUS_OPEN;
      if (isPrefix && !isOpen) this.#from = batch.id + 1n;
      else isPrefix = false;
      if (batch.host !== party.address) continue;
      const isRejected = batch.status === BatchStatus.BATCH_STATUS_REJECTED;
      const uses = isOpen ? batched : isRejected ? this.#lost : this.#done;
      // What was lost before the start may be posted again; what is lost after it would be lost again and again.
      if (isRejected && again && this.#isFirst) this.#forgiven.add(batch.id);
      if (!this.#forgiven.has(batch.id)) for (const useId of batch.useIds) uses.add(useId);
      if (!isOpen || batch.openChallenges === 0) continue;
      // A batch that cannot be answered for must not cost the bond of another.
      await this.#answer(batch).catch((error: unknown) => failures.push(error));
    }
    this.#batched = batched;
    this.#isFirst = false;
    if (failures.length > 0) throw failures[0];
  }

  async #answer(batch: Batch): Promise<void> {
    const { bodies, library, texts, session, report } = this.#options;
    const body = await bodies.bodyOf(batch.bodyHash);
    if (body === undefined) {
      this.#tell(`the body of batch ${batch.id} is not here, so its challenges cannot be answered: put it back`);
      return;
    }
    const lineage = await lineageOf(session, batch.modelId, batch.modelVersion);
    for (const { datanetId } of lineage) await library.follow(session, datanetId, texts);
    const answered = await this.#batches.answer(batch.id, batchOfBody(body));
    if (answered > 0) report(`${answered} challenges of batch ${batch.id} were answered`);
  }

  /** Hands in what users signed for, and notes what waits for a batch. */
  async #acknowledge(): Promise<void> {
    const { session, party, served } = this.#options;
    for (const useId of servedIn(served)) {
      if (this.#done.has(useId) || this.#batched.has(useId) || this.#waiting.has(useId)) continue;
      try {
        const found = await session.find("tributary.attribution.v1.Query/Use", { useId });
        if (found === undefined || found.use.host !== party.address) {
          this.#tell(`use ${useId} is not one of this host's: it is left alone`);
          continue;
        }
        const use = await this.#acknowledged(found.use);
        if (use === undefined) continue;
        if (this.#lost.has(useId)) {
          this.#tell(`use ${useId} was in a batch that was shown to be false: find out why before it is posted again`);
          continue;
        }
        const answered = readServed(join(served, `${useId}`), useId);
        if (isSignedFor(answered, use)) this.#waiting.set(useId, { use, answered });
        else this.#tell(`the texts of use ${useId} are not those that were signed for: no batch can have it`);
      } catch (error) {
        this.#tell(`use ${useId}: ${(error as Error).message}`);
      }
    }
  }

  /** The use once it waits for a batch; undefined when it does not. */
  async #acknowledged(use: Use): Promise<Use | undefined> {
    const { session, party, served, report } = this.#options;
    switch (use.status) {
      case UseStatus.USE_STATUS_ACKNOWLEDGED:
        return use;
      case UseStatus.USE_STATUS_BATCHED:
        return undefined;
      case UseStatus.USE_STATUS_OPEN: {
        const folder = join(served, `${use.id}`);
        const signature = readSignature(folder);
        if (signature === undefined) return undefined;
        const message = await acknowledgementSignedBy(session, signature, party, readServed(folder, use.id));
        await session.send(party, [message]);
        report(`use ${use.id} was acknowledged: user and host signed for it`);
        return (await session.query("tributary.attribution.v1.Query/Use", { useId: use.id })).use;
      }
      default:
        this.#done.add(use.id);
        return undefined;
    }
  }

  #isDue(group: readonly Waiting[], now: bigint): boolean {
    const { fewestUses, marginSeconds } = this.#options;
    const isSoon = ({ use }: Waiting): boolean => use.settleBy - now <= BigInt(marginSeconds);
    return group.length >= fewestUses || group.some(isSoon);
  }

  /** Posts a batch unless that would risk the bond. */
  async #post(group: readonly Waiting[]): Promise<bigint | undefined> {
    const { session, library, texts, report } = this.#options;
    const { modelId, modelVersion, openedAt: asOf } = group[0]!.use;
    const lineage = await lineageOf(session, modelId, modelVersion);
    for (const { datanetId } of lineage) await library.follow(session, datanetId, texts);
    const missing = await library.missing(session, { lineage, asOf });
    if (missing.length > 0) {
      const { datanetId, number } = missing[0]!;
      this.#tell(
        `${missing.length} records of model ${modelId} have no text here, the first ${datanetId}/${number}: without them a batch may be shown to be false, so none is posted`,
      );
      return undefined;
    }
    // Whether it succeeds or not, the next pass asks the chain what became of these uses.
    for (const { use } of group) this.#waiting.delete(use.id);
    const built = await this.#batches.build(
      modelId,
      group.map(({ answered }) => answered),
    );
    const batchId = await this.#batches.post(built);
    const { shares, payees } = built.body;
    report(`batch ${batchId} of ${group.length} uses was posted: ${shares.length} shares for ${payees.length} payees`);
    return batchId;
  }

  /** Says the same thing once. */
  #tell(line: string): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#options.report(line);
  }
}

/** Uses that can stand in one batch: of one version of one model, as many as a batch may have. */
function groupsOf(waiting: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const byVersion = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const name = `${one.use.modelId}/${one.use.modelVersion}`;
    byVersion.set(name, [...(byVersion.get(name) ?? []), one]);
  }
  return [...byVersion.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MAX_BATCH_USES) }, (_, i) =>
      group.slice(i * MAX_BATCH_USES, (i + 1) * MAX_BATCH_USES),
    ),
  );
}

function isSignedFor({ prompt, output }: AnsweredUse, { receipt }: Use): boolean {
  return (
    receipt !== undefined &&
    equalBytes(textRoot(prompt), receipt.promptRoot) &&
    equalBytes(textRoot(output), receipt.outputRoot)
  );
}
