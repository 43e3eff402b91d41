/**
 * Owns watching inline settlements: of each the spans it must have are searched for in the watcher's own index, and the first
 * one that it lacks is shown to the chain. It does not own the search (span-search.ts), the rule
 * (modules/attribution/challenge/settlement-flaw.ts) nor when to look (the caller calls `pass` again and again).
 */
import { TextTree } from "../chain/types/text-tree.ts";
import { nativeMessage } from "../client/registry.ts";
import { leftOutRefusal, type RankedSpan } from "../modules/attribution/challenge/settlement-flaw.ts";
import type { RecordFacts } from "../modules/attribution/proof/match.ts";
import { showStretch } from "../modules/attribution/proof/text-window.ts";
import { RecordStatus, UseStatus } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import { lineageOf, recordFacts, usesFrom } from "./chain-facts.ts";
import { ChainRefusal } from "./chain-session.ts";
import type { Lineage } from "./citable-records.ts";
import { MAX_RECORDS_ASIDE } from "./limits.ts";
import { type FoundSpan, searchSpans } from "./span-search.ts";
import { settledOutput } from "./use-texts.ts";
import type { WatcherOptions } from "./watcher.ts";

type Use = Messages["tributary.attribution.v1.Use"];
type Payout = Messages["tributary.attribution.v1.Payout"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** What became of one settlement in a pass. */
export type SettlementVerdict =
  | { readonly useId: bigint; readonly is: "honest" | "unseen" }
  | { readonly useId: bigint; readonly is: "challenged" | "refused"; readonly reason: string };

/** A settlement as it is checked. */
interface Settled {
  readonly use: Use;
  readonly payout: Payout;
  readonly output: Uint8Array;
  readonly spans: readonly RankedSpan[];
  readonly lineage: Lineage;
}

/** Stands for a number of texts where the settlement itself was not found. */
const NOT_SEEN = -1;

/** Follows all uses of a chain that are settled inline. */
export class SettlementWatcher {
  readonly #options: Pick<WatcherOptions, "session" | "party" | "library" | "texts" | "report">;
  /** Uses before this one need no look any more. */
  #from = 1n;
  readonly #done = new Set<bigint>();
  /** Settlements that need no other look unless texts come, with how many texts lacked. */
  readonly #lacked = new Map<bigint, number>();

  constructor(options: Pick<WatcherOptions, "session" | "party" | "library" | "texts" | "report">) {
    this.#options = options;
  }

  /** The first use that may need a look. */
  get from(): bigint {
    return this.#from;
  }

  /** Looks at every settlement that needs it, once. Throws what the first one failed with that could not be looked at. */
  async pass(): Promise<readonly SettlementVerdict[]> {
    const verdicts: SettlementVerdict[] = [];
    const failures: unknown[] = [];
    const now = await this.#options.session.blockTime();
    for await (const use of usesFrom(this.#options.session, this.#from)) {
      if (this.#done.has(use.id)) continue;
      if (use.status === UseStatus.USE_STATUS_OPEN) {
        // One that nobody cancels after its time is settled no more, and must not keep those behind it in every pass.
        if (now > use.expiresAt) this.#done.add(use.id);
        continue;
      }
      try {
        const verdict =
          use.status === UseStatus.USE_STATUS_SETTLED && !use.isReported ? await this.#look(use) : undefined;
        if (verdict !== undefined) verdicts.push(verdict);
        if (!this.#lacked.has(use.id)) this.#done.add(use.id);
      } catch (error) {
        // One that cannot be looked at must not hide those behind it.
        failures.push(error);
      }
    }
    while (this.#done.delete(this.#from)) this.#from++;
    if (failures.length > 0) throw failures[0];
    return verdicts;
  }

  /** Looks at one, unless it was looked at with the same texts. */
  async #look(use: Use): Promise<SettlementVerdict | undefined> {
    const { session, library, texts } = this.#options;
    const { id: useId, expiresAt, openedAt: asOf } = use;
    const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
    const lackedBefore = this.#lacked.get(useId);
    this.#lacked.delete(useId);
    if ((await session.blockTime()) > expiresAt + BigInt(params.game.windowSeconds)) {
      return lackedBefore === undefined ? { useId, is: "unseen" } : undefined;
    }
    const lineage = await lineageOf(session, use.modelId, use.modelVersion);
    for (const { datanetId } of lineage) await library.follow(session, datanetId, texts);
    const { length: lacking } = await library.missing(session, { lineage, asOf });
    const verdict = lacking === lackedBefore ? undefined : await this.#check(use, lineage);
    if (verdict?.is === "unseen") {
      // The node may find the transaction later; it is told once.
      this.#lacked.set(useId, NOT_SEEN);
      return lackedBefore === NOT_SEEN ? undefined : verdict;
    }
    if (lacking > 0 && (verdict === undefined || verdict.is === "honest")) this.#lacked.set(useId, lacking);
    return verdict;
  }

  async #check(use: Use, lineage: Lineage): Promise<SettlementVerdict> {
    const { session } = this.#options;
    const { id: useId } = use;
    const { payout } = await session.query("tributary.attribution.v1.Query/Payout", { useId });
    const output = await settledOutput(session, payout);
    if (output === undefined) return { useId, is: "unseen" };
    const spans = await Promise.all(payout.spans.map((span) => this.#ranked(span)));
    const settled = { use, payout, output, spans, lineage };
    for (const excluded = new Set<string>(); excluded.size < MAX_RECORDS_ASIDE; ) {
      const missing = await this.#firstMissing(settled, excluded);
      if (missing === undefined) return { useId, is: "honest" };
      if (await this.#hasEarned(missing.place.id, use.openedAt)) return this.#challenge(use, output, missing);
      excluded.add(nameOf(missing.place.id));
    }
    return { useId, is: "honest" };
  }

  /** The best span that the settlement must have and has not. */
  async #firstMissing(
    { use, payout, output, spans, lineage }: Settled,
    excluded: ReadonlySet<string>,
  ): Promise<FoundSpan | undefined> {
    const { session, library } = this.#options;
    const mayCite = await library.citable.of(session, { lineage, asOf: use.openedAt });
    const found = searchSpans(library.segments(lineage.map(({ datanetId }) => datanetId)), output, {
      minTokens: payout.minSpanTokens,
      counts: (id) => mayCite(id) && !excluded.has(nameOf(id)),
    });
    return found.find((span) => leftOutRefusal(this.#rankedFound(span), spans, payout.maxSpans) === undefined);
  }

  /** As the chain asks: a record that could not be cited for a while was none that the host left out. */
  async #hasEarned(id: RecordId, asOf: bigint): Promise<boolean> {
    const { record } = await this.#options.session.query("tributary.datanet.v1.Query/Record", id);
    return record.status === RecordStatus.RECORD_STATUS_FINAL && record.restoredAt <= asOf;
  }

  async #challenge(use: Use, output: Uint8Array, { start, end, place }: FoundSpan): Promise<SettlementVerdict> {
    const { session, party, library, report } = this.#options;
    const { text } = library.record(place.id)!;
    const reason = `bytes ${start} to ${end} of the answer are record ${nameOf(place.id)}'s`;
    const shown = {
      ...{ challenger: party.address, useId: use.id, output, recordId: place.id },
      ...{ matchStart: BigInt(start), matchEnd: BigInt(end), recordStart: BigInt(place.start) },
      record: showStretch(new TextTree(text), text.length, place.start, place.start + end - start),
    };
    try {
      await session.send(party, [nativeMessage("tributary.attribution.v1.MsgChallengeSettlement", shown)]);
    } catch (error) {
      if (!(error instanceof ChainRefusal)) throw error;
      const { message } = error;
      report(`a challenge of the settlement of use ${use.id} was refused: ${message}; nothing was lost but its fee`);
      return { useId: use.id, is: "refused", reason: message };
    }
    report(`the settlement of use ${use.id} by ${use.host} was challenged: ${reason}`);
    return { useId: use.id, is: "challenged", reason };
  }

  async #ranked({
    outputStart,
    length,
    tokens,
    record: id,
    recordStart,
  }: Payout["spans"][number]): Promise<RankedSpan> {
    const place = { matchStart: outputStart, matchEnd: outputStart + length, recordStart: Number(recordStart) };
    return { ...place, tokens, record: await this.#factsOf(id) };
  }

  async #factsOf(id: RecordId): Promise<RecordFacts> {
    const { session, library } = this.#options;
    return library.facts(id) ?? recordFacts((await session.query("tributary.datanet.v1.Query/Record", id)).record);
  }

  #rankedFound({ start, end, tokenCount, place }: FoundSpan): RankedSpan {
    const record = this.#options.library.facts(place.id)!;
    return { matchStart: start, matchEnd: end, recordStart: place.start, tokens: tokenCount, record };
  }
}

function nameOf({ datanetId, number }: RecordId): string {
  return `${datanetId}/${number}`;
}
