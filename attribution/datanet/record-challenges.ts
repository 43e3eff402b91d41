/**
 * Owns the messages that challenge a record: with the openings of its text, and of an earlier record's, that show what is
 * wrong with it. It does not own finding that (fingerprint-faults.ts, near-copies.ts) nor sending (record-watcher.ts).
 */
import { type NativeMessage, nativeMessage } from "../../client/registry.ts";
import { withoutRun } from "../../modules/datanet/opening.ts";
import { openingOf } from "../../modules/datanet/segment-input.ts";
import type { TextRun } from "./fingerprint-faults.ts";
import type { CopiedRun } from "./near-copies.ts";

/** Which record is challenged, and by whom. */
export interface Challenged {
  readonly challenger: string;
  readonly datanetId: bigint;
  readonly number: bigint;
}

/** Shows a run of a record's text that contradicts its fingerprint. */
export function fingerprintChallenge(at: Challenged, text: Uint8Array, { start, length }: TextRun): NativeMessage {
  const opening = openingOf(text, start, length);
  return nativeMessage("tributary.datanet.v1.MsgChallengeFingerprint", { ...at, opening });
}

/** Shows a run that stands in a record and in an earlier one. Its bytes are sent once. */
export function copyChallenge(
  at: Challenged & { readonly earlier: bigint },
  texts: { readonly copy: Uint8Array; readonly original: Uint8Array },
  { copyStart, originalStart, length }: CopiedRun,
): NativeMessage {
  return nativeMessage("tributary.datanet.v1.MsgChallengeDuplicate", {
    ...at,
    copy: openingOf(texts.copy, copyStart, length),
    original: withoutRun(openingOf(texts.original, originalStart, length)),
  });
}

/** Has the chain compare what two records declared: nothing of a text is shown. */
export function overtakingChallenge(at: Challenged & { readonly earlier: bigint }): NativeMessage {
  return nativeMessage("tributary.datanet.v1.MsgChallengeDuplicate", { ...at });
}
