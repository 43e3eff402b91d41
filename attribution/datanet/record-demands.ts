/**
 * Owns having records shown whose texts nobody gives: a byte of such a record is demanded, drawn by lot, within a budget of
 * bonds. A record without a text falls by it; one whose text is only late is answered for. It does not own looking for
 * texts nor answering (demand-answerer.ts).
 */
import { randomInt } from "node:crypto";
import { nativeMessage } from "../../client/registry.ts";
import { SegmentPart } from "../../proto/enums.gen.ts";
import { ChainRefusal } from "../chain-session.ts";
import { DEFAULT_DEMANDS } from "../limits.ts";
import type { Record } from "../record-texts.ts";
import { waitingDemands } from "./sealed-text.ts";
import { type DatanetWatcherOptions, type Finding, nameOf, type Teller } from "./watching.ts";

export class RecordDemands {
  readonly #options: DatanetWatcherOptions;
  readonly #tell: Teller;
  /** Records that were asked for here: each once, since an answer shows that somebody has the text. */
  readonly #asked = new Set<string>();

  constructor(options: DatanetWatcherOptions, tell: Teller) {
    this.#options = options;
    this.#tell = tell;
  }

  /**
   * Demands a byte of a pending record whose text is not here, in the second half of the time in which it can be: texts are
   * often later than their records, and whoever asks for one that is there loses the bond. Undefined when nothing is to be done.
   */
  async ofMissing(record: Record): Promise<Finding | undefined> {
    const { session, party, report } = this.#options;
    const { datanetId, number, acceptedAt, finalAt, length } = record;
    const subject = { datanetId, kind: "record", number } as const;
    const name = nameOf(subject);
    if (this.#asked.has(name)) return undefined;
    const { params } = await session.query("tributary.datanet.v1.Query/Params", {});
    const now = await session.blockTime();
    const lastTime = finalAt - params.recordDemandSeconds;
    if (now >= lastTime || 2n * now < acceptedAt + lastTime) return undefined;
    const found = { ...subject, reason: "nobody gives its text" };
    const waiting = await waitingDemands(session);
    const isSame = (demand: (typeof waiting)[number]) =>
      demand.segment === 0n && demand.datanetId === datanetId && demand.number === number;
    if (waiting.some(isSame)) return { ...found, is: "waiting" };
    const own = waiting.filter(({ challenger }) => challenger === party?.address).length;
    const budget = this.#options.bonds ?? DEFAULT_DEMANDS * params.demandBond;
    // Those that were made and do not wait any more count as lost, which errs on the safe side.
    const bound = BigInt(Math.max(own, this.#asked.size) + 1) * params.demandBond;
    if (party === undefined || bound > budget) {
      const why = party === undefined ? "nobody signs" : `the budget of ${budget}${params.bondDenom} is used`;
      this.#tell.once(`the text of ${name} is given by nobody; no byte of it was demanded, since ${why}`);
      return { ...found, is: "found" };
    }
    const offset = BigInt(randomInt(Number(length)));
    const part = SegmentPart.SEGMENT_PART_RECORD;
    const demand = { challenger: party.address, datanetId, segment: 0n, part, offset, number };
    this.#asked.add(name);
    try {
      await session.send(party, [nativeMessage("tributary.datanet.v1.MsgDemandOpening", demand)]);
    } catch (error) {
      if (!(error instanceof ChainRefusal)) throw error;
      this.#tell.once(`the text of ${name} is given by nobody; a demand was refused: ${error.message}`);
      return { ...found, is: "found" };
    }
    report(`the text of ${name} is given by nobody; byte ${offset} of it was demanded`);
    return { ...found, is: "demanded" };
  }
}
