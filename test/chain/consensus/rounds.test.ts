import { describe, expect, test } from "vitest";
import { MAX_PAST_POLKAS, MAX_PAST_ROUNDS, MAX_ROUND, MAX_ROUNDS_SKIPPED } from "../../../chain/consensus/limits.ts";
import { summaryOf } from "../../../chain/consensus/repair.ts";
import type { BlockId } from "../../../chain/types/block-id.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { A, B, block, Machine, NIL, nameOf, validators } from "./machine.ts";

const FOUR = validators(1n, 1n, 1n, 1n);

const follower = (): Machine => new Machine(FOUR, undefined);
const held = (machine: Machine): readonly number[] => machine.state.rounds.map(({ round }) => round);

/** A round that fails: nobody hears the proposal, everybody votes nil. */
function fail(machine: Machine, round: number): void {
  machine.timeout("propose", round);
  machine.prevote([0, 1, 2], round, NIL);
  machine.precommit([0, 1, 2], round, NIL);
  machine.timeout("precommit", round);
}

describe("rounds far ahead", () => {
  test("votes of everybody in the last possible round do not make a node compute two thousand million proposers", () => {
    const machine = follower();
    machine.prevote([0, 1, 2, 3], MAX_ROUND, NIL);
    machine.precommit([0, 1, 2, 3], MAX_ROUND, NIL);
    expect(machine.where).toBe("0 propose");
    expect(held(machine)).toEqual([MAX_ROUND]);
    const votes = [0, 1, 2].map((index) => machine.vote(SIGNED_PREVOTE, index, MAX_ROUND - 1, B));
    machine.give({ type: "cert", kind: "polka", votes });
    expect(machine.where).toBe("0 propose");
  });

  test("a commit of the last possible round still decides", () => {
    const machine = follower();
    machine.proposeReady(0, A);
    const votes = [0, 1, 2].map((index) => machine.vote(SIGNED_PRECOMMIT, index, MAX_ROUND, A));
    machine.give({ type: "cert", kind: "commit", votes });
    expect(machine.committed).toBe("A");
    expect(machine.state.decided).toMatchObject({ round: MAX_ROUND });
  });

  test("a skip goes as far as the bound and not one round further, and takes the highest round within it", () => {
    const machine = follower();
    machine.prevote([0, 1], MAX_ROUNDS_SKIPPED + 1, NIL);
    expect(machine.where).toBe("0 propose");
    machine.prevote([2, 3], MAX_ROUNDS_SKIPPED, NIL);
    expect(machine.state.round).toBe(MAX_ROUNDS_SKIPPED + 1);
  });

  test("no round follows the last one", () => {
    const machine = follower();
    (machine.state as { round: number }).round = MAX_ROUND;
    machine.timeout("propose", MAX_ROUND);
    const before = machine.state;
    machine.timeout("precommit", MAX_ROUND);
    expect(machine.state).toBe(before);
    machine.give({ type: "vote", vote: machine.vote(SIGNED_PREVOTE, 0, MAX_ROUND + 1, NIL) });
    machine.propose(MAX_ROUND + 1, A);
    expect(machine.state).toBe(before);
    machine.propose(MAX_ROUND, A);
    expect(held(machine)).toEqual([MAX_ROUND]);
  });
});

describe("rounds long past", () => {
  test("are forgotten when nothing in them can matter any more, and what is told to peers stays small", () => {
    const machine = follower();
    for (let round = 0; round < 300; round++) fail(machine, round);
    expect(machine.where).toBe("300 propose");
    expect(held(machine)).toEqual(Array.from({ length: MAX_PAST_ROUNDS }, (_, index) => 300 - MAX_PAST_ROUNDS + index));
    expect(summaryOf(machine.state).rounds).toHaveLength(MAX_PAST_ROUNDS);
  });

  test("their votes and proposals are not taken any more, those of the oldest held round are", () => {
    const machine = follower();
    for (let round = 0; round < 100; round++) fail(machine, round);
    const before = machine.state;
    const first = 100 - MAX_PAST_ROUNDS;
    machine.prevote([3], first - 1, A);
    machine.precommit([3], 0, A);
    machine.propose(first - 1, A);
    expect(machine.state).toBe(before);
    machine.propose(first, A);
    machine.prevote([3], first, NIL);
    expect(machine.state.rounds[0]).toMatchObject({ round: first, proposals: [{ blockId: A }] });
    expect(machine.state.rounds[0]?.prevotes.power).toBe(4n);
  });

  test("a round that was skipped is open to votes as long as it is not too old, and one that is kept stays open", () => {
    const machine = follower();
    machine.precommit([0, 1, 2], 0, A);
    machine.prevote([0, 1], 100, NIL);
    expect(machine.where).toBe("100 propose");
    const first = 100 - MAX_PAST_ROUNDS;
    machine.prevote([0], first - 1, B);
    expect(held(machine)).toEqual([0, 100]);
    machine.prevote([0], first, B);
    expect(held(machine)).toEqual([0, first, 100]);
    machine.precommit([3], 0, A);
    expect(machine.state.rounds[0]?.precommits.power).toBe(4n);
  });

  test("a commit of a forgotten round still decides: it comes as a certificate", () => {
    const machine = follower();
    machine.proposeReady(0, A);
    for (let round = 0; round < 100; round++) fail(machine, round);
    const votes = [0, 1, 3].map((index) => machine.vote(SIGNED_PRECOMMIT, index, 2, A));
    machine.give({ type: "cert", kind: "commit", votes });
    expect(machine.isWanted(A)).toBe(true);
    machine.ready(A);
    expect(machine.committed).toBe("A");
    expect(machine.state.decided).toMatchObject({ round: 2 });
  });

  test("a commit that waits for its block is kept however long it waits", () => {
    const machine = follower();
    machine.precommit([0, 1, 2], 0, A);
    for (let round = 0; round < 100; round++) fail(machine, round);
    expect(held(machine)).toContain(0);
    expect(machine.asked("want")).toHaveLength(1);
    machine.ready(A);
    expect(machine.committed).toBe("A");
  });

  test("the lock's round, the valid block's and the newest polkas are kept: they justify proposing a block again", () => {
    const machine = new Machine(FOUR, 0);
    const { others } = machine;
    const letter = (round: number): string => String.fromCharCode(97 + (round % 26));
    const polka = (round: number, id: BlockId) =>
      machine.give({
        type: "cert",
        kind: "polka",
        votes: others.map((index) => machine.vote(SIGNED_PREVOTE, index, round, id)),
      });
    machine.timeout("propose", 0);
    machine.proposeReady(0, A);
    machine.prevote(others, 0, A);
    machine.precommit(others, 0, NIL);
    machine.timeout("precommit", 0);
    const first = 150 - MAX_PAST_ROUNDS;
    for (let round = 1; round < 150; round++) {
      machine.timeout("propose", round);
      if (round === 1) machine.proposeReady(1, B);
      machine.prevote(others, round, NIL);
      machine.precommit(others, round, NIL);
      // A polka that is seen too late to lock; from round 2 on for blocks that are not here.
      if (round === 1) polka(round, B);
      else if (round <= MAX_PAST_POLKAS + 2 || round === first || round === 120) polka(round, block(letter(round)));
      machine.timeout("precommit", round);
    }
    expect(machine.state).toMatchObject({
      round: 150,
      lock: { round: 0, blockId: A },
      valid: { round: 1, blockId: B },
    });
    const past = held(machine).filter((round) => round < first);
    expect(past).toEqual([0, 1, ...Array.from({ length: MAX_PAST_POLKAS }, (_, index) => index + 3)]);
    const known = machine.state.candidates.map(({ blockId }) => nameOf(blockId));
    for (const name of ["A", "B", letter(3), letter(first), letter(120)]) expect(known).toContain(name);
    expect(known).not.toContain(letter(2));
  });

  test("a lock that came back without its polka keeps its block known", () => {
    const machine = follower();
    machine.give({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka: [] } });
    for (let round = 0; round < 70; round++) fail(machine, round);
    expect(machine.state.candidates.map(({ blockId }) => nameOf(blockId))).toEqual(["A"]);
  });

  test("blocks that only forgotten rounds spoke of are forgotten with them", () => {
    const machine = follower();
    for (let round = 0; round < 100; round++) {
      machine.proposeReady(round, block(String.fromCharCode(33 + round)));
      fail(machine, round);
    }
    expect(machine.state.candidates).toHaveLength(MAX_PAST_ROUNDS);
    expect(machine.state.candidates[0]?.blockId.hash[0]).toBe(33 + 100 - MAX_PAST_ROUNDS);
  });
});
