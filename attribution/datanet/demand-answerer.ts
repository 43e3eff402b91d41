/**
 * Owns answering what is demanded of sealed segments and of records, from texts that are here: a sealer that stays silent loses
 * its bond, and a record that nobody shows is struck. It
 * keeps nothing: what waits stands on the chain, so it can be stopped and started at any time. It does not own where texts
 * are found nor when to look (the caller calls `pass` again and again).
 */
import { type NativeMessage, nativeMessage } from "../../client/registry.ts";
import { openingIn, openingOf } from "../../modules/datanet/segment-input.ts";
import { SegmentPart } from "../../proto/enums.gen.ts";
import { ChainRefusal, type ChainSession, type Outcome, type Party } from "../chain-session.ts";
import { ANSWERS_PER_TX } from "../limits.ts";
import { isTextOf, type Record, type TextSource } from "../record-texts.ts";
import {
  type Demand,
  type PlacedRecord,
  placedRecords,
  SealedText,
  type Segment,
  sealedText,
  waitingDemands,
} from "./sealed-text.ts";

/** What answering works with. */
export interface DemandAnswererOptions {
  readonly session: ChainSession;
  /** Signs the answers, pays their fees and gets the answerer's part of the bonds. */
  readonly party: Party;
  readonly texts: TextSource;
  /** About which segments demands are answered; left out, those that the party sealed. Demands of records always are. */
  readonly answers?: (segment: Segment) => boolean;
  /** Told in one sentence whatever was done, and what cannot be answered. */
  readonly report: (line: string) => void;
}

/** Answers that were sent in one transaction. */
export interface SentAnswers {
  readonly demands: readonly bigint[];
  readonly outcome: Outcome;
}

/** Answers whatever waits. */
export class DemandAnswerer {
  readonly #options: DemandAnswererOptions;
  /** When to say again that a demand cannot be answered: with how many seconds left. */
  readonly #warnings = new Map<bigint, bigint>();
  /** The segment that was asked about last, and its texts once they were all here. */
  #last:
    | {
        readonly name: string;
        readonly placed: readonly PlacedRecord[];
        readonly made: SealedText | { readonly lacking: Record };
      }
    | undefined;

  constructor(options: DemandAnswererOptions) {
    this.#options = options;
  }

  /**
   * Answers every demand that it can, once; what was not sent is sent in the next pass. Throws what the first one failed with
   * that could not be looked at.
   */
  async pass(): Promise<readonly SentAnswers[]> {
    const waiting = await waitingDemands(this.#options.session);
    const left = new Set(waiting.map(({ id }) => id));
    for (const id of this.#warnings.keys()) if (!left.has(id)) this.#warnings.delete(id);
    const ready: { readonly id: bigint; readonly message: NativeMessage }[] = [];
    const failures: unknown[] = [];
    for (const demands of bySegment(waiting)) {
      try {
        ready.push(...(await this.#answers(demands)));
      } catch (error) {
        // A segment that cannot be looked at must not keep the others from being answered.
        failures.push(error);
      }
    }
    const sent: SentAnswers[] = [];
    for (let at = 0; at < ready.length; at += ANSWERS_PER_TX) {
      sent.push(...(await this.#send(ready.slice(at, at + ANSWERS_PER_TX))));
    }
    if (failures.length > 0) throw failures[0];
    return sent;
  }

  /** Answers to demands about one segment, as far as its texts are here. */
  async #answers(demands: readonly Demand[]): Promise<readonly { id: bigint; message: NativeMessage }[]> {
    const { session, party, answers } = this.#options;
    const { datanetId, segment: index } = demands[0]!;
    if (index === 0n) return this.#recordAnswers(demands);
    const { segment } = await session.query("tributary.datanet.v1.Query/Segment", { datanetId, index });
    if (!(answers?.(segment) ?? segment.sealer === party.address)) return [];
    const sealed = await this.#sealed(segment);
    const ready: { id: bigint; message: NativeMessage }[] = [];
    for (const demand of demands) {
      const isText = demand.part === SegmentPart.SEGMENT_PART_TEXT;
      if (!(sealed instanceof SealedText))
        await this.#warn(demand, `the text of record ${sealed.lacking.number} is not here`);
      else if (!sealed.isSealed(demand.part))
        await this.#warn(demand, "what was sealed is not what the texts here say");
      else {
        const [tree, { length }] = isText ? [sealed.tree, sealed.text] : [sealed.indexTree, sealed.index];
        const opening = openingIn(tree, length, Number(demand.offset), 1);
        const answer = { answerer: party.address, demandId: demand.id, opening };
        ready.push({ id: demand.id, message: nativeMessage("tributary.datanet.v1.MsgAnswerDemand", answer) });
      }
    }
    return ready;
  }

  /** Answers to demands of records, whoever's, as far as their texts are here: each pays for being shown. */
  async #recordAnswers(demands: readonly Demand[]): Promise<readonly { id: bigint; message: NativeMessage }[]> {
    const { session, party, texts } = this.#options;
    const ready: { id: bigint; message: NativeMessage }[] = [];
    for (const { id, datanetId, number, offset } of demands) {
      const { record } = await session.query("tributary.datanet.v1.Query/Record", { datanetId, number });
      const text = await texts.textOf(record);
      if (text === undefined || !isTextOf(record, text)) continue;
      const answer = { answerer: party.address, demandId: id, opening: openingOf(text, Number(offset), 1) };
      ready.push({ id, message: nativeMessage("tributary.datanet.v1.MsgAnswerDemand", answer) });
    }
    return ready;
  }

  async #sealed(segment: Segment): Promise<SealedText | { readonly lacking: Record }> {
    const { session, texts } = this.#options;
    const name = `${segment.datanetId}/${segment.index}`;
    const known = this.#last?.name === name ? this.#last : undefined;
    // The others are not read anew for as long as one lacks.
    const isSame =
      known !== undefined && (!("lacking" in known.made) || (await texts.textOf(known.made.lacking)) === undefined);
    if (isSame) return known.made;
    const placed = known?.placed ?? (await placedRecords(session, segment));
    const made = await sealedText(segment, placed, texts);
    await session.breathe();
    this.#last = { name, placed, made };
    return made;
  }

  /** Says why a demand waits: at first, and whenever half of the time that was left is over. */
  async #warn({ id, datanetId, segment, answerBy }: Demand, why: string): Promise<void> {
    const left = answerBy - (await this.#options.session.blockTime());
    const next = this.#warnings.get(id);
    if (left <= 0n || (next !== undefined && left > next)) return;
    this.#warnings.set(id, left / 2n);
    const fate = `unanswered in ${left} seconds, the segment falls with its bond`;
    this.#options.report(`demand ${id} about segment ${datanetId}/${segment} cannot be answered: ${why}; ${fate}`);
  }

  /** Sends answers together; one by one when the chain takes not all of them, as when somebody else has answered meanwhile. */
  async #send(
    answers: readonly { readonly id: bigint; readonly message: NativeMessage }[],
  ): Promise<readonly SentAnswers[]> {
    const { session, party, report } = this.#options;
    const demands = answers.map(({ id }) => id);
    try {
      const outcome = await session.send(
        party,
        answers.map(({ message }) => message),
      );
      report(
        demands.length === 1 ? `demand ${demands[0]} was answered` : `demands ${demands.join(", ")} were answered`,
      );
      return [{ demands, outcome }];
    } catch (error) {
      if (!(error instanceof ChainRefusal)) throw error;
      if (answers.length === 1) {
        report(`the answer to demand ${demands[0]} was refused: ${error.message}`);
        return [];
      }
    }
    const sent: SentAnswers[] = [];
    for (const answer of answers) sent.push(...(await this.#send([answer])));
    return sent;
  }
}

/** Demands about one segment together. */
function bySegment(demands: readonly Demand[]): Iterable<readonly Demand[]> {
  return Map.groupBy(demands, ({ datanetId, segment }) => `${datanetId}/${segment}`).values();
}
