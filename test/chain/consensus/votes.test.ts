import { describe, expect, test } from "vitest";
import { blockKey, NIL_KEY } from "../../../chain/consensus/block-key.ts";
import { certificateOf, commitOf, votesOf, withLateVote } from "../../../chain/consensus/certificate.ts";
import {
  addCertificate,
  addVote,
  EMPTY_TALLY,
  hasQuorumFor,
  isMoreThanThird,
  isQuorum,
  quorumOf,
  quorumVotes,
  removeVote,
  type Tally,
} from "../../../chain/consensus/votes.ts";
import type { BlockId } from "../../../chain/types/block-id.ts";
import { ABSENT_COMMIT_SIG } from "../../../chain/types/commit.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, type Vote } from "../../../chain/types/vote.ts";
import { A, B, C, Machine, NIL, validators } from "./machine.ts";

const machine = new Machine(validators(1n, 1n, 1n, 1n), undefined, { height: 5n });
const POWERS = { each: [4n, 3n, 2n, 1n], total: 10n };
const prevote = (place: number, blockId: BlockId, round = 0): Vote =>
  machine.vote(SIGNED_PREVOTE, place, round, blockId);
const precommit = (place: number, blockId: BlockId, round = 0): Vote =>
  machine.vote(SIGNED_PRECOMMIT, place, round, blockId);

function tallyOf(...votes: readonly Vote[]): Tally {
  let tally = EMPTY_TALLY;
  for (const vote of votes) {
    const added = addVote(tally, vote, POWERS);
    if (added.outcome !== "known") tally = added.tally;
  }
  return tally;
}

describe("thresholds", () => {
  test("a quorum is more than two thirds, at every total around one", () => {
    const smallest = (total: bigint, holds: (power: bigint, total: bigint) => boolean): bigint => {
      for (let power = 0n; power <= total; power++) if (holds(power, total)) return power;
      throw new Error("never");
    };
    const totals = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 9n, 10n, 100n];
    expect(totals.map((total) => smallest(total, isQuorum))).toEqual([1n, 2n, 3n, 3n, 4n, 5n, 5n, 7n, 7n, 67n]);
    expect(totals.map((total) => smallest(total, isMoreThanThird))).toEqual([1n, 1n, 2n, 2n, 2n, 3n, 3n, 4n, 4n, 34n]);
  });

  test("hold for powers beyond what a double can count", () => {
    const total = 9_007_199_254_740_993n * 3n;
    expect(isQuorum(9_007_199_254_740_993n * 2n, total)).toBe(false);
    expect(isQuorum(9_007_199_254_740_993n * 2n + 1n, total)).toBe(true);
    expect(isMoreThanThird(9_007_199_254_740_993n, total)).toBe(false);
    expect(isMoreThanThird(9_007_199_254_740_994n, total)).toBe(true);
  });
});

describe("a tally", () => {
  test("counts power per block and in total, in order of first appearance", () => {
    const tally = tallyOf(prevote(2, B), prevote(0, A), prevote(3, B), prevote(1, NIL));
    expect(tally.weights).toEqual([
      { key: blockKey(B), blockId: B, power: 3n },
      { key: blockKey(A), blockId: A, power: 4n },
      { key: NIL_KEY, blockId: NIL, power: 3n },
    ]);
    expect(tally.power).toBe(10n);
    expect(tally.votes.map((vote) => vote?.blockId)).toEqual([A, NIL, B, B]);
    expect(tally.conflicting).toEqual([]);
  });

  test("says of a vote whether it is new, known or a conflict", () => {
    const tally = tallyOf(prevote(1, A));
    expect(addVote(tally, prevote(1, A), POWERS)).toEqual({ outcome: "known" });
    const conflict = addVote(tally, prevote(1, B), POWERS);
    expect(conflict).toMatchObject({ outcome: "conflict", conflict: { first: prevote(1, A), second: prevote(1, B) } });
    if (conflict.outcome !== "conflict") throw new Error("no conflict");
    expect(conflict.tally).toEqual({ ...tally, conflicting: [undefined, prevote(1, B)] });
    expect(addVote(conflict.tally, prevote(1, C), POWERS)).toEqual({ outcome: "known" });
    expect(() => addVote(tally, prevote(0, A), { each: [], total: 0n })).toThrow(
      "vote of validator 0, but there are 0",
    );
  });

  test("is not changed by what is added to it", () => {
    const tally = tallyOf(prevote(1, A));
    const copy = structuredClone(tally);
    addVote(tally, prevote(0, A), POWERS);
    addVote(tally, prevote(1, B), POWERS);
    addCertificate(tally, [prevote(0, B), prevote(1, B)], POWERS);
    removeVote(tally, 1, POWERS);
    expect(tally).toEqual(copy);
    expect(EMPTY_TALLY).toEqual({ votes: [], conflicting: [], weights: [], power: 0n, certificates: [] });
  });

  test("gives a vote's weight back when the vote is removed", () => {
    const tally = tallyOf(prevote(0, A), prevote(1, A), prevote(1, B), prevote(2, B));
    expect(removeVote(tally, 1, POWERS)).toEqual({
      ...tally,
      votes: [prevote(0, A), undefined, prevote(2, B)],
      conflicting: [undefined, undefined],
      weights: [
        { key: blockKey(A), blockId: A, power: 4n },
        { key: blockKey(B), blockId: B, power: 2n },
      ],
      power: 6n,
    });
    expect(removeVote(tally, 2, POWERS).weights).toEqual([{ key: blockKey(A), blockId: A, power: 7n }]);
    expect(removeVote(tally, 3, POWERS)).toBe(tally);
    expect(removeVote(tally, 9, POWERS)).toBe(tally);
  });

  test("has a quorum where the weight or a certificate says so, weights first", () => {
    const tally = tallyOf(prevote(0, A), prevote(1, A), prevote(2, B));
    expect(quorumOf(tally, 10n)).toEqual([{ key: blockKey(A), blockId: A, power: 7n }]);
    expect(quorumOf(tally, 11n)).toEqual([]);
    const both = addCertificate(tally, [prevote(0, B), prevote(1, B), prevote(2, B)], POWERS).tally;
    expect(quorumOf(both, 10n)).toEqual([
      { key: blockKey(A), blockId: A, power: 7n },
      { key: blockKey(B), blockId: B, power: 10n },
    ]);
    expect(hasQuorumFor(both, blockKey(B), 10n)).toBe(true);
    expect(hasQuorumFor(both, blockKey(C), 10n)).toBe(false);
    expect(hasQuorumFor(both, NIL_KEY, 10n)).toBe(false);
  });

  test("names the votes of a quorum: the counted ones, all of them, else the certificate's", () => {
    const certified = addCertificate(
      tallyOf(prevote(0, NIL)),
      [prevote(0, A), prevote(1, A), prevote(2, A)],
      POWERS,
    ).tally;
    // Only 5 of 10 are counted for A, since validator 0 voted nil first; the certificate has its other vote.
    expect(quorumVotes(certified, blockKey(A), 10n)).toEqual([prevote(0, A), prevote(1, A), prevote(2, A)]);
    expect(quorumVotes(certified, NIL_KEY, 10n)).toEqual([]);
    expect(quorumVotes(certified, blockKey(B), 10n)).toEqual([]);
    const more = tallyOf(prevote(3, A), prevote(0, A), prevote(1, A), prevote(2, B));
    expect(quorumVotes(more, blockKey(A), 10n)).toEqual([prevote(0, A), prevote(1, A), prevote(3, A)]);
    expect(quorumVotes(more, blockKey(B), 10n)).toEqual([]);
    const grown = addVote(
      addCertificate(EMPTY_TALLY, [prevote(0, A), prevote(1, A)], POWERS).tally,
      prevote(2, A),
      POWERS,
    );
    if (grown.outcome !== "added") throw new Error("not added");
    expect(quorumVotes(grown.tally, blockKey(A), 10n)).toEqual([prevote(0, A), prevote(1, A), prevote(2, A)]);
  });
});

describe("a certificate", () => {
  test("brings votes that were not here, evidence of those that contradict, and nothing twice", () => {
    const before = tallyOf(prevote(0, B), prevote(1, A));
    const votes = [prevote(0, A), prevote(1, A), prevote(2, A)];
    const { tally, changed, conflicts } = addCertificate(before, votes, POWERS);
    expect(changed).toBe(true);
    expect(conflicts).toEqual([{ first: prevote(0, B), second: prevote(0, A) }]);
    expect(tally.power).toBe(9n);
    expect(tally.certificates).toEqual([{ key: blockKey(A), blockId: A, votes }]);
    expect(addCertificate(tally, votes, POWERS)).toEqual({ tally, changed: false, conflicts: [] });
    expect(() => addCertificate(tally, [], POWERS)).toThrow("a certificate without votes");
  });

  test("for what has a quorum already changes nothing", () => {
    const tally = tallyOf(prevote(0, A), prevote(1, A));
    const result = addCertificate(tally, [prevote(0, A), prevote(1, A), prevote(2, A)], POWERS);
    expect(result).toEqual({ tally, changed: false, conflicts: [] });
    expect(result.tally).toBe(tally);
  });

  test("as a commit and back again has the same votes", () => {
    const votes = [prevote(1, A), prevote(3, A)];
    const polka = certificateOf("polka", votes, 4);
    expect(polka.kind).toBe("polka");
    expect(polka.commit).toMatchObject({ height: 5n, round: 0, blockId: A });
    expect(polka.commit.signatures.map(({ blockIdFlag }) => blockIdFlag)).toEqual([1, 2, 1, 2]);
    expect(polka.commit.signatures[0]).toEqual(ABSENT_COMMIT_SIG);
    expect(votesOf(polka)).toEqual(votes);
    const commit = certificateOf("commit", [precommit(2, B, 7)], 4);
    expect(commit.commit.round).toBe(7);
    expect(votesOf(commit)).toEqual([precommit(2, B, 7)]);
    const nil = certificateOf("polka", [prevote(0, NIL), prevote(2, NIL)], 3);
    expect(nil.commit.signatures.map(({ blockIdFlag }) => blockIdFlag)).toEqual([2, 1, 2]);
    expect(votesOf(nil)).toEqual([prevote(0, NIL), prevote(2, NIL)]);
    expect(() => certificateOf("polka", [], 4)).toThrow("a certificate without votes");
    // What one vote carries is not lost because another carries nothing.
    const extension = { extension: new Uint8Array([1]), extensionSignature: new Uint8Array(64) };
    const mixed = [{ ...precommit(2, B, 7), ...extension }, precommit(0, B, 7)];
    expect(votesOf(certificateOf("commit", mixed, 4))).toEqual([mixed[1], mixed[0]]);
  });
});

describe("a commit", () => {
  test("is made of the decisive votes first, then of what else was heard", () => {
    const decisive = [precommit(0, A), precommit(2, A)];
    const others = [precommit(0, NIL), precommit(1, NIL), undefined, precommit(3, B)];
    const commit = commitOf(5n, 0, A, 5, decisive, others);
    expect(commit.signatures.map(({ blockIdFlag }) => blockIdFlag)).toEqual([2, 3, 2, 1, 1]);
    expect(commit).toMatchObject({ height: 5n, round: 0, blockId: A });
    expect(commit.signatures[1]).toEqual({
      blockIdFlag: 3,
      validatorAddress: precommit(1, NIL).validatorAddress,
      timestamp: precommit(1, NIL).timestamp,
      signature: precommit(1, NIL).signature,
    });
  });

  test("takes a late precommit into an empty place, of its height, round and kind, for its block or nil", () => {
    const commit = commitOf(5n, 2, A, 4, [precommit(0, A, 2), precommit(1, A, 2)], []);
    const late = withLateVote(commit, precommit(3, A, 2));
    expect(late).toEqual(commitOf(5n, 2, A, 4, [precommit(0, A, 2), precommit(1, A, 2), precommit(3, A, 2)], []));
    expect(withLateVote(commit, precommit(3, NIL, 2))?.signatures.map(({ blockIdFlag }) => blockIdFlag)).toEqual([
      2, 2, 1, 3,
    ]);
    expect(commit.signatures[3]).toEqual(ABSENT_COMMIT_SIG);
    const refused: readonly Vote[] = [
      precommit(3, A, 1),
      precommit(3, B, 2),
      precommit(1, A, 2),
      prevote(3, A, 2),
      { ...precommit(3, A, 2), height: 4n },
      { ...precommit(3, A, 2), validatorIndex: 4 },
    ];
    for (const vote of refused) expect(withLateVote(commit, vote)).toBeUndefined();
  });
});

describe("the key of a block id", () => {
  test("tells hash, number of parts and parts' hash apart, and nil from all", () => {
    const { hash, partSetHeader } = A;
    const ids: readonly BlockId[] = [
      NIL,
      A,
      { hash: B.hash, partSetHeader },
      { hash, partSetHeader: { ...partSetHeader, total: 2 } },
      { hash, partSetHeader: { ...partSetHeader, hash: B.partSetHeader.hash } },
    ];
    expect(new Set(ids.map(blockKey)).size).toBe(5);
    expect(blockKey(NIL)).toBe("");
    expect(blockKey(structuredClone(A))).toBe(blockKey(A));
  });
});
