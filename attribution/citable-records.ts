/**
 * Owns knowing which records of a model's datanets a batch may cite: those it was trained on whose challenge window had
 * ended by then and that were not struck in it. What can change no more is asked of a node once and kept: the ends of
 * windows as runs of neighbours, the few records that were struck, and the ranges of published versions. It does not own
 * the rule (modules/attribution/keeper/lineages.ts).
 */
import { isStruck } from "../modules/attribution/keeper/lineages.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { ChainSession } from "./chain-session.ts";
import { recordsAfter } from "./record-texts.ts";

type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A model's datanet versions. */
export type Lineage = readonly Pick<Messages["tributary.model.v1.Lineage"], "datanetId" | "recordCount" | "version">[];

/** What decides which records a batch may cite. */
export interface Citing {
  readonly lineage: Lineage;
  /** When the first of the uses was opened, in unix seconds. */
  readonly asOf: bigint;
}

/** Neighbouring records whose windows ended at the same time, up to the next run. */
interface Run {
  readonly first: bigint;
  readonly finalAt: bigint;
}

/** Of all datanets that were asked about. */
export class CitableRecords {
  readonly #windows = new Map<bigint, RecordWindows>();
  /** The numbers a published version holds, by datanet and version. */
  readonly #versions = new Map<string, readonly Messages["tributary.datanet.v1.RecordRange"][]>();

  /** Which records uses of such a model may cite. */
  async of(session: ChainSession, { lineage, asOf }: Citing): Promise<(id: RecordId) => boolean> {
    const isDeclared = await this.declared(session, lineage);
    for (const { datanetId, recordCount } of lineage) {
      const windows = this.#windows.get(datanetId) ?? new RecordWindows(datanetId);
      this.#windows.set(datanetId, windows);
      await windows.follow(session, recordCount);
    }
    return (id) => isDeclared(id) && this.#windows.get(id.datanetId)!.hasEndedWell(id.number, asOf);
  }

  /** Which records a lineage names, whatever became of them. */
  async declared(session: ChainSession, lineage: Lineage): Promise<(id: RecordId) => boolean> {
    const rules = new Map<bigint, (number: bigint) => boolean>();
    for (const { datanetId, recordCount, version } of lineage) {
      const ranges = version === 0n ? undefined : await this.#rangesOf(session, datanetId, version);
      rules.set(
        datanetId,
        (number) =>
          number >= 1n &&
          number <= recordCount &&
          (ranges === undefined || ranges.some(({ first, last }) => first <= number && number <= last)),
      );
    }
    return ({ datanetId, number }) => rules.get(datanetId)?.(number) ?? false;
  }

  /** The ranges of a version and of those it extends. Versions never change. */
  async #rangesOf(
    session: ChainSession,
    datanetId: bigint,
    version: bigint,
  ): Promise<readonly Messages["tributary.datanet.v1.RecordRange"][]> {
    const name = `${datanetId}/${version}`;
    const known = this.#versions.get(name);
    if (known !== undefined) return known;
    const found = await session.query("tributary.datanet.v1.Query/Version", { datanetId, version });
    const { ranges, extends: earlier } = found.version;
    const all = earlier === 0n ? ranges : [...(await this.#rangesOf(session, datanetId, earlier)), ...ranges];
    this.#versions.set(name, all);
    return all;
  }
}

/** The challenge windows of one datanet's records. */
class RecordWindows {
  readonly #datanetId: bigint;
  /** Up to this record all windows have ended: neither their ends nor who was struck changes any more. */
  #settled = 0n;
  /** The last record that was ever asked for. */
  #last = 0n;
  readonly #runs: Run[] = [];
  readonly #struck = new Set<bigint>();
  /** The records after it, as they were when last asked for: when their windows end, undefined for a struck one. */
  #waiting = new Map<bigint, bigint | undefined>();

  constructor(datanetId: bigint) {
    this.#datanetId = datanetId;
  }

  /** Asks for what is not settled of the records up to one, and up to any that was asked for before. */
  async follow(session: ChainSession, last: bigint): Promise<void> {
    if (last <= this.#settled) return;
    if (last > this.#last) this.#last = last;
    // Read before the records, so that a window that had ended then has ended in what they say.
    const now = await session.blockTime();
    this.#waiting = new Map();
    for await (const record of recordsAfter(session, this.#datanetId, this.#settled)) {
      const { number, finalAt } = record;
      if (number > this.#last) return;
      const isNext = number === this.#settled + 1n;
      if (isNext && finalAt <= now) this.#settle(number, finalAt, isStruck(record));
      else this.#waiting.set(number, isStruck(record) ? undefined : finalAt);
    }
  }

  /** Whether a record's window had ended by a time, and it was not struck. */
  hasEndedWell(number: bigint, asOf: bigint): boolean {
    const finalAt = number <= this.#settled ? this.#settledAt(number) : this.#waiting.get(number);
    return finalAt !== undefined && finalAt <= asOf;
  }

  #settle(number: bigint, finalAt: bigint, wasStruck: boolean): void {
    this.#settled = number;
    if (wasStruck) this.#struck.add(number);
    if (this.#runs.at(-1)?.finalAt !== finalAt) this.#runs.push({ first: number, finalAt });
  }

  #settledAt(number: bigint): bigint | undefined {
    if (this.#struck.has(number)) return undefined;
    let [low, high] = [0, this.#runs.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#runs[middle]!.first <= number) low = middle;
      else high = middle;
    }
    return this.#runs[low]?.finalAt;
  }
}
