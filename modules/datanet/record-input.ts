/**
 * Owns what a contributor says of a text when it submits it: every field of a record input that follows from the text.
 * The chain never calls it; whoever submits records does. It does not own what the fields mean (the files it calls).
 */
import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { countTokens } from "../../chain/types/lexer.ts";
import { textRoot } from "../../chain/types/text-tree.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { semanticSignature } from "./semantic-signature.ts";

/** What does not follow from the text. */
export interface RecordLabels {
  readonly name: string;
  /** Empty for the datanet's. */
  readonly licence: string;
  readonly class: string;
}

/** The record input of a text of at least one byte. */
export function recordInputOf(
  text: Uint8Array,
  labels: RecordLabels,
  hasher: Hasher = nobleHasher,
): Messages["tributary.datanet.v1.RecordInput"] {
  return {
    ...labels,
    contentHash: hasher.hash(text),
    length: BigInt(text.length),
    textRoot: textRoot(text, hasher),
    tokenCount: countTokens(text),
    semanticSignature: semanticSignature(text),
    fingerprint: fingerprintOf(text),
  };
}
