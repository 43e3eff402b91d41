/**
 * Challenges at all limits at once: the longest match, in the longest record and output, of the largest batch. Random batches
 * are small, so what they lose to says little about size; here only the size is looked at, and the hashes are zeros.
 */
import { describe, expect, test } from "vitest";
import {
  MAX_BATCH_SHARES,
  MAX_MATCH_BYTES,
  MAX_OCCURRENCES,
  MAX_QUERY_BYTES,
  MAX_RECEIPT_TEXT_BYTES,
  PASSAGE_BYTES,
} from "../../../modules/attribution/limits.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";

const CHUNK = 128;
/** What datanets take: 16 MiB (modules/datanet/limits.ts). */
const RECORD_BYTES = 1 << 24;
const LIMIT = 8192;
const hash = new Uint8Array(32);
const challenger = "trib1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";

/** The opening of a stretch that lies so badly that it takes a chunk more on either side, with two hashes a level. */
function opening(bytes: number, ofBytes: number): Messages["tributary.attribution.v1.TextOpening"] {
  const depth = Math.ceil(Math.log2(ofBytes / CHUNK));
  const chunks = new Uint8Array(Math.ceil(bytes / CHUNK) * CHUNK + 2 * CHUNK);
  return { firstChunk: BigInt(ofBytes / CHUNK - 1), chunks, path: new Array(2 * depth).fill(hash) };
}

const recordId = { datanetId: 1_000_000n, number: 1_000_000_000n };
const place = BigInt(RECORD_BYTES - MAX_MATCH_BYTES);
const output = Number(MAX_RECEIPT_TEXT_BYTES);

/** A share with everything a share can have, though no kind has all of it. */
const share: Messages["tributary.attribution.v1.ShareOpening"] = {
  index: MAX_BATCH_SHARES - 1n,
  share: {
    ...{ usePosition: 255, kind: 5, start: place, end: place, amount: `${1n << 100n}`, beneficiary: challenger },
    ...{ weightBefore: `${1n << 64n}`, weightAfter: `${1n << 64n}`, weightTotal: `${1n << 64n}` },
    ...{ matchStart: place, matchEnd: place, matchTokens: 256, record: recordId, recordStart: place },
    ...{ occurrencesHash: hash, score: 1n << 60n, value: `-${1n << 64n}`, agrees: true },
  },
  path: new Array(Math.log2(Number(MAX_BATCH_SHARES))).fill(hash),
};

const occurrences = (count: number) => new Array(count + 1).fill({ record: recordId, recordStart: place });

describe("at all limits, a challenge has at most 8 KB", () => {
  test.each([
    [
      "omission",
      sizeOf("MsgChallengeOmission", {
        ...{ share, matchStart: place, matchEnd: place, recordId, recordStart: place },
        ...{ output: opening(MAX_MATCH_BYTES, output), record: opening(MAX_MATCH_BYTES, RECORD_BYTES) },
      }),
    ],
    [
      "rank of a passage",
      sizeOf("MsgChallengeRank", {
        ...{ shares: [share, share], recordId, recordStart: place, output: undefined },
        ...{ prompt: opening(MAX_QUERY_BYTES, output), record: opening(PASSAGE_BYTES, RECORD_BYTES) },
      }),
    ],
    [
      "rank of an example",
      sizeOf("MsgChallengeRank", {
        ...{ shares: [share, share], recordId, recordStart: 0n, output: opening(1, output) },
        ...{ prompt: opening(PASSAGE_BYTES, 2 * PASSAGE_BYTES), record: opening(PASSAGE_BYTES, 2 * PASSAGE_BYTES) },
      }),
    ],
    [
      "share with its texts",
      sizeOf("MsgChallengeShare", {
        ...{ shares: [share], output: opening(MAX_MATCH_BYTES, output), prompt: undefined, chosen: 0 },
        ...{ record: opening(MAX_MATCH_BYTES, RECORD_BYTES), occurrences: [] },
      }),
    ],
    [
      "common share with one place of its list",
      sizeOf("MsgChallengeShare", {
        ...{ shares: [share], output: opening(MAX_MATCH_BYTES, output), prompt: undefined, chosen: 0 },
        record: opening(MAX_MATCH_BYTES, RECORD_BYTES),
        occurrences: occurrences(defaultParams.rules.maxOccurrences),
      }),
    ],
    ["one contested place", sizeOfPlace()],
    ["commonness", sizeOf("MsgChallengeCommonness", { share, occurrences: occurrences(MAX_OCCURRENCES) })],
  ])("%s: %i bytes", (_, bytes) => {
    expect(bytes).toBeLessThanOrEqual(LIMIT);
    expect(bytes).toBeGreaterThan(1000);
  });

  test("and a share that is too large to be shown loses to a demand, which shows nothing", () => {
    const demand = { challenger, batchId: 1n << 40n, part: 1, index: MAX_BATCH_SHARES - 1n, entry: 0n };
    expect(encode("tributary.attribution.v1.MsgDemand", demand).length).toBeLessThan(100);
  });
});

/** The longest match in the longest output and record, with one place. */
function sizeOfPlace(): number {
  const shown = [{ chosen: MAX_OCCURRENCES, record: opening(MAX_MATCH_BYTES, RECORD_BYTES) }];
  const places = { share, output: opening(MAX_MATCH_BYTES, output), shown };
  return encode("tributary.attribution.v1.MsgShowOccurrences", { ...places, challenger, challengeId: 1n << 40n })
    .length;
}

function sizeOf<Name extends "Omission" | "Rank" | "Share" | "Commonness">(
  name: `MsgChallenge${Name}`,
  shown: Omit<Messages[`tributary.attribution.v1.MsgChallenge${Name}`], "challenger" | "batchId">,
): number {
  return encode(`tributary.attribution.v1.${name}`, { ...shown, challenger, batchId: 1n << 40n } as never).length;
}
