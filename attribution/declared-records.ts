/**
 * Owns what a version of a model declares: its own lineage and those of the versions it was derived from; and whether one of
 * these records holds words that another record is said to have been left out for. It does not own the rules
 * (modules/attribution/keeper/disputes.ts) nor what follows (lineage-watcher.ts, dispute-answers.ts).
 */
import { isStruck } from "../modules/attribution/keeper/lineages.ts";
import { compareRecords, type RecordFacts } from "../modules/attribution/proof/match.ts";
import type { Messages } from "../proto/types.gen.ts";
import { recordFacts, trainedOnBy } from "./chain-facts.ts";
import type { ChainSession } from "./chain-session.ts";
import type { CorpusRecord } from "./corpus.ts";
import type { Library } from "./library.ts";
import { undeclaredPart } from "./omission-search.ts";
import { type Record, recordsAfter, type TextSource } from "./record-texts.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A version of a model. */
export interface ModelVersion {
  readonly modelId: bigint;
  readonly modelVersion: number;
}

/** What a version declares. It never changes. */
export interface Declared {
  /** The block the version was registered in. */
  readonly height: bigint;
  /** Up to which record each datanet may be declared. */
  readonly datanets: ReadonlyMap<bigint, bigint>;
  readonly declares: (id: RecordId) => boolean;
}

/** Whether a declared record answers a dispute. */
export type Earlier =
  | { readonly is: "found"; readonly record: CorpusRecord; readonly start: number }
  | { readonly is: "absent" }
  /** As far as texts are here none does, but this one's is not. */
  | { readonly is: "unread"; readonly id: RecordId };

/** What is looked at. */
export interface DeclaredSources {
  readonly session: ChainSession;
  readonly library: Library;
  readonly texts: TextSource;
}

/** Declarations of versions, asked of a node once each. */
export class DeclaredRecords {
  readonly #sources: DeclaredSources;
  readonly #known = new Map<string, Declared>();

  constructor(sources: DeclaredSources) {
    this.#sources = sources;
  }

  async of({ modelId, modelVersion }: ModelVersion): Promise<Declared> {
    const name = `${modelId}/${modelVersion}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { session, library } = this.#sources;
    const pagination = { offset: BigInt(modelVersion - 1), limit: 1n };
    const [version] = (await session.query("tributary.model.v1.Query/Versions", { modelId, pagination })).versions;
    if (version === undefined) throw new Error(`model ${modelId} has no version ${modelVersion}`);
    const trainedOn = trainedOnBy(version);
    const datanets = new Map(trainedOn.map(({ datanetId, recordCount }) => [datanetId, recordCount]));
    const declared = { height: version.height, datanets, declares: await library.citable.declared(session, trainedOn) };
    this.#known.set(name, declared);
    return declared;
  }

  /** Takes in the declared texts that have come. Gives how many tokens are here. */
  async follow({ datanets }: Declared): Promise<number> {
    const { session, library, texts } = this.#sources;
    let tokens = 0;
    for (const datanetId of datanets.keys()) {
      await library.follow(session, datanetId, texts);
      tokens += library.index(datanetId).tokens;
    }
    return tokens;
  }

  /** The longest part of words that no declared record explains which comes before another one (`undeclaredPart`). */
  unexplained(
    { datanets, declares }: Declared,
    words: Uint8Array,
    minTokens: number,
    than: RecordFacts,
  ): { readonly start: number; readonly end: number } | undefined {
    const { library } = this.#sources;
    const heightOf = (id: RecordId): bigint => library.record(id)?.height ?? 0n;
    const counts = (id: RecordId): boolean => declares(id) && compareRecords({ id, height: heightOf(id) }, than) < 0;
    return undeclaredPart(library.segments([...datanets.keys()]), words, minTokens, counts);
  }

  /**
   * Looks for words in a declared record that comes before another one and was not struck; `follow` first. Records of less than
   * `leastBytes` are not asked for when their texts are not here.
   */
  async earlier(
    { datanets, declares }: Declared,
    words: Uint8Array,
    than: RecordFacts,
    leastBytes = words.length,
  ): Promise<Earlier> {
    const { session, library } = this.#sources;
    const comesFirst = (record: Pick<RecordFacts, "height" | "id">): boolean =>
      declares(record.id) && compareRecords(record, than) < 0;
    for (const segment of library.segments([...datanets.keys()])) {
      for (const record of segment.load().corpus.records) {
        const { datanetId, number, height = 0n, text } = record;
        if (!comesFirst({ id: { datanetId, number }, height })) continue;
        const start = Buffer.from(text.buffer, text.byteOffset, text.byteLength).indexOf(words);
        if (start < 0) continue;
        const found = await session.query("tributary.datanet.v1.Query/Record", { datanetId, number });
        if (!isStruck(found.record)) return { is: "found", record, start };
      }
    }
    for (const [datanetId, last] of datanets) {
      for await (const record of this.#unread(datanetId, last)) {
        const facts = recordFacts(record);
        if (record.length < BigInt(leastBytes) || isStruck(record) || !comesFirst(facts)) continue;
        return { is: "unread", id: facts.id };
      }
    }
    return { is: "absent" };
  }

  /** The records of a datanet up to one whose texts are not here. */
  async *#unread(datanetId: bigint, last: bigint): AsyncGenerator<Record> {
    const index = this.#sources.library.index(datanetId);
    const missing = new Set([...index.missing()].filter((number) => number <= last));
    if (missing.size === 0 && index.lastNumber >= last) return;
    const [first = index.lastNumber + 1n] = missing;
    for await (const record of recordsAfter(this.#sources.session, datanetId, first - 1n)) {
      if (record.number > last) return;
      if (record.number > index.lastNumber || missing.has(record.number)) yield record;
    }
  }
}
