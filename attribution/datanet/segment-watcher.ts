/**
 * Owns watching sealed segments: each is made anew from the texts of its records, and where it differs bytes of it are demanded,
 * within a budget of bonds, until a challenge shows where. It does not own the search (segment-faults.ts, index-faults.ts)
 * nor when to look (the caller calls `pass` again and again).
 *
 * Nothing of a search is kept here: what was shown stands in transactions, and what is asked on the chain. So a search goes on
 * after a restart, and what one watcher was told serves all.
 */
import { type NativeMessage, nativeMessage } from "../../client/registry.ts";
import { SegmentPart } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ChainRefusal } from "../chain-session.ts";
import { DEFAULT_DEMANDS, MAX_DISPUTED_SEGMENTS } from "../limits.ts";
import type { Record } from "../record-texts.ts";
import { answersAbout } from "./demand-answers.ts";
import { indexStep } from "./index-faults.ts";
import { PartialTree } from "./partial-tree.ts";
import {
  type Demand,
  type PlacedRecord,
  placedRecords,
  type SealedText,
  type Segment,
  sealedSegments,
  sealedText,
  waitingDemands,
} from "./sealed-text.ts";
import { type Step, textStep } from "./segment-faults.ts";
import { challenge, type DatanetWatcherOptions, type Finding, nameOf, Teller, verifiedTexts } from "./watching.ts";

type Subject = Pick<Finding, "datanetId" | "kind" | "number">;
type Params = Messages["tributary.datanet.v1.Params"];

/** Follows the segments of some datanets while they can fall. */
export class SegmentWatcher {
  readonly #options: DatanetWatcherOptions;
  readonly #tell: Teller;
  /** Segments that need no other look. */
  readonly #done = new Set<string>();
  /** The records of segments of which a text lacked, and whose. */
  readonly #unread = new Map<string, { readonly placed: readonly PlacedRecord[]; readonly lacking: Record }>();
  /** Segments that differ, the one looked at last at the end. */
  readonly #disputed = new Map<string, SealedText>();
  /** Own demands that were answered: their bonds are gone. */
  readonly #lost = new Set<bigint>();

  constructor(options: DatanetWatcherOptions) {
    this.#options = { ...options, texts: verifiedTexts(options.texts) };
    this.#tell = new Teller(options.report);
  }

  /** Looks at every sealed segment that needs it, once. Throws what the first one failed with that could not be looked at. */
  async pass(): Promise<readonly Finding[]> {
    const { session, datanets } = this.#options;
    const findings: Finding[] = [];
    const failures: unknown[] = [];
    // One that cannot be looked at must not hide the others.
    const failed = (error: unknown): readonly [] => {
      failures.push(error);
      return [];
    };
    for (const datanetId of datanets) {
      for (const segment of await sealedSegments(session, datanetId).catch(failed)) {
        findings.push(...(await this.#look(segment).catch(failed)));
      }
    }
    if (failures.length > 0) throw failures[0];
    return findings;
  }

  async #look(segment: Segment): Promise<readonly Finding[]> {
    const subject: Subject = { datanetId: segment.datanetId, kind: "segment", number: segment.index };
    const name = nameOf(subject);
    if (this.#done.has(name)) return [];
    const sealed = await this.#sealed(segment, name);
    if (sealed === undefined) return [];
    const isText = sealed.isSealed(SegmentPart.SEGMENT_PART_TEXT);
    if (isText && sealed.isSealed(SegmentPart.SEGMENT_PART_INDEX)) {
      this.#done.add(name);
      return [{ ...subject, is: "honest", reason: "" }];
    }
    this.#keep(name, sealed);
    const part = isText ? SegmentPart.SEGMENT_PART_INDEX : SegmentPart.SEGMENT_PART_TEXT;
    const reason = `its ${isText ? "index" : "text"} is not what its records make`;
    const finding = await this.#dispute(sealed, part, subject, reason);
    if (finding.is === "challenged" || finding.is === "refused") this.#done.add(name);
    return [finding];
  }

  /** What a segment should be; undefined while a text lacks. */
  async #sealed(segment: Segment, name: string): Promise<SealedText | undefined> {
    const { session, texts } = this.#options;
    const known = this.#disputed.get(name);
    if (known !== undefined) return known;
    const unread = this.#unread.get(name);
    // The others are not read anew for as long as it lacks.
    if (unread !== undefined && (await texts.textOf(unread.lacking)) === undefined) return undefined;
    const placed = unread?.placed ?? (await placedRecords(session, segment));
    const made = await sealedText(segment, placed, texts);
    if ("lacking" in made) {
      this.#unread.set(name, { placed, lacking: made.lacking });
      this.#tell.once(`${name} cannot be checked: the text of record ${made.lacking.number} is not here`);
      return undefined;
    }
    this.#unread.delete(name);
    await session.breathe();
    return made;
  }

  #keep(name: string, sealed: SealedText): void {
    this.#disputed.delete(name);
    this.#disputed.set(name, sealed);
    for (const [oldest] of this.#disputed) {
      if (this.#disputed.size <= MAX_DISPUTED_SEGMENTS) break;
      this.#disputed.delete(oldest);
    }
  }

  /** One step against a part that is false. */
  async #dispute(sealed: SealedText, part: Demand["part"], subject: Subject, reason: string): Promise<Finding> {
    const { session, party } = this.#options;
    const found: Finding = { ...subject, is: "found", reason };
    const { datanet } = await session.query("tributary.datanet.v1.Query/Datanet", { datanetId: subject.datanetId });
    if (datanet.isPrivate) {
      this.#tell.once(`${nameOf(subject)} is false: ${reason}; its texts are private, so nothing of them is shown`);
      return found;
    }
    const answers = await answersAbout(session, subject.datanetId, subject.number);
    for (const { id, challenger } of answers.demands) if (challenger === party?.address) this.#lost.add(id);
    const known = knownOf(sealed.segment, part);
    for (const opening of answers.openings) known.add(opening);
    const step =
      part === SegmentPart.SEGMENT_PART_TEXT
        ? asMessage(textStep(known, sealed), (shown) =>
            nativeMessage("tributary.datanet.v1.MsgChallengeSegment", { ...this.#by(subject), ...shown }),
          )
        : asMessage(indexStep(known, Number(sealed.segment.indexCount), sealed), ({ entries, texts }) =>
            nativeMessage("tributary.datanet.v1.MsgChallengeIndex", {
              ...this.#by(subject),
              ...{ entries, texts: [...texts] },
            }),
          );
    if (step.is === "challenge") return challenge(this.#options, subject, step.reason, step.shown);
    if (step.is === "stuck") {
      this.#tell.once(`${nameOf(subject)} is false, but cannot be shown to be: ${step.reason}`);
      return found;
    }
    return this.#demand(sealed.segment, part, step, found);
  }

  #by({ datanetId, number }: Subject) {
    return { challenger: this.#options.party?.address ?? "", datanetId, segment: number };
  }

  /** Demands a byte, unless somebody is asked for it already, it is too late, or the budget is used up. */
  async #demand(
    segment: Segment,
    part: Demand["part"],
    { offset, number }: { readonly offset: number; readonly number: bigint },
    found: Finding,
  ): Promise<Finding> {
    const { session, party } = this.#options;
    const name = nameOf(found);
    const of = { datanetId: segment.datanetId, segment: segment.index, part, offset: BigInt(offset) };
    const waiting = await waitingDemands(session);
    const own = waiting.filter(({ challenger }) => challenger === party?.address);
    // Another's demand about another byte is not waited for: a sealer could keep one waiting at its leisure.
    const isAsked = (demand: Demand) =>
      demand.datanetId === of.datanetId && demand.segment === of.segment && demand.part === part;
    if (own.some(isAsked) || waiting.some((demand) => isAsked(demand) && demand.offset === of.offset)) {
      return { ...found, is: "waiting" };
    }
    const { params } = await session.query("tributary.datanet.v1.Query/Params", {});
    const hindrance = await this.#hindrance(segment, params, own.length);
    if (party === undefined || hindrance !== undefined) {
      this.#tell.once(
        `${name} is false: ${found.reason}; no byte of it was demanded, ${hindrance ?? "since nobody signs"}`,
      );
      return found;
    }
    const demand = { challenger: party.address, ...of, number };
    try {
      await session.send(party, [nativeMessage("tributary.datanet.v1.MsgDemandOpening", demand)]);
    } catch (error) {
      if (!(error instanceof ChainRefusal)) throw error;
      const isNew = this.#tell.once(`${name} is false: ${found.reason}; a demand was refused: ${error.message}`);
      // A record that was taken down meanwhile may not be asked about: it is made anew.
      if (isNew) this.#disputed.delete(name);
      return found;
    }
    this.#options.report(`${name} is false: ${found.reason}; byte ${offset} of it was demanded`);
    return { ...found, is: "demanded" };
  }

  /** Why no demand is made; undefined when nothing keeps from it. */
  async #hindrance({ finalAt }: Segment, params: Params, waiting: number): Promise<string | undefined> {
    const { demandBond, demandSeconds, bondDenom } = params;
    const budget = this.#options.bonds ?? DEFAULT_DEMANDS * demandBond;
    const bound = BigInt(this.#lost.size + waiting) * demandBond;
    if (bound + demandBond > budget) return `since ${bound}${bondDenom} of ${budget}${bondDenom} for bonds are used`;
    const left = finalAt - (await this.#options.session.blockTime());
    return left > demandSeconds ? undefined : `since its window ends in ${left} seconds, before an answer would be due`;
  }
}

/** What is known of a part before anything is shown. */
function knownOf({ textRoot, byteCount, indexRoot, indexCount }: Segment, part: Demand["part"]): PartialTree {
  return part === SegmentPart.SEGMENT_PART_TEXT
    ? new PartialTree(textRoot, Number(byteCount))
    : new PartialTree(indexRoot, 4 * Number(indexCount));
}

function asMessage<Shown>(step: Step<Shown>, message: (shown: Shown) => NativeMessage): Step<NativeMessage> {
  return step.is === "challenge" ? { ...step, shown: message(step.shown) } : step;
}
