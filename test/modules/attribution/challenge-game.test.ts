/**
 * The game of batches and challenges, without a chain: no challenge beats an honest batch, and every lie loses to some
 * challenge of at most 8 KB. Honest batches come from a search that tries every place (support/honest-batch.ts), and lies
 * change one field, or leave out one record (support/random-batch.ts). `npm run challenge-game -- 5000` plays more, and with
 * `--every` lies about each field of each leaf (support/single-field-lies.ts).
 */
import { describe, expect, test } from "vitest";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { commonnessRefusal, decideOmission, decideRank } from "../../../modules/attribution/challenge/decision.ts";
import { PASSAGE_BYTES } from "../../../modules/attribution/limits.ts";
import { messageInfo } from "../../../proto/registry.ts";
import { play } from "../../support/challenge-game.ts";
import { Dice, randomBatch } from "../../support/random-batch.ts";
import { singleFieldLies } from "../../support/single-field-lies.ts";
import { canRefute, postedAs, showMatch, showRank, Texts } from "../../support/watcher.ts";

const EVERY_FIELD_BATCHES = process.env.TRIBUTARY_FULL === "1" ? 60 : 3;
const BATCHES = process.env.TRIBUTARY_FULL === "1" ? 2000 : 40;

describe("over random batches of every kind of proof", () => {
  test("no challenge beats an honest one, and every lie loses to a challenge of at most 8 KB", {
    timeout: 600_000,
  }, () => {
    const { beaten, unbeaten, lies, largest, wins } = play(1, BATCHES);
    expect(beaten).toEqual([]);
    expect(unbeaten).toEqual([]);
    expect(lies).toBeGreaterThan(BATCHES);
    expect(largest).toBeLessThanOrEqual(8192);
    // Each way to challenge was the one that won at times; otherwise the lies show little.
    expect([...wins.keys()].sort()).toEqual([
      "MsgChallengeCommonness",
      "MsgChallengeOmission",
      "MsgChallengePayout",
      "MsgChallengeRank",
      "MsgChallengeShare",
      "demand of a payee",
      "demand of a share",
      "demand of an entry",
    ]);
  });

  test("each single field of one, lied about in turn, loses to a challenge of at most 8 KB", {
    timeout: 600_000,
  }, () => {
    const { beaten, unbeaten, lies, largest, fields } = play(1, EVERY_FIELD_BATCHES, singleFieldLies);
    expect({ beaten, unbeaten }).toEqual({ beaten: [], unbeaten: [] });
    expect(lies).toBeGreaterThan(100);
    expect(largest).toBeLessThanOrEqual(8192);
    // No field of the three kinds of leaves and of the commitments is left out, as the schema lists them.
    const named = (leaf: string, what: string): string[] =>
      messageInfo(leaf).fields.map(({ name }) => `${name} of ${what}`);
    const wanted = [
      ...named("tributary.attribution.v1.Share", "share"),
      ...named("tributary.attribution.v1.Payee", "payee"),
      ...named("tributary.attribution.v1.PayeeEntry", "entry of payee"),
      ...["shareCount, one more", "shareCount, one less", "sharesRoot"],
      ...["payeeCount, one more", "payeeCount, one less", "payoutsRoot"],
    ];
    expect(wanted.filter((name) => !fields.has(name))).toEqual([]);
  });

  test("an honest one stands against true matches, places and passages that prove nothing", {
    timeout: 600_000,
  }, () => {
    let tried = 0;
    for (let seed = 1; seed <= BATCHES; seed++) {
      const made = randomBatch(seed);
      const [posted, texts, dice] = [postedAs(made), new Texts(made), new Dice(seed)];
      for (let i = 0; i < 20; i++) {
        const index = dice.below(made.shares.shares.length);
        const share = made.shares.open(index);
        const record = dice.pick(made.records);
        const { output } = made.uses[share.share.usePosition]!;
        const recordStart = dice.below(record.bytes.length);
        const matchStart = dice.below(output.length);
        const length = 1 + dice.below(Math.min(output.length - matchStart, record.bytes.length - recordStart));
        const range = { matchStart: BigInt(matchStart), matchEnd: BigInt(matchStart + length) };
        // A place chosen blindly, and the share's own match seen from every record that may hold it.
        const own = { matchStart: share.share.matchStart, matchEnd: share.share.matchEnd };
        const ownStart = Buffer.from(record.bytes).indexOf(
          output.subarray(Number(own.matchStart), Number(own.matchEnd)),
        );
        const at = { record: record.id, recordStart: BigInt(recordStart) };
        const matches = [showMatch(texts, output, share, range, at)];
        if (own.matchEnd > 0n && ownStart >= 0) {
          matches.push(showMatch(texts, output, share, own, { record: record.id, recordStart: BigInt(ownStart) }));
        }
        for (const shown of matches) expect(decideOmission(made.facts, shown, nobleHasher)).toHaveProperty("refusal");
        const passage = BigInt(recordStart - (recordStart % PASSAGE_BYTES));
        const rank = showRank(texts, posted, index, share.share.usePosition, record.id, passage);
        if (rank !== undefined) expect(decideRank(made.facts, rank, nobleHasher)).toHaveProperty("refusal");
        const wanted = made.facts.rules.maxOccurrences + 1;
        const places = made.records
          .slice(0, wanted)
          .map(({ id, bytes }) => ({ record: id, recordStart: BigInt(dice.below(bytes.length)) }));
        if (commonnessRefusal(made.facts, { share, occurrences: places }, nobleHasher) === undefined) {
          expect(canRefute(posted, texts, index, places)).toBe(true);
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
});
