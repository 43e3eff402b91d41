/**
 * Owns watching what models declare: answers are searched for words of records that the model's version leaves out though they
 * came before it, and such a version is disputed, unless a record that it does declare would answer. It does not own the search
 * (omission-search.ts), the rule (modules/attribution/keeper/disputes.ts) nor when to look (the caller calls `pass` again and
 * again).
 */
import { nobleHasher } from "../chain/types/hash.ts";
import { TextTree } from "../chain/types/text-tree.ts";
import { nativeMessage } from "../client/registry.ts";
import {
  decideOmittedWords,
  type KnownText,
  knownTexts,
  type OmissionFacts,
  showsItsModel,
} from "../modules/attribution/challenge/use-decision.ts";
import { showStretch, type TextOpening } from "../modules/attribution/proof/text-window.ts";
import { RecordStatus, UseStatus } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import { disputesOf, recordFacts, usesFrom } from "./chain-facts.ts";
import { ChainRefusal } from "./chain-session.ts";
import { Teller } from "./datanet/watching.ts";
import { type Declared, DeclaredRecords } from "./declared-records.ts";
import { MAX_RECORDS_ASIDE, MAX_WAITING_USES, WAITING_PAUSE_MS } from "./limits.ts";
import { explainingTokens, type OmittedWords, omittedWords } from "./omission-search.ts";
import type { Record } from "./record-texts.ts";
import type { RecordPlace } from "./span-search.ts";
import { UseTextFinder, type UseTexts } from "./use-texts.ts";
import type { WatcherOptions } from "./watcher.ts";

type Use = Messages["tributary.attribution.v1.Use"];
type RecordId = RecordPlace["id"];

/** What a watcher of lineages works with. */
export interface LineageWatcherOptions extends Omit<WatcherOptions, "contributor"> {
  /** Whose records are looked for. */
  readonly datanetIds: readonly bigint[];
  /** A folder of served uses, where texts are looked for that nobody publishes; undefined for none. */
  readonly served?: string | undefined;
}

/** What became of one use in a pass. */
export type LineageVerdict = { readonly useId: bigint } & (
  | { readonly is: "whole" | "unseen" }
  | { readonly is: "waiting"; readonly reason: string }
  | { readonly is: "disputed" | "refused"; readonly reason: string }
);

/** Words that show an omission, in a record that counts. */
interface Omission extends Pick<OmittedWords, "start" | "end"> {
  readonly record: Record;
  readonly recordStart: number;
}

/** What a use waits for, and since when. */
interface Waiting {
  readonly stamp: string;
  readonly since: number;
}

/** Follows all uses of a chain. */
export class LineageWatcher {
  readonly #options: LineageWatcherOptions;
  readonly #declared: DeclaredRecords;
  readonly #texts: UseTextFinder;
  /** Uses before this one were looked at. */
  #from = 1n;
  /** Later ones that were looked at. */
  readonly #seen = new Set<bigint>();
  /** Uses that are looked at again, the one that waits longest first. */
  readonly #waiting = new Map<bigint, Waiting>();
  /** How many records of the watched datanets have no text here. */
  #lacking = 0;
  /** By version and record: what is disputed, or was shown to be left out. */
  #disputed = new Set<string>();
  readonly #tell: Teller;

  constructor(options: LineageWatcherOptions) {
    this.#options = options;
    this.#declared = new DeclaredRecords(options);
    this.#texts = new UseTextFinder(options);
    this.#tell = new Teller(options.report);
  }

  /** Looks at every use that needs it, once. Throws what the first one failed with that could not be looked at. */
  async pass(): Promise<readonly LineageVerdict[]> {
    const { session, library, texts, datanetIds, party } = this.#options;
    const verdicts: LineageVerdict[] = [];
    const failures: unknown[] = [];
    this.#lacking = 0;
    for (const datanetId of datanetIds) this.#lacking += (await library.follow(session, datanetId, texts)).missing;
    // Others' open disputes are not waited for: an owner could keep one open against itself.
    const disputes = (await disputesOf(session)).filter((one) => one.isProved || one.challenger === party.address);
    this.#disputed = new Set(disputes.map((one) => disputeName(one, one.record)));
    for await (const use of this.#due()) {
      try {
        const verdict = await this.#look(use);
        if (use.id >= this.#from) this.#seen.add(use.id);
        if (verdict !== undefined) verdicts.push(verdict);
      } catch (error) {
        // One that cannot be looked at must not hide those behind it.
        failures.push(error);
      }
    }
    while (this.#seen.delete(this.#from)) this.#from++;
    if (failures.length > 0) throw failures[0];
    return verdicts;
  }

  /** The uses to look at: those whose wait is over, and new ones that have an answer. */
  async *#due(): AsyncGenerator<Use> {
    const { session } = this.#options;
    const stamp = this.#stamp();
    for (const [useId, waiting] of [...this.#waiting]) {
      if (waiting.stamp === stamp && performance.now() - waiting.since < WAITING_PAUSE_MS) continue;
      yield (await session.query("tributary.attribution.v1.Query/Use", { useId })).use;
    }
    for await (const use of usesFrom(session, this.#from)) {
      if (!this.#seen.has(use.id) && use.status !== UseStatus.USE_STATUS_OPEN) yield use;
    }
  }

  /** Undefined for a use that shows nothing, or not now. */
  async #look(use: Use): Promise<LineageVerdict | undefined> {
    const { id: useId } = use;
    const last = this.#waiting.get(useId);
    this.#waiting.delete(useId);
    if (!showsItsModel(use) || knownTexts(use) === undefined) return undefined;
    try {
      const texts = await this.#texts.of(use);
      if (texts === undefined) return this.#wait(useId, { useId, is: "unseen" });
      const found = await this.#findOmission(use, texts, await this.#declared.of(use));
      if (found !== undefined && "record" in found) return await this.#dispute(use, texts, found);
      if (found !== undefined) return this.#wait(useId, { useId, is: "waiting", ...found });
      // What lacks here may still come.
      return this.#lacking > 0 ? this.#wait(useId, { useId, is: "whole" }) : { useId, is: "whole" };
    } catch (error) {
      if (last !== undefined) this.#waiting.set(useId, last);
      throw error;
    }
  }

  /** Words that no declared record answers for; a reason to wait when that cannot be told, or cannot be shown yet. */
  async #findOmission(
    use: Use,
    texts: UseTexts,
    declared: Declared,
  ): Promise<Omission | { readonly reason: string } | undefined> {
    const { library, datanetIds, session } = this.#options;
    const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
    const limits = { minTokens: params.game.omissionTokens, promptTokens: params.rules.minTokens };
    const segments = library.segments(datanetIds);
    const aside = new Set<string>();
    const cameBefore = (id: RecordId): boolean => (library.record(id)?.height ?? 0n) < declared.height;
    const counts = (id: RecordId): boolean =>
      !declared.declares(id) && cameBefore(id) && !aside.has(nameOf(id)) && !this.#disputed.has(disputeName(use, id));
    let reason: string | undefined;
    search: while (aside.size < MAX_RECORDS_ASIDE) {
      for (const { start, end, places } of omittedWords(segments, texts, limits, counts)) {
        const { id, start: place } = places[0]!;
        const { record } = await session.query("tributary.datanet.v1.Query/Record", id);
        if (record.status !== RecordStatus.RECORD_STATUS_FINAL || record.height >= declared.height) {
          if (mayBecomeFinal(record) && record.height < declared.height) reason ??= `record ${nameOf(id)} is not final`;
          aside.add(nameOf(id));
          continue search;
        }
        await this.#declared.follow(declared);
        const words = texts.output.subarray(start, end);
        const own = this.#declared.unexplained(declared, words, limits.minTokens, recordFacts(record));
        if (own === undefined) continue;
        const shownWords = words.subarray(own.start, own.end);
        // A token has a byte at least: a shorter record explains nothing.
        const least = explainingTokens(limits.minTokens);
        const earlier = await this.#declared.earlier(declared, shownWords, recordFacts(record), least);
        const shown = { start: start + own.start, end: start + own.end, recordStart: place + own.start };
        if (earlier.is === "absent") return { ...shown, record };
        if (earlier.is === "unread")
          reason = `the declared record ${nameOf(earlier.id)} may hold them, its text is not here`;
      }
      break;
    }
    return reason === undefined ? undefined : { reason };
  }

  async #dispute(use: Use, texts: UseTexts, omission: Omission): Promise<LineageVerdict> {
    const { session, party, report, library } = this.#options;
    const { id: useId, modelId, modelVersion } = use;
    const { start, end, record, recordStart } = omission;
    const { id } = recordFacts(record);
    const { text } = library.record(id)!;
    const { output, prompt } = knownTexts(use)!;
    const shown = {
      ...{ useId, recordId: id, matchStart: BigInt(start), matchEnd: BigInt(end), recordStart: BigInt(recordStart) },
      output: openingOf(texts.output, output, start, end),
      prompt: openingOf(texts.prompt, prompt, 0, texts.prompt.length),
      record: openingOf(text, recordFacts(record).text, recordStart, recordStart + end - start),
    };
    const words = `bytes ${start} to ${end} of the answer to use ${useId} stand in record ${nameOf(id)}`;
    const reason = `${words}, which version ${modelVersion} of model ${modelId} does not declare`;
    const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
    const facts: OmissionFacts = {
      ...{ output, prompt, minTokens: params.game.omissionTokens, promptTokens: params.rules.minTokens },
      record: () => recordFacts(record),
    };
    const decision = decideOmittedWords(facts, shown, nobleHasher);
    if ("refusal" in decision) return { useId, is: "refused", reason: decision.refusal };
    try {
      const message = { challenger: party.address, ...shown };
      await session.send(party, [nativeMessage("tributary.attribution.v1.MsgDisputeLineage", message)]);
    } catch (error) {
      if (!(error instanceof ChainRefusal)) throw error;
      this.#tell.once(`a dispute over use ${useId} was refused: ${error.message}; nothing was lost but its fee`);
      return this.#wait(useId, { useId, is: "refused", reason: error.message });
    }
    report(`the lineage of version ${modelVersion} of model ${modelId} was disputed: ${reason}`);
    this.#disputed.add(disputeName(use, id));
    return { useId, is: "disputed", reason };
  }

  /** Looks at the use again when texts have come, or after a while; of too many the one that waits longest is let be. */
  #wait<Verdict extends LineageVerdict | undefined>(useId: bigint, verdict: Verdict): Verdict {
    this.#waiting.set(useId, { stamp: this.#stamp(), since: performance.now() });
    const [longest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING_USES) this.#waiting.delete(longest!);
    if (verdict?.is === "waiting")
      this.#tell.once(`use ${useId} has words of a record left out, but ${verdict.reason}`);
    return verdict;
  }

  /** What changes when texts come. */
  #stamp(): string {
    const { library, datanetIds } = this.#options;
    return datanetIds.map((datanetId) => library.index(datanetId).tokens).join(" ");
  }
}

/** Of a text that is known by its hash alone all is shown. */
function openingOf(text: Uint8Array, known: KnownText, from: number, to: number): TextOpening {
  if ("sha256" in known) return { firstChunk: 0n, chunks: text, path: [] };
  return showStretch(new TextTree(text), text.length, from, to);
}

function mayBecomeFinal({ status }: Record): boolean {
  return status === RecordStatus.RECORD_STATUS_PENDING || status === RecordStatus.RECORD_STATUS_SUSPENDED;
}

function disputeName({ modelId, modelVersion }: Pick<Use, "modelId" | "modelVersion">, id: RecordId): string {
  return `${modelId}/${modelVersion}/${nameOf(id)}`;
}

function nameOf({ datanetId, number }: RecordId): string {
  return `${datanetId}/${number}`;
}
