/**
 * Owns what a host does about batches: handing in receipts, making a batch of acknowledged uses, publishing its body,
 * posting it, and answering challenges. It does not own what a batch is (batch-builder.ts) nor the model that answers.
 */
import { textRoot } from "../chain/types/text-tree.ts";
import { type NativeMessage, nativeMessage } from "../client/registry.ts";
import { isTerminator } from "../modules/attribution/batch/shares.ts";
import { MAX_QUERY_BYTES, MAX_STRETCH_BYTES, PASSAGE_BYTES } from "../modules/attribution/limits.ts";
import { checkMatch } from "../modules/attribution/proof/match.ts";
import { acknowledgementText } from "../modules/attribution/receipt.ts";
import { decode } from "../proto/codec.ts";
import { BatchPart, ProofType } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import { AuditSubject } from "./audit/subject.ts";
import { attributeUses, BuiltBatch, type ServedUse } from "./batch-builder.ts";
import type { BodyStore } from "./body-store.ts";
import { attributionContext, batchFacts, lineageOf, useFacts } from "./chain-facts.ts";
import { type ChainSession, type Party, signText } from "./chain-session.ts";
import type { Library } from "./library.ts";

type OpenChallenge = Messages["tributary.attribution.v1.Challenge"];
type Answer = Omit<Messages["tributary.attribution.v1.MsgRespond"], "host" | "challengeId">;

/** A use that was answered off the chain. */
export interface AnsweredUse {
  readonly useId: bigint;
  readonly prompt: Uint8Array;
  readonly output: Uint8Array;
  /** How many units of the price it came to. */
  readonly units: bigint;
}

/** What user and host sign for a use. */
export function acknowledgementTextOf({ chainId }: Pick<ChainSession, "chainId">, answered: AnsweredUse): string {
  return acknowledgementText(chainId, answered.useId, receiptOf(answered));
}

/** The message that hands in what user and host sign for a use. */
export async function acknowledgement(
  session: ChainSession,
  user: Party,
  host: Party,
  answered: AnsweredUse,
): Promise<NativeMessage> {
  const signature = await signText(user, acknowledgementTextOf(session, answered));
  return acknowledgementSignedBy(session, signature, host, answered);
}

/** The same with the user's signature as it came. */
export async function acknowledgementSignedBy(
  session: ChainSession,
  userSignature: Uint8Array,
  host: Party,
  answered: AnsweredUse,
): Promise<NativeMessage> {
  const hostSignature = await signText(host, acknowledgementTextOf(session, answered));
  return acknowledgementOf(host.address, answered, { userSignature, hostSignature });
}

/** The same with both signatures, for anyone to send. */
export function acknowledgementOf(
  sender: string,
  answered: AnsweredUse,
  signatures: { readonly userSignature: Uint8Array; readonly hostSignature: Uint8Array },
): NativeMessage {
  const fields = { sender, useId: answered.useId, receipt: receiptOf(answered), ...signatures };
  return nativeMessage("tributary.attribution.v1.MsgAckUse", fields);
}

function receiptOf({ prompt, output, units }: AnsweredUse): Messages["tributary.attribution.v1.Receipt"] {
  return {
    ...{ promptRoot: textRoot(prompt), promptLength: BigInt(prompt.length) },
    ...{ outputRoot: textRoot(output), outputLength: BigInt(output.length), units },
  };
}

/** Settles uses of one model by batches. */
export class BatchHost {
  readonly #session: ChainSession;
  readonly #party: Party;
  readonly #library: Library;
  readonly #bodies: BodyStore;

  constructor(session: ChainSession, party: Party, library: Library, bodies: BodyStore) {
    this.#session = session;
    this.#party = party;
    this.#library = library;
    this.#bodies = bodies;
  }

  /** The batch of acknowledged uses that the rules ask for. */
  async build(modelId: bigint, answered: readonly AnsweredUse[]): Promise<BuiltBatch> {
    const { params } = await this.#session.query("tributary.attribution.v1.Query/Params", {});
    const uses: ServedUse[] = [];
    const served: Messages["tributary.attribution.v1.Use"][] = [];
    for (const one of answered) {
      const { use } = await this.#session.query("tributary.attribution.v1.Query/Use", { useId: one.useId });
      uses.push({ ...one, facts: useFacts(use) });
      served.push(use);
    }
    const { modelVersion, openedAt: asOf } = served[0]!;
    const lineage = await lineageOf(this.#session, modelId, modelVersion);
    const context = await attributionContext(this.#session, this.#library, { lineage, rules: params.rules, asOf });
    return BuiltBatch.of(uses, attributeUses(uses, context));
  }

  /** Publishes a batch's body and posts the batch. Gives its number. */
  async post(batch: BuiltBatch): Promise<bigint> {
    await this.#bodies.publish(batch.bodyBytes);
    const { params } = await this.#session.query("tributary.attribution.v1.Query/Params", {});
    const message = nativeMessage("tributary.attribution.v1.MsgPostBatch", {
      ...batch.commitment,
      ...{ host: this.#party.address, useIds: batch.body.uses.map(({ useId }) => useId) },
      ...{ sum: batch.commitment.sum.toString(), bodyHash: batch.bodyHash, rules: params.rules },
    });
    const { responses } = await this.#session.send(this.#party, [message]);
    return decode("tributary.attribution.v1.MsgPostBatchResponse", responses[0]!.value).batchId;
  }

  /** Answers all challenges of a batch that wait for its host. Gives how many there were; throws what the first failed with, after the others. */
  async answer(batchId: bigint, built: BuiltBatch): Promise<number> {
    const { challenges } = await this.#session.query("tributary.attribution.v1.Query/Challenges", { batchId });
    if (challenges.length === 0) return 0;
    const { batch } = await this.#session.query("tributary.attribution.v1.Query/Batch", { batchId });
    const lineage = await lineageOf(this.#session, batch.modelId, batch.modelVersion);
    const places = challenges.flatMap(({ occurrences }) => occurrences.map(({ record }) => record));
    const facts = await batchFacts(this.#session, this.#library, batch, lineage, places);
    const subject = new AuditSubject(facts, built, [], (id) => this.#library.record(id)?.text);
    const failures: unknown[] = [];
    let answered = 0;
    for (const challenge of challenges) {
      try {
        const message = replyTo(this.#party.address, challenge, subject);
        if (message === undefined) continue;
        await this.#session.send(this.#party, [message]);
        answered++;
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return answered;
  }
}

/**
 * What the host says to a challenge. Of a list of places that it cannot show to be false it contests those whose texts it has not;
 * undefined while it waits for these to be shown.
 */
function replyTo(host: string, challenge: OpenChallenge, subject: AuditSubject): NativeMessage | undefined {
  const by = { host, challengeId: challenge.id };
  const answer = answerTo(challenge, subject);
  if (challenge.part === BatchPart.BATCH_PART_COMMONNESS && answer.record === undefined) {
    if (challenge.contested.length > 0) return undefined;
    const contested = textlessPlaces(challenge, subject);
    if (contested.length > 0)
      return nativeMessage("tributary.attribution.v1.MsgContestOccurrences", { ...by, contested });
  }
  return nativeMessage("tributary.attribution.v1.MsgRespond", { ...by, ...answer });
}

/** The positions of listed places whose texts are not here. */
function textlessPlaces(
  { occurrences }: Pick<OpenChallenge, "occurrences">,
  subject: Pick<AuditSubject, "record">,
): readonly number[] {
  return occurrences.flatMap(({ record }, position) => (subject.record(record) === undefined ? [position] : []));
}

const NOTHING: Answer = {
  share: undefined,
  payee: undefined,
  entry: undefined,
  output: undefined,
  prompt: undefined,
  record: undefined,
  occurrences: [],
  chosen: 0,
};

/** What a host that committed to the truth shows. */
export function answerTo(challenge: OpenChallenge, subject: AuditSubject): Answer {
  const { payouts } = subject.batch;
  const index = Number(challenge.index);
  switch (challenge.part) {
    case BatchPart.BATCH_PART_PAYEE:
      return { ...NOTHING, payee: payouts.openPayee(index) };
    case BatchPart.BATCH_PART_ENTRY: {
      const last = payouts.payees[index]!.entries.length - 1;
      const entry = payouts.openEntry(index, Math.min(Number(challenge.entry), last));
      return { ...NOTHING, payee: payouts.openPayee(index), entry };
    }
    case BatchPart.BATCH_PART_COMMONNESS:
      return falseOccurrence(challenge, subject);
    default:
      return openedShare(challenge, subject);
  }
}

/** A share with the texts it rests on, which an answer publishes: without them where the model's datanets are private. */
function openedShare({ index, entry }: OpenChallenge, subject: AuditSubject): Answer {
  const { batch, facts } = subject;
  const share = batch.body.shares[Number(index)]!;
  const answer = { ...NOTHING, share: batch.shares.open(Number(index)) };
  const use = facts.uses[share.usePosition]!;
  const output = subject.output(share.usePosition);
  const prompt = subject.prompt(share.usePosition);
  const occurrences = batch.occurrencesOf(Number(index));
  const chosen = occurrences.length === 0 ? 0 : Number(entry % BigInt(occurrences.length));
  const place =
    share.record === undefined ? occurrences[chosen] : { record: share.record, recordStart: share.recordStart };
  if (facts.isPrivate === true) return { ...answer, occurrences, chosen };
  const text = place && subject.record(place.record);
  const at = Number(place?.recordStart ?? 0n);
  if (use.proof === ProofType.PROOF_TYPE_SPAN) {
    const [start, end] = [Number(share.start), Math.min(Number(share.end), Number(share.start) + MAX_STRETCH_BYTES)];
    const [matchStart, matchEnd] =
      text === undefined ? [start, end] : [Number(share.matchStart), Number(share.matchEnd)];
    return {
      ...{ ...answer, occurrences, chosen },
      output: output.open(Math.min(start, matchStart), Math.max(end, matchEnd)),
      record: text?.open(at, at + matchEnd - matchStart),
    };
  }
  if (isTerminator(share) || text === undefined) return answer;
  const isPassage = use.proof === ProofType.PROOF_TYPE_BM25;
  return {
    ...answer,
    output: isPassage ? undefined : output.open(0, 1),
    prompt: prompt.open(0, Math.min(isPassage ? MAX_QUERY_BYTES : PASSAGE_BYTES, prompt.bytes.length)),
    record: text.open(at, Math.min(at + PASSAGE_BYTES, text.bytes.length)),
  };
}

/** One of the challenger's places where the match does not stand; without one the challenge is right. */
function falseOccurrence({ index, occurrences }: OpenChallenge, subject: AuditSubject): Answer {
  const share = subject.batch.body.shares[Number(index)]!;
  const [matchStart, matchEnd] = [Number(share.matchStart), Number(share.matchEnd)];
  const output = subject.output(share.usePosition);
  const shown = output.open(matchStart, matchEnd);
  const answer = { ...NOTHING, share: subject.batch.shares.open(Number(index)) };
  for (const [chosen, { record, recordStart }] of occurrences.entries()) {
    const text = subject.record(record);
    const at = Number(recordStart);
    if (text === undefined || at + matchEnd - matchStart > text.bytes.length) continue;
    const opening = text.open(at, at + matchEnd - matchStart);
    const place = { matchStart, matchEnd, recordStart: at };
    const check = checkMatch(place, output.window(shown), text.window(opening), subject.facts.rules);
    if ("flaw" in check) return { ...answer, output: shown, record: opening, chosen };
  }
  return answer;
}
