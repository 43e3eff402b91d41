/**
 * Owns the indexes of all datanets that a host or watcher has, and following the chain's records into them. It does not
 * own one index (datanet-index.ts) nor where texts come from (record-texts.ts).
 */
import { join } from "node:path";
import { textRoot } from "../chain/types/text-tree.ts";
import type { RecordFacts } from "../modules/attribution/proof/match.ts";
import type { ChainSession } from "./chain-session.ts";
import { CitableRecords, type Citing } from "./citable-records.ts";
import type { CorpusRecord } from "./corpus.ts";
import { DatanetIndex, type IndexOptions, type Segment } from "./datanet-index.ts";
import { type Followed, followDatanet, type TextSource } from "./record-texts.ts";
import type { RecordPlace } from "./span-search.ts";

/** Indexes by datanet, each in a folder of its own, opened when first needed. */
export class Library {
  /** Which of the records batches may cite. */
  readonly citable = new CitableRecords();
  readonly #folder: string;
  readonly #options: IndexOptions;
  readonly #indexes = new Map<bigint, DatanetIndex>();
  readonly #roots = new Map<string, Uint8Array>();

  constructor(folder: string, options: IndexOptions = {}) {
    this.#folder = folder;
    this.#options = options;
  }

  index(datanetId: bigint): DatanetIndex {
    const known = this.#indexes.get(datanetId);
    if (known !== undefined) return known;
    const opened = DatanetIndex.open(join(this.#folder, `datanet-${datanetId}`), datanetId, this.#options);
    this.#indexes.set(datanetId, opened);
    return opened;
  }

  /** Takes in what the chain has of a datanet and the library has not, as far as its text is found. */
  follow(session: ChainSession, datanetId: bigint, source: TextSource): Promise<Followed> {
    return followDatanet(session, this.index(datanetId), source);
  }

  /** The records that batches of such a model may cite and whose texts are not here. */
  async missing(session: ChainSession, citing: Citing): Promise<readonly RecordPlace["id"][]> {
    const mayCite = await this.citable.of(session, citing);
    return citing.lineage.flatMap(({ datanetId, recordCount }) => {
      const index = this.index(datanetId);
      const numbers = [...index.missing()].filter((number) => number <= recordCount);
      for (let number = index.lastNumber + 1n; number <= recordCount; number++) numbers.push(number);
      return numbers.map((number) => ({ datanetId, number })).filter(mayCite);
    });
  }

  segments(datanetIds: readonly bigint[]): readonly Segment[] {
    return datanetIds.flatMap((datanetId) => this.index(datanetId).segments);
  }

  record({ datanetId, number }: RecordPlace["id"]): CorpusRecord | undefined {
    return this.index(datanetId).record(number);
  }

  /** What the chain knows of a record, read from the library; undefined for one whose text is not here. */
  facts(id: RecordPlace["id"]): RecordFacts | undefined {
    const record = this.record(id);
    if (record === undefined) return undefined;
    const { text, contributor = "", height = 0n } = record;
    const name = `${id.datanetId}/${id.number}`;
    const root = this.#roots.get(name) ?? textRoot(text);
    this.#roots.set(name, root);
    return { id, contributor, height, text: { root, length: text.length } };
  }
}
