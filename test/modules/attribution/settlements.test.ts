/** Challenges of inline settlements: the rule of which spans are right over random texts, and the challenge through a chain. */
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { Corpus } from "../../../attribution/corpus.ts";
import { type Span, SpanProver } from "../../../attribution/settlement.ts";
import { SpanIndex } from "../../../attribution/span-index.ts";
import { tokenize } from "../../../chain/types/lexer.ts";
import { leftOutRefusal, type RankedSpan } from "../../../modules/attribution/challenge/settlement-flaw.ts";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { BatchWorld, DAY, FIRST, OUTPUT, SECOND } from "../../support/batch-world.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { shown } from "../../support/lineage-world.ts";
import { responseOf } from "../../support/native-world.ts";

const encoder = new TextEncoder();
const COPY = `// copied\n${FIRST}`;
const BOND = 1_000_000n;

describe("over random texts", () => {
  const words = fc.array(fc.constantFrom("a", "b", "cc", "+", ";", " ", " "), { maxLength: 30 }).map((p) => p.join(""));

  /** All matches there are, with the earliest record of each stretch alone. */
  function allMatches(texts: readonly string[], output: string, minTokens: number): RankedSpan[] {
    const { starts, ends } = tokenize(encoder.encode(output));
    const found: RankedSpan[] = [];
    for (let first = 0; first < starts.length; first++) {
      for (let end = first + minTokens; end <= starts.length; end++) {
        const [matchStart, matchEnd] = [starts[first]!, ends[end - 1]!];
        const piece = output.slice(matchStart, matchEnd);
        texts.forEach((text, i) => {
          const borders = tokenize(encoder.encode(text));
          for (const recordStart of borders.starts) {
            if (!text.startsWith(piece, recordStart) || !borders.ends.includes(recordStart + piece.length)) continue;
            const record = recordOf(i, text);
            found.push({ matchStart, matchEnd, recordStart, tokens: end - first, record });
          }
        });
      }
    }
    return found;
  }

  function recordOf(i: number, text: string) {
    const id = { datanetId: 1n, number: BigInt(i + 1) };
    return { id, contributor: "", text: { root: new Uint8Array(32), length: text.length }, height: BigInt(i) };
  }

  /** What an honest host settles with, as the engine chooses it. */
  function honest(texts: readonly string[], output: string, minTokens: number, maxSpans: number): RankedSpan[] {
    const records = texts.map((text, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: encoder.encode(text) }));
    const index = new SpanIndex(Corpus.of(records));
    const spans = SpanProver.over(index).prove(encoder.encode(output), { minSpanTokens: minTokens, maxSpans });
    return spans.map(({ outputStart, length, record, recordStart }) => {
      const i = Number(record.number) - 1;
      const tokens = tokenize(encoder.encode(output.slice(outputStart, outputStart + length))).starts.length;
      const place = { matchStart: outputStart, matchEnd: outputStart + length, recordStart: Number(recordStart) };
      return { ...place, tokens, record: recordOf(i, texts[i]!) };
    });
  }

  const inputs = [
    fc.array(words, { minLength: 1, maxLength: 4 }),
    words,
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
  ] as const;

  test("no match beats the engine's spans, and whatever else fills their place is beaten", () => {
    fc.assert(
      fc.property(...inputs, fc.nat(), (texts, output, minTokens, maxSpans, pick) => {
        const spans = honest(texts, output, minTokens, maxSpans);
        const matches = allMatches(texts, output, minTokens);
        for (const match of matches) expect(leftOutRefusal(match, spans, maxSpans)).toBeTypeOf("string");
        if (spans.length === 0) {
          expect(matches).toEqual([]);
          return;
        }
        // One span left out, or put where it stands in a later place or record.
        const at = pick % spans.length;
        const without = spans.filter((_, i) => i !== at);
        expect(leftOutRefusal(spans[at]!, without, maxSpans)).toBeUndefined();
        const [own] = spans.slice(at);
        const isElsewhere = ({ matchStart, matchEnd, record, recordStart }: RankedSpan): boolean =>
          matchStart === own!.matchStart &&
          matchEnd === own!.matchEnd &&
          (record.id.number !== own!.record.id.number || recordStart !== own!.recordStart);
        for (const later of matches.filter(isElsewhere)) {
          expect(leftOutRefusal(own!, [...without, later], maxSpans)).toBeUndefined();
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe("through a chain", () => {
  let world: BatchWorld;

  beforeEach(() => {
    world = new BatchWorld();
    const amount = { denom: "uopen", amount: BOND.toString() };
    world.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: world.address("host"), amount }]);
  });

  /** Spans by a host that pretends to know these records alone. */
  function blindSpans(output: string, known: readonly number[]): readonly Span[] {
    const records = known.map((i) => ({
      datanetId: 1n,
      number: BigInt(i + 1),
      text: encoder.encode(world.records[i]!.text),
    }));
    return SpanProver.over(new SpanIndex(Corpus.of(records))).prove(encoder.encode(output), {
      minSpanTokens: 6,
      maxSpans: 64,
    });
  }

  function settled(output: string, spans: readonly Span[]): bigint {
    const useId = world.opened();
    world.ok("host", world.settle(useId, output, { spans: [...spans] }));
    return useId;
  }

  /** Shows that words of the output stand in a record. */
  function challenge(
    useId: bigint,
    output: string,
    words: string,
    record: number,
    changes: object = {},
  ): MessageToSend {
    const { start, opening } = shown(world.records[record - 1]!.text, words);
    const matchStart = BigInt(output.indexOf(words));
    const place = { matchStart, matchEnd: matchStart + BigInt(words.length), recordStart: start };
    const recordId = { datanetId: 1n, number: BigInt(record) };
    const value = { challenger: world.address("ann"), useId, output: encoder.encode(output), ...place, recordId };
    return ["tributary.attribution.v1.MsgChallengeSettlement", { ...value, record: opening, ...changes }];
  }

  function refused(message: MessageToSend, code: number, text: string): void {
    const { codespace, code: was, log } = world.run("ann", message);
    expect([codespace, was, log]).toEqual(["attribution", code, expect.stringContaining(text)]);
  }

  test("a host that pays a later copy loses half its bond, half of that to who shows the earlier record, once", () => {
    const useId = settled(COPY, blindSpans(COPY, [2]));
    expect(world.payout(useId).recordShares.map(({ record }) => record.number)).toEqual([3n]);
    // The copy's own words around it are longer: that is Eve's. Of an answer without them the words are Ann's.
    refused(challenge(useId, COPY, FIRST, 1), 18, "a span that it overlaps comes first");
    const plain = settled(OUTPUT, blindSpans(OUTPUT, [1, 2]));
    expect(world.payout(plain).recordShares.map(({ record }) => record.number)).toEqual([2n, 3n]);
    const before = world.chain.balance("ann", "uopen");
    const result = world.ok("ann", challenge(plain, OUTPUT, FIRST, 1));
    const lost = responseOf("tributary.attribution.v1.MsgChallengeSettlementResponse", result);
    expect([lost.taken.amount, lost.bounty.amount]).toEqual([(BOND / 2n).toString(), (BOND / 4n).toString()]);
    expect(world.chain.balance("ann", "uopen") - before).toBe(BOND / 4n);
    expect(result.events.map(({ type }) => type)).toContain("settlement_challenged");
    refused(challenge(plain, OUTPUT, FIRST, 1), 30, "cannot be challenged any more");
    world.chain.checkInvariants();
  });

  test("spans left out, or cut short, are shown by any match of theirs", () => {
    const cut = blindSpans(FIRST.slice(0, FIRST.indexOf(" internal")), [0]);
    expect(cut).toHaveLength(1);
    for (const spans of [[], cut]) {
      world.ok("ann", challenge(settled(FIRST, spans), FIRST, FIRST, 1));
      world.chain.checkInvariants();
    }
  });

  test("an honest settlement stands, and so does one whose challenge proves nothing", () => {
    const useId = settled(OUTPUT, world.spansOf(OUTPUT));
    refused(challenge(useId, OUTPUT, FIRST, 1), 18, "comes first");
    refused(challenge(useId, OUTPUT, FIRST, 3), 18, "comes first");
    refused(challenge(useId, OUTPUT, SECOND, 2), 18, "comes first");
    const empty = settled(OUTPUT, []);
    refused(challenge(empty, OUTPUT, "function add(", 1), 18, "it has 3 tokens");
    refused(challenge(empty, OUTPUT, FIRST, 1, { output: encoder.encode(`${OUTPUT} `) }), 18, "not the use's");
    refused(challenge(empty, OUTPUT, FIRST, 1, { recordStart: 1n }), 18, "");
    refused(challenge(empty, OUTPUT, FIRST, 1, { matchEnd: 9_999n }), 18, "");
    refused(
      challenge(empty, OUTPUT, FIRST, 1, { recordId: { datanetId: 2n, number: 1n } }),
      18,
      "not of the model's lineage",
    );
    refused(challenge(99n, OUTPUT, FIRST, 1), 2, "");
    refused(challenge(world.opened(), OUTPUT, FIRST, 1), 3, "");
  });

  test("a record under a notice when the use was served is none that the host left out", () => {
    const notice = { claimant: world.address("bob"), datanetId: 1n, number: 1n, reason: "mine", evidence: "" };
    const opened = world.opened();
    world.ok("bob", ["tributary.datanet.v1.MsgTakedown", notice]);
    // What is suspended cannot be cited, so the answer that quotes it is settled without.
    world.ok("host", world.settle(opened, FIRST, { spans: [] }));
    refused(challenge(opened, FIRST, FIRST, 1), 18, "not of the model's lineage");
    const counter = { contributor: world.address("ann"), noticeId: 1n, statement: "no, mine" };
    world.ok("ann", ["tributary.datanet.v1.MsgCounterNotice", counter]);
    refused(challenge(opened, FIRST, FIRST, 1), 18, "not of the model's lineage");
    // A use that was opened since can name it again.
    world.ok("ann", challenge(settled(FIRST, []), FIRST, FIRST, 1));
  });

  test("the time to challenge ends a batch's window after the use would have expired", () => {
    const [useId, late] = [settled(FIRST, []), settled(FIRST, [])];
    world.chain.block([], { nanoseconds: DAY + 3_500_000_000_000n });
    world.ok("ann", challenge(useId, FIRST, FIRST, 1));
    world.chain.block([], { nanoseconds: 200_000_000_000n });
    refused(challenge(late, FIRST, FIRST, 1), 30, "cannot be challenged any more");
  });

  test("a host's bond stands behind all that it settled inline and can still be challenged over", () => {
    const { inlineBondMultiple } = defaultParams.game;
    const careful = new BatchWorld({ inlineBondMultiple });
    const bond = (amount: bigint): MessageToSend => {
      const coin = { denom: "uopen", amount: amount.toString() };
      return ["tributary.model.v1.MsgBondOperator", { operator: careful.address("host"), amount: coin }];
    };
    const tooSmall = (useId: bigint, text: string): void => {
      const result = careful.run("host", careful.settle(useId, OUTPUT));
      expect([result.codespace, result.code]).toEqual(["attribution", 35]);
      expect(result.log).toContain(`${text}: bond more, or settle by batch`);
    };
    tooSmall(careful.opened(), "0 of 2880000");
    careful.ok("host", bond(2_880_000n));
    careful.ok("host", careful.settle(careful.opened(), OUTPUT));
    tooSmall(careful.opened(), "2880000 of 5760000");
    careful.ok("host", bond(2_880_000n));
    careful.ok("host", careful.settle(careful.opened(), OUTPUT));
    // A timeout and a window later both count as before, and after as much time again no more.
    const period = DAY + 3_600_000_000_000n;
    careful.chain.block([], { nanoseconds: period });
    tooSmall(careful.opened(), "5760000 of 8640000");
    careful.chain.block([], { nanoseconds: period });
    careful.ok("host", careful.settle(careful.opened(), OUTPUT));
    careful.chain.checkInvariants();
  });
});
