/**
 * Owns watching the records of datanets: each new one is compared with its text and with the records that were claimed before
 * it, and struck by a challenge when its fingerprint is false or when it is little else than a copy. It does not own what is
 * false (fingerprint-faults.ts, near-copies.ts), the index (../library.ts) nor when to look (the caller calls `pass` again
 * and again).
 */
import { countTokens } from "../../chain/types/lexer.ts";
import { type Gram, readFingerprint } from "../../modules/datanet/fingerprint.ts";
import { claimsBefore, isEarning } from "../../modules/datanet/keeper.ts";
import { PARTS_PER_MILLION } from "../../modules/datanet/limits.ts";
import { semanticSignature } from "../../modules/datanet/semantic-signature.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { RecordStatus } from "../../proto/enums.gen.ts";
import { MAX_OVERTAKERS, RECORDS_PER_PAGE } from "../limits.ts";
import { type Record, recordsAfter } from "../record-texts.ts";
import { fingerprintFault } from "./fingerprint-faults.ts";
import type { LookedThrough } from "./looked-through.ts";
import { copiedRun, copyCandidates, leastCopied } from "./near-copies.ts";
import { copyChallenge, fingerprintChallenge, overtakingChallenge } from "./record-challenges.ts";
import { RecordDemands } from "./record-demands.ts";
import { challenge, type DatanetWatcherOptions, type Finding, nameOf, Teller } from "./watching.ts";

/** What is known of a datanet while its records are looked at. */
interface Watched {
  readonly datanetId: bigint;
  readonly isPrivate: boolean;
  readonly minNoveltyPpm: number;
  readonly now: bigint;
}

/** Follows the records of some datanets. */
export class RecordWatcher {
  readonly #options: DatanetWatcherOptions;
  readonly #tell: Teller;
  readonly #lookedThrough: LookedThrough | undefined;
  readonly #demands: RecordDemands;
  /** The records of each datanet before which none needs another look, unless its text comes. */
  readonly #marks = new Map<bigint, bigint>();
  /** Records behind the mark that were looked at, with the commitment they came by: who takes one over declares anew. */
  readonly #done = new Map<string, bigint>();
  /** Records whose texts lacked while they could still be struck. */
  readonly #unread = new Set<string>();
  /** What records declared that revealed ones were compared with. */
  readonly #declared = new Map<string, readonly Gram[]>();

  /** `lookedThrough` says from which records on a watcher that was stopped has to look; without it, from the first. */
  constructor(options: DatanetWatcherOptions, lookedThrough?: LookedThrough) {
    this.#options = options;
    this.#tell = new Teller(options.report);
    this.#lookedThrough = lookedThrough;
    this.#demands = new RecordDemands(options, this.#tell);
  }

  /** Looks at every record that needs it, once. Throws what the first one failed with that could not be looked at. */
  async pass(): Promise<readonly Finding[]> {
    const { session, datanets } = this.#options;
    const findings: Finding[] = [];
    const failures: unknown[] = [];
    const { params } = await session.query("tributary.datanet.v1.Query/Params", {});
    const now = await session.blockTime();
    for (const datanetId of datanets) {
      try {
        const { datanet } = await session.query("tributary.datanet.v1.Query/Datanet", { datanetId });
        const { isPrivate } = datanet;
        const watched = { datanetId, isPrivate, minNoveltyPpm: params.minNoveltyPpm, now };
        for await (const finding of this.#datanet(watched, failures)) findings.push(finding);
      } catch (error) {
        // A datanet or a record that cannot be looked at must not hide the others.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return findings;
  }

  async *#datanet(watched: Watched, failures: unknown[]): AsyncGenerator<Finding> {
    const { session, library, texts } = this.#options;
    const { datanetId, now } = watched;
    await library.follow(session, datanetId, texts);
    const from = this.#marks.get(datanetId) ?? this.#lookedThrough?.of(datanetId) ?? 0n;
    let through = from;
    for await (const record of this.#waiting(datanetId, from)) {
      const key = keyOf(record);
      try {
        yield* await this.#look(record, watched);
      } catch (error) {
        failures.push(error);
      }
      // Until its window ends it may be taken over. A text that has not come by then keeps nobody from going on.
      const isOver = !canBeStruck(record) || (!isOpen(record, now) && (this.#done.has(key) || this.#unread.has(key)));
      if (!isOver || record.number !== through + 1n) continue;
      through = record.number;
      this.#done.delete(key);
    }
    this.#marks.set(datanetId, through);
    if (through > from) this.#lookedThrough?.set(datanetId, through);
  }

  /** The records behind the mark, and those before it whose texts have come. */
  async *#waiting(datanetId: bigint, from: bigint): AsyncGenerator<Record> {
    const { session, library } = this.#options;
    for (const key of this.#unread) {
      const [net, number] = key.split("/").map(BigInt) as [bigint, bigint];
      if (net !== datanetId || number > from || library.record({ datanetId, number }) === undefined) continue;
      yield await this.#record(datanetId, number);
    }
    yield* recordsAfter(session, datanetId, from);
  }

  async #look(record: Record, watched: Watched): Promise<readonly Finding[]> {
    const key = keyOf(record);
    if (this.#done.get(key) === record.commitmentId) return [];
    const isUnread = this.#unread.has(key);
    const text = this.#options.library.record(record)?.text;
    if (text === undefined && isUnread) return this.#demanded(record, watched);
    const findings: Finding[] = [];
    if (!isUnread) findings.push(...(await this.#overtakers(record, watched.minNoveltyPpm)));
    if (canBeStruck(record) && text === undefined) {
      this.#unread.add(key);
      return [...findings, ...(await this.#demanded(record, watched))];
    }
    if (canBeStruck(record) && text !== undefined) findings.push(await this.#judge(record, text, watched));
    this.#unread.delete(key);
    this.#done.set(key, record.commitmentId);
    return findings;
  }

  /** Has a record shown whose text nobody gives, when it is time. */
  async #demanded(record: Record, { isPrivate }: Watched): Promise<readonly Finding[]> {
    const finding = isPrivate ? undefined : await this.#demands.ofMissing(record);
    return finding === undefined ? [] : [finding];
  }

  /** Challenges what is wrong with a record whose text is here. */
  async #judge(record: Record, text: Uint8Array, watched: Watched): Promise<Finding> {
    const { datanetId, number } = record;
    const subject = { datanetId, kind: "record", number } as const;
    if (watched.isPrivate) return this.#judgeUnseen(record, text, subject);
    const by = { challenger: this.#options.party?.address ?? "", datanetId, number };
    const fault = fingerprintFault(text, await this.#entriesOf(record));
    if (fault !== undefined) {
      const reason = `its fingerprint is not its text's (${fault.flaw}, at byte ${fault.run.start})`;
      return challenge(this.#options, subject, reason, fingerprintChallenge(by, text, fault.run));
    }
    const copied = await this.#copied(record, text, watched.minNoveltyPpm);
    if (copied !== undefined) {
      const { original, run } = copied;
      const message = copyChallenge({ ...by, earlier: original.number }, { copy: text, original: copied.text }, run);
      const reason = `${run.length} of its ${text.length} bytes are record ${original.number}'s, in one run`;
      return challenge(this.#options, subject, reason, message);
    }
    this.#tellLabels(record, text);
    return { ...subject, is: "honest", reason: "" };
  }

  /** A private record's text is not shown to anyone: what is wrong with it is told here alone. */
  async #judgeUnseen(
    record: Record,
    text: Uint8Array,
    subject: Pick<Finding, "datanetId" | "kind" | "number">,
  ): Promise<Finding> {
    if (fingerprintFault(text, await this.#entriesOf(record)) === undefined)
      return { ...subject, is: "honest", reason: "" };
    const reason = "its fingerprint is not its text's";
    this.#tell.once(`${nameOf(subject)} is false: ${reason}; its text is private, so nothing of it is shown`);
    return { ...subject, is: "found", reason };
  }

  /** What is said wrongly and strikes nobody. */
  #tellLabels(record: Record, text: Uint8Array): void {
    const name = `record ${keyOf(record)}`;
    const { semanticSignature: signature, tokenCount } = record;
    if (signature.length > 0 && !equalBytes(signature, semanticSignature(text))) {
      this.#tell.once(
        `the semantic signature of ${name} is not its text's; searches by it are led astray, nothing else`,
      );
    }
    if (tokenCount !== 0 && tokenCount !== countTokens(text)) {
      this.#tell.once(`${name} says it has ${tokenCount} tokens, its text has ${countTokens(text)}`);
    }
  }

  /** The earlier record of which the text is a copy, and a run that shows it. */
  async #copied(record: Record, text: Uint8Array, minNoveltyPpm: number) {
    const { library } = this.#options;
    const { datanetId, claimHeight } = record;
    const least = leastCopied(text.length, minNoveltyPpm);
    const isEarlier = (number: bigint, height: bigint) => number !== record.number && height <= claimHeight;
    for (const number of copyCandidates(library.segments([datanetId]), text, least, isEarlier)) {
      const original = await this.#record(datanetId, number);
      if (!isEarning(original) || !claimsBefore(original, record)) continue;
      const known = library.record(original)!.text;
      const run = copiedRun(text, known, least);
      if (run !== undefined) return { original, text: known, run };
    }
    return undefined;
  }

  /**
   * Strikes the records that came between a record's commitment and its reveal and declared nearly the same: they had been
   * accepted before anybody could see what they copied. No text is needed, so private ones are struck too.
   */
  async #overtakers(record: Record, minNoveltyPpm: number): Promise<readonly Finding[]> {
    if (record.commitmentId === 0n || !isEarning(record)) return [];
    const own = new Set((await this.#gramsOf(record)).map(({ hash }) => hash));
    const findings: Finding[] = [];
    for await (const copy of this.#acceptedSince(record)) {
      const declared = await this.#gramsOf(copy);
      const { length: shared } = declared.filter(({ hash }) => own.has(hash));
      if ((declared.length - shared) * PARTS_PER_MILLION >= minNoveltyPpm * declared.length) continue;
      const { datanetId, number } = copy;
      const challenger = this.#options.party?.address ?? "";
      const message = overtakingChallenge({ challenger, datanetId, number, earlier: record.number });
      const reason = `${shared} of its ${declared.length} fingerprint entries are those of record ${record.number}, which was claimed before it`;
      findings.push(await challenge(this.#options, { datanetId, kind: "record", number }, reason, message));
    }
    return findings;
  }

  /** The records that were accepted after a record was claimed and before it was, and that can still be struck, the last first. */
  async *#acceptedSince({ datanetId, number, claimHeight, commitmentId }: Record): AsyncGenerator<Record> {
    const { session } = this.#options;
    const lowest = number > BigInt(MAX_OVERTAKERS) ? number - BigInt(MAX_OVERTAKERS) : 1n;
    for (let end = number; end > lowest; ) {
      const offset = end - 1n > RECORDS_PER_PAGE ? end - 1n - RECORDS_PER_PAGE : 0n;
      const pagination = { offset, limit: end - 1n - offset };
      const { records } = await session.query("tributary.datanet.v1.Query/Records", { datanetId, pagination });
      for (const record of records.toReversed()) {
        if (record.height < claimHeight) return;
        if (canBeStruck(record) && claimsBefore({ claimHeight, commitmentId, number }, record)) yield record;
      }
      end = offset + 1n;
    }
  }

  async #record(datanetId: bigint, number: bigint): Promise<Record> {
    return (await this.#options.session.query("tributary.datanet.v1.Query/Record", { datanetId, number })).record;
  }

  async #entriesOf({ datanetId, number }: Record): Promise<Uint8Array> {
    const found = await this.#options.session.find("tributary.datanet.v1.Query/Fingerprint", { datanetId, number });
    return found?.fingerprint.entries ?? new Uint8Array(0);
  }

  async #gramsOf(record: Record): Promise<readonly Gram[]> {
    const name = `${keyOf(record)} by ${record.commitmentId}`;
    const known = this.#declared.get(name);
    if (known !== undefined) return known;
    const grams = readFingerprint(await this.#entriesOf(record), record.length);
    if ("flaw" in grams) throw new Error(`the fingerprint of record ${keyOf(record)}: ${grams.flaw}`);
    // Many that are revealed at once are compared with the same records.
    if (this.#declared.size >= MAX_OVERTAKERS) this.#declared.clear();
    this.#declared.set(name, grams);
    return grams;
  }
}

/** Whether a record's window is open, so that what it says may still change. */
function isOpen({ status, finalAt }: Record, now: bigint): boolean {
  return status !== RecordStatus.RECORD_STATUS_FINAL && now <= finalAt;
}

function canBeStruck(record: Record): boolean {
  return isEarning(record) || record.status === RecordStatus.RECORD_STATUS_SUSPENDED;
}

function keyOf({ datanetId, number }: Pick<Record, "datanetId" | "number">): string {
  return `${datanetId}/${number}`;
}
