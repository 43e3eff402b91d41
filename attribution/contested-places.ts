/**
 * Owns showing places of a watcher's own list that the host contests: messages that fit a transaction, until all are shown.
 * It does not own which places are listed (audit/) nor when to look (watcher.ts).
 */
import { type NativeMessage, nativeMessage } from "../client/registry.ts";
import { encode } from "../proto/codec.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { AuditSubject } from "./audit/subject.ts";
import { MAX_SHOWN_BYTES } from "./limits.ts";

type OpenChallenge = Messages["tributary.attribution.v1.Challenge"];
type ShownOccurrence = Messages["tributary.attribution.v1.ShownOccurrence"];

/** The messages that show what is contested, as far as the texts are here. Each fits a transaction of 8 KB, as any one place does. */
export function showingMessages(
  { id, challenger, ...challenge }: OpenChallenge,
  subject: AuditSubject,
): readonly NativeMessage[] {
  const share = subject.batch.shares.open(Number(challenge.index));
  const { usePosition, matchStart, matchEnd } = share.share;
  const output = subject.output(usePosition).open(Number(matchStart), Number(matchEnd));
  const messages: NativeMessage[] = [];
  let shown: ShownOccurrence[] = [];
  const fields = () => ({ challenger, challengeId: id, share, output, shown });
  const bare = encode("tributary.attribution.v1.MsgShowOccurrences", fields()).length;
  let length = bare;
  const finish = (): void => {
    if (shown.length > 0) messages.push(nativeMessage("tributary.attribution.v1.MsgShowOccurrences", fields()));
    [shown, length] = [[], bare];
  };
  for (const chosen of challenge.contested) {
    const { record, recordStart } = challenge.occurrences[chosen]!;
    const from = Number(recordStart);
    const opening = subject.record(record)?.open(from, from + Number(matchEnd - matchStart));
    if (opening === undefined) continue;
    const place = { chosen, record: opening };
    // A field of a message has at most 11 bytes beside its content.
    const bytes = encode("tributary.attribution.v1.ShownOccurrence", place).length + 11;
    if (length + bytes > MAX_SHOWN_BYTES) finish();
    shown.push(place);
    length += bytes;
  }
  finish();
  return messages;
}
