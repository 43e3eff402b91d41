/**
 * Owns what is shown of a use, and not of a batch: a match that an inline settlement left out, and words of an output that
 * stand in a record which a lineage leaves out. Pure, so that a watcher can try it before it pays for a message. It does not
 * own the rules (settlement-flaw.ts, omitted-words.ts) nor what follows (keeper/settlements.ts, keeper/disputes.ts).
 */
import { type Hasher, sha256 } from "../../../chain/types/hash.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { ProofType, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { MAX_OUTPUT_BYTES } from "../limits.ts";
import { checkMatch, compareRecords, type RecordFacts, showsMatch } from "../proof/match.ts";
import { type TextCommitment, type TextOpening, TextWindow } from "../proof/text-window.ts";
import type { BatchFacts } from "./batch-facts.ts";
import { type Decision, decide, nameOf, placeOf, Refusal, requireRecord, requireText, type Shown } from "./decision.ts";
import { type OmissionLimits, omittedWordsRefusal } from "./omitted-words.ts";
import { leftOutRefusal, type RankedSpan } from "./settlement-flaw.ts";

type LineageDispute = Messages["tributary.attribution.v1.LineageDispute"];
type Use = Messages["tributary.attribution.v1.Use"];

/** An inline settlement, and the records it must not leave out. */
export interface SettlementFacts extends Pick<BatchFacts, "record"> {
  /** SHA-256. */
  readonly outputHash: Uint8Array;
  readonly spans: readonly RankedSpan[];
  readonly minSpanTokens: number;
  readonly maxSpans: number;
}

/** A match that the settlement's spans leave out. */
export function decideSettlement(
  facts: SettlementFacts,
  shown: Omit<Shown<"MsgChallengeSettlement">, "useId">,
  hasher: Hasher,
): Decision {
  return decide<{ readonly flaw: string }>(() => {
    const { output: bytes } = shown;
    if (!equalBytes(sha256(bytes), facts.outputHash)) return { refusal: "the output is not the use's" };
    const record = requireRecord(facts, shown.recordId);
    const place = placeOf(shown, bytes.length, record);
    const text = requireText(shown.record, record.text, "record", hasher);
    const output = new TextWindow(0, bytes, bytes.length);
    if (!showsMatch(place, output, text)) return { refusal: "the match is not shown whole" };
    // An inline span may be as long as the output.
    const limits = { minTokens: facts.minSpanTokens, maxTokens: MAX_OUTPUT_BYTES, maxBytes: MAX_OUTPUT_BYTES };
    const check = checkMatch(place, output, text, limits);
    if ("flaw" in check) return { refusal: `the match is none: ${check.flaw}` };
    const refusal = leftOutRefusal({ ...place, tokens: check.tokens, record }, facts.spans, facts.maxSpans);
    if (refusal !== undefined) return { refusal };
    return { flaw: `a match of ${check.tokens} tokens with record ${nameOf(record.id)} is left out` };
  });
}

/** A text of a use as the chain knows it: by its text root, or, when it was settled inline, by its SHA-256. */
export type KnownText = TextCommitment | { readonly sha256: Uint8Array };

/** Whether an output of a use shows words of its model, whichever host served it. */
export function showsItsModel({ kind, proof }: Pick<Use, "kind" | "proof">): boolean {
  return kind === UseKind.USE_KIND_INFERENCE && proof === ProofType.PROOF_TYPE_SPAN;
}

/** What the chain knows of the texts of a use; undefined when it has no output. */
export function knownTexts({
  receipt,
  status,
  outputHash,
  promptHash,
}: Pick<Use, "receipt" | "status" | "outputHash" | "promptHash">):
  | { readonly output: KnownText; readonly prompt: KnownText }
  | undefined {
  if (receipt !== undefined) {
    const { outputRoot, outputLength, promptRoot, promptLength } = receipt;
    // Receipts name texts of at most 2^20 bytes.
    const output = { root: outputRoot, length: Number(outputLength) };
    return { output, prompt: { root: promptRoot, length: Number(promptLength) } };
  }
  if (status !== UseStatus.USE_STATUS_SETTLED) return undefined;
  return { output: { sha256: outputHash }, prompt: { sha256: promptHash } };
}

/** A use, and the records its model's lineage leaves out though they came before the model. */
export interface OmissionFacts extends Pick<BatchFacts, "record">, OmissionLimits {
  readonly output: KnownText;
  readonly prompt: KnownText;
}

/** Words of the output that stand in such a record, and not in the prompt. */
export function decideOmittedWords(
  facts: OmissionFacts,
  shown: Omit<Shown<"MsgDisputeLineage">, "useId">,
  hasher: Hasher,
): { readonly words: Uint8Array } | { readonly refusal: string } {
  return decide<{ readonly words: Uint8Array }>(() => {
    const output = requireKnown(shown.output, facts.output, "output", hasher);
    const prompt = requireKnown(shown.prompt, facts.prompt, "prompt", hasher);
    if (prompt.length > MAX_OUTPUT_BYTES) return { refusal: `the prompt has more than ${MAX_OUTPUT_BYTES} bytes` };
    const found = facts.record(shown.recordId);
    if (found === undefined) {
      return { refusal: `record ${nameOf(shown.recordId)} is of the lineage, or was not there before the version` };
    }
    const place = placeOf(shown, output.length, found);
    const record = requireText(shown.record, found.text, "record", hasher);
    const refusal = omittedWordsRefusal(place, { output, record, prompt }, facts);
    return refusal === undefined ? { words: output.slice(place.matchStart, place.matchEnd) } : { refusal };
  });
}

/**
 * Why a record of the lineage does not answer a dispute; undefined when it does: it is earlier than the disputed one and
 * holds the same words.
 */
export function disputeAnswerFlaw(
  { wordsHash, wordsLength }: Pick<LineageDispute, "wordsHash" | "wordsLength">,
  disputed: RecordFacts,
  record: RecordFacts,
  { recordStart, record: opening }: Pick<Shown<"MsgAnswerDispute">, "recordStart" | "record">,
  hasher: Hasher,
): string | undefined {
  if (compareRecords(record, disputed) >= 0) return `record ${nameOf(record.id)} is no earlier than the disputed one`;
  const decision = decide<{ readonly words: Uint8Array }>(() => {
    const text = requireText(opening, record.text, "record", hasher);
    const end = recordStart + wordsLength;
    if (end > BigInt(record.text.length) || !text.covers(Number(recordStart), Number(end))) {
      throw new Refusal("the words are not shown whole");
    }
    return { words: text.slice(Number(recordStart), Number(end)) };
  });
  if ("refusal" in decision) return decision.refusal;
  return equalBytes(sha256(decision.words), wordsHash) ? undefined : "other words stand there";
}

/** The window an opening shows of a text that is known one way or the other. */
function requireKnown(opening: TextOpening, known: KnownText, name: string, hasher: Hasher): TextWindow {
  if ("root" in known) return requireText(opening, known, name, hasher);
  const { firstChunk, chunks, path } = opening;
  if (firstChunk !== 0n || path.length > 0 || !equalBytes(sha256(chunks), known.sha256)) {
    throw new Refusal(`the bytes shown are not the whole ${name}`);
  }
  return new TextWindow(0, chunks, chunks.length);
}
