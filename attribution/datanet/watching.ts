/**
 * Owns what the watchers of records and of segments share: what they work with, what they say of a thing they looked at, and
 * sending a challenge once. It does not own what is wrong with anything (the files of faults).
 */
import type { NativeMessage } from "../../client/registry.ts";
import { encode } from "../../proto/codec.ts";
import { ChainRefusal, type ChainSession, type Party } from "../chain-session.ts";
import type { Library } from "../library.ts";
import { MAX_CHALLENGE_BYTES } from "../limits.ts";
import { isTextOf, type TextSource } from "../record-texts.ts";

/** What a watcher of datanets works with. */
export interface DatanetWatcherOptions {
  readonly session: ChainSession;
  /** Signs challenges and demands, pays their fees and bonds, and earns the bounties. Without one things are only told. */
  readonly party?: Party | undefined;
  readonly library: Library;
  readonly texts: TextSource;
  /** The datanets that are watched. */
  readonly datanets: readonly bigint[];
  /**
   * The most that bonds of demands may come to which wait or were lost to answers, in the smallest unit of the denomination of
   * bonds; 20 bonds when it is left out.
   */
  readonly bonds?: bigint | undefined;
  /** Told in one sentence whatever was found or done. */
  readonly report: (line: string) => void;
}

/** What became of a record or a segment in a pass. */
export interface Finding {
  readonly datanetId: bigint;
  readonly kind: "record" | "segment";
  /** The record's number or the segment's index. */
  readonly number: bigint;
  /**
   * - `honest`: nothing is wrong with it as far as can be told here;
   * - `challenged`: the chain struck it;
   * - `refused`: the chain did not;
   * - `demanded`, `waiting`: a byte of it was demanded now, or before;
   * - `found`: something is wrong that was not challenged: nobody signs here, its texts are private, it takes too many bytes.
   */
  readonly is: "honest" | "challenged" | "refused" | "demanded" | "waiting" | "found";
  /** What is wrong; empty for nothing. */
  readonly reason: string;
  /** The challenge that was not sent. */
  readonly challenge?: NativeMessage | undefined;
}

type Subject = Pick<Finding, "datanetId" | "kind" | "number">;

/** Says once what does not change. */
export class Teller {
  readonly #report: (line: string) => void;
  readonly #told = new Set<string>();

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  /** Gives whether it was said now. */
  once(line: string): boolean {
    if (this.#told.has(line)) return false;
    this.#told.add(line);
    this.#report(line);
    return true;
  }
}

/** How reports name something. */
export function nameOf({ datanetId, kind, number }: Subject): string {
  return `${kind} ${datanetId}/${number}`;
}

/** Sends a challenge. Throws when the chain cannot be asked: then the thing is looked at again. */
export async function challenge(
  { session, party, report }: Pick<DatanetWatcherOptions, "session" | "party" | "report">,
  subject: Subject,
  reason: string,
  message: NativeMessage,
): Promise<Finding> {
  const name = nameOf(subject);
  const bytes = encode(message.typeUrl.slice(1) as never, message.value as never).length;
  if (party === undefined) {
    report(`${name} is false: ${reason}`);
    return { ...subject, is: "found", reason, challenge: message };
  }
  if (bytes > MAX_CHALLENGE_BYTES) {
    report(`${name} is false, but showing it takes ${bytes} bytes, over ${MAX_CHALLENGE_BYTES}: ${reason}`);
    return { ...subject, is: "found", reason };
  }
  try {
    await session.send(party, [message]);
  } catch (error) {
    if (!(error instanceof ChainRefusal)) throw error;
    report(`a challenge of ${name} was refused: ${error.message}; nothing was lost but its fee`);
    return { ...subject, is: "refused", reason: error.message };
  }
  report(`${name} was challenged: ${reason}`);
  return { ...subject, is: "challenged", reason };
}

/** Texts that are really their records'. */
export function verifiedTexts(texts: TextSource): TextSource {
  return {
    textOf: async (record) => {
      const text = await texts.textOf(record);
      return text !== undefined && isTextOf(record, text) ? text : undefined;
    },
  };
}
