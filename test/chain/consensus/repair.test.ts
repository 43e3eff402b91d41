import { describe, expect, test } from "vitest";
import { blockKey } from "../../../chain/consensus/block-key.ts";
import { votesOf } from "../../../chain/consensus/certificate.ts";
import {
  bitMap,
  hasBit,
  missingOf,
  type RepairMessage,
  type RoundSummary,
  summaryOf,
} from "../../../chain/consensus/repair.ts";
import { SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { A, B, Machine, NIL, nameOf, validators } from "./machine.ts";

const NINE = validators(...Array.from({ length: 9 }, () => 1n));
const FOUR = validators(1n, 1n, 1n, 1n);

const summaryFor = (machine: Machine): RoundSummary => ({ ...summaryOf(machine.state), wanted: undefined });

/** A message as words: what a peer is told. */
function wordOf(message: RepairMessage): string {
  switch (message.type) {
    case "proposal":
      return `proposal ${message.proposal.round} ${nameOf(message.proposal.blockId)}`;
    case "vote": {
      const { type, round, validatorIndex, blockId } = message.vote;
      return `${type === SIGNED_PREVOTE ? "prevote" : "precommit"} ${round} ${nameOf(blockId)} of ${validatorIndex}`;
    }
    case "certificate": {
      const { kind, commit } = message.certificate;
      const who = votesOf(message.certificate).map(({ validatorIndex }) => validatorIndex);
      return `${kind} ${commit.round} ${nameOf(commit.blockId)} of ${who.join()}`;
    }
  }
}

const words = (messages: readonly RepairMessage[]): readonly string[] => messages.map(wordOf);

describe("bit maps", () => {
  test("hold one bit per entry, the lowest of the first byte first", () => {
    const map = bitMap([1, undefined, 1, undefined, undefined, undefined, undefined, 1, 1], 9);
    expect(map).toEqual(Uint8Array.of(0b1000_0101, 0b1));
    expect([0, 1, 2, 7, 8, 9].map((index) => hasBit(map, index))).toEqual([true, false, true, true, true, false]);
    expect(bitMap([], 8)).toEqual(Uint8Array.of(0));
    expect(bitMap([], 0)).toEqual(new Uint8Array(0));
    expect(bitMap([1, 1], 1)).toEqual(Uint8Array.of(1));
    expect(hasBit(undefined, 0)).toBe(false);
    expect(hasBit(map, 700)).toBe(false);
  });
});

describe("what a node says it has", () => {
  test("names, per round, the proposal, the votes and the quorums", () => {
    const machine = new Machine(NINE, undefined, { height: 3n });
    machine.propose(0, A);
    machine.prevote([0, 3, 8], 0, A);
    machine.precommit([8], 0, NIL);
    machine.prevote([2], 1, NIL);
    machine.prevote([0, 1, 2, 3, 4, 5, 6], 2, NIL);
    expect(summaryOf(machine.state)).toEqual({
      height: 3n,
      round: 2,
      rounds: [
        {
          round: 0,
          hasProposal: true,
          prevotes: Uint8Array.of(0b1001, 1),
          precommits: Uint8Array.of(0, 1),
          certificates: [],
        },
        {
          round: 1,
          hasProposal: false,
          prevotes: Uint8Array.of(0b100, 0),
          precommits: Uint8Array.of(0, 0),
          certificates: [],
        },
        {
          round: 2,
          hasProposal: false,
          prevotes: Uint8Array.of(0b111_1111, 0),
          precommits: Uint8Array.of(0, 0),
          certificates: ["polka/"],
        },
      ],
    });
    const votes = [0, 1, 2, 3, 4, 5, 6].map((place) => machine.vote(SIGNED_PREVOTE, place, 2, A));
    machine.give({ type: "cert", kind: "polka", votes });
    machine.precommit([0, 1, 2, 3, 4, 5, 6], 2, B);
    expect(summaryOf(machine.state).rounds[2]?.certificates).toEqual([
      "polka/",
      `polka/${blockKey(A)}`,
      `commit/${blockKey(B)}`,
    ]);
  });
});

describe("pull repair", () => {
  /** A machine that has seen two rounds of a height. */
  const informed = (): Machine => {
    const machine = new Machine(FOUR, undefined);
    machine.propose(0, A);
    machine.prevote([0, 1, 2], 0, A);
    machine.precommit([0], 0, A);
    machine.precommit([3], 0, NIL);
    machine.prevote([0, 1], 1, NIL);
    machine.propose(1, B);
    return machine;
  };

  test("tells a node that knows nothing everything, quorums as certificates, newest rounds first", () => {
    expect(words(missingOf(informed().state, summaryFor(new Machine(FOUR, undefined))))).toEqual([
      "proposal 1 B",
      "prevote 1 nil of 0",
      "prevote 1 nil of 1",
      "polka 0 A of 0,1,2",
      "proposal 0 A",
      "prevote 0 A of 0",
      "prevote 0 A of 1",
      "prevote 0 A of 2",
      "precommit 0 A of 0",
      "precommit 0 nil of 3",
    ]);
  });

  test("tells only what is lacking", () => {
    const behind = new Machine(FOUR, undefined);
    behind.propose(0, A);
    behind.prevote([1, 2], 0, A);
    behind.precommit([3], 0, NIL);
    expect(words(missingOf(informed().state, summaryFor(behind)))).toEqual([
      "proposal 1 B",
      "prevote 1 nil of 0",
      "prevote 1 nil of 1",
      "polka 0 A of 0,1,2",
      "prevote 0 A of 0",
      "precommit 0 A of 0",
    ]);
    expect(missingOf(informed().state, summaryFor(informed()))).toEqual([]);
  });

  test("puts commits before everything else, lowest round first", () => {
    const machine = informed();
    machine.precommit([1, 2], 0, A);
    const votes = [1, 2, 3].map((place) => machine.vote(2, place, 1, B));
    machine.give({ type: "cert", kind: "commit", votes });
    const told = words(missingOf(machine.state, summaryFor(new Machine(FOUR, undefined))));
    expect(told.slice(0, 2)).toEqual(["commit 0 A of 0,1,2", "commit 1 B of 1,2,3"]);
    expect(told.filter((word) => word.startsWith("commit"))).toHaveLength(2);
  });

  test("a certificate overrides what an equivocator made the peer believe", () => {
    const machine = informed();
    const other = new Machine(FOUR, undefined);
    other.prevote([0], 0, NIL);
    other.prevote([1, 2], 0, A);
    // The peer has votes of all three in its map, and still no polka.
    const [first] = missingOf(machine.state, summaryFor(other)).filter((message) => message.type === "certificate");
    expect(first && words([first])).toEqual(["polka 0 A of 0,1,2"]);
  });

  test("has nothing to say about another height", () => {
    const machine = informed();
    const summary = summaryFor(new Machine(FOUR, undefined));
    expect(missingOf(machine.state, { ...summary, height: 2n })).toEqual([]);
    expect(missingOf(machine.state, { ...summary, height: 0n })).toEqual([]);
  });

  test("both proposals of an equivocating proposer are told to whoever has none", () => {
    const machine = new Machine(FOUR, undefined);
    machine.propose(0, A);
    machine.propose(0, B);
    expect(words(missingOf(machine.state, summaryFor(new Machine(FOUR, undefined))))).toEqual([
      "proposal 0 A",
      "proposal 0 B",
    ]);
  });
});
