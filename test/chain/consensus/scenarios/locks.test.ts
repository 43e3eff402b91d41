import { describe, expect, test } from "vitest";
import { SIGNED_PREVOTE } from "../../../../chain/types/vote.ts";
import { A, B, block, C, NIL } from "../machine.ts";
import { type Actor, bystander, proposerOf } from "../story.ts";

const D = block("D");

/** Locks the node on a block in round 0 and takes it to round 1; nobody else precommits it. */
function lockedInRoundZero(node: Actor, blockId = A): void {
  const [ann, bob] = node.others;
  node.hearsGoodProposal(blockId);
  node.hearsPrevotes(node.others, blockId);
  node.isLockedOn(blockId, 0);
  node.hearsPrecommits([ann, bob], NIL);
  node.waitsInVainFor("precommits");
  expect(node.where).toBe("1 propose");
}

/** Lets the current round fail: nil from the two of `others` that suffice. */
function roundFails(node: Actor): void {
  const [ann, bob, cat] = node.others;
  node.waitsInVainFor("the proposal");
  node.hearsPrevotes([ann, bob, cat], NIL);
  node.hearsPrecommits([ann, bob, cat], NIL);
  node.waitsInVainFor("precommits");
}

describe("hidden lock", () => {
  test("one validator saw the polka that nobody else saw: it stays with its block for as many rounds as it takes", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    lockedInRoundZero(node);
    for (const [round, other] of [B, C].entries()) {
      node.hearsProposal(other).soIt(`checks ${round === 0 ? "B" : "C"}`);
      node.finds("valid", other).soIt(`prevotes nil in round ${round + 1}`);
      node.hearsPrevotes([ann], other).soNothing();
      node.hearsPrevotes([bob], other).soIt(`gives prevotes of round ${round + 1} ${1500 + 500 * round} ms`);
      node.waitsInVainFor("prevotes").soIt(`precommits nil in round ${round + 1}`);
      node.hearsPrecommits([ann, bob], NIL);
      node.waitsInVainFor("precommits");
      node.isLockedOn(A, 0);
    }
  });

  test("when it is its turn, the locked validator proposes its block, with the polka that makes the others take it", () => {
    const node = proposerOf(1);
    const [ann, bob] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann, bob], A).soIt("precommits A in round 0, locking A with the 3 prevotes of round 0");
    node.hearsPrecommits([ann, bob], NIL).soIt("gives precommits of round 0 1000 ms");
    node
      .waitsInVainFor("precommits")
      .soIt(
        "gives the proposal of round 1 3500 ms",
        "proposes A in round 1 for the polka of round 0",
        "prevotes A in round 1, showing the 3 prevotes of round 0",
      );
  });

  test("its own block, proposed by another as if it were new, is good enough", () => {
    const node = bystander();
    lockedInRoundZero(node);
    node.hearsProposal(A).soIt("prevotes A in round 1");
  });

  test("its own block, proposed with a polka of its lock's round, is prevoted and the polka is shown", () => {
    const node = bystander();
    lockedInRoundZero(node);
    node.hearsProposal(A, { polka: 0 }).soIt("prevotes A in round 1, showing the 4 prevotes of round 0");
  });

  test("two groups hold hidden locks of different rounds: the later polka moves the earlier lock", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    lockedInRoundZero(node);
    // The others find their own polka for B in round 1, while this node hears too little of it.
    node.hearsGoodProposal(B).soIt("prevotes nil in round 1");
    node.hearsPrevotes([ann, bob], B).soIt("gives prevotes of round 1 1500 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 1");
    node.hearsPrecommits([ann, bob], NIL);
    node.waitsInVainFor("precommits");
    // In round 2 B comes again, for a polka that is not here yet: there is no answer until it is.
    node.hearsProposal(B, { polka: 1 }).soNothing();
    node.hearsPrevotes([cat], B, 1).soIt("prevotes B in round 2, showing the 3 prevotes of round 1");
    node.isLockedOn(A, 0);
    node.hearsPrevotes([ann, bob], B).soIt("precommits B in round 2, locking B with the 3 prevotes of round 2");
    node.isLockedOn(B, 2);
  });

  test("a polka older than the lock moves nothing", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann, bob, cat], B).soIt("checks B", "asks peers for B");
    roundFails(node);
    node.hearsGoodProposal(A).soIt("prevotes A in round 1");
    node.hearsPrevotes([ann, bob], A).soIt("precommits A in round 1, locking A with the 3 prevotes of round 1");
    node.hearsPrecommits([ann, bob], NIL);
    node.waitsInVainFor("precommits");
    node.finds("valid", B).soNothing();
    node.hearsProposal(B, { polka: 0 }).soIt("prevotes nil in round 2");
  });

  test("the lock is not forgotten when rounds are skipped", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    lockedInRoundZero(node);
    node.hearsPrecommits([ann, bob], NIL, 9).soIt("gives the proposal of round 9 7500 ms");
    node.hearsGoodProposal(B).soIt("prevotes nil in round 9");
    node.isLockedOn(A, 0);
  });

  test("a lock restored from the journal after the log was lost holds like one that was never forgotten", () => {
    const node = bystander();
    const polka = node.others.map((place) => node.machine.vote(SIGNED_PREVOTE, place, 0, A));
    node
      .hears({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka } })
      .soIt("checks A", "asks peers for A");
    node.isLockedOn(A, 0);
    node.wouldProposeAgain(A, 0);
    node.hearsGoodProposal(B).soIt("prevotes nil in round 0", "gives prevotes of round 0 1000 ms");
  });

  test("what was heard of the lock's round before the lock came back is kept, and its polka is added to it", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.hearsPrevotes([cat], NIL).soNothing();
    node.hearsPrecommits([cat], NIL).soNothing();
    const self = node.machine.self as number;
    const polka = [ann, bob, self].map((place) => node.machine.vote(SIGNED_PREVOTE, place, 0, A));
    node.hears({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka } }).soIt("asks peers for A");
    const [round] = node.machine.state.rounds;
    expect(round).toMatchObject({ proposals: { length: 1 }, prevotes: { power: 4n }, precommits: { power: 1n } });
    expect(round?.prevotes.certificates).toHaveLength(1);
  });

  test("a restored lock older than the one that is held changes nothing, a later one replaces it", () => {
    const node = bystander();
    lockedInRoundZero(node);
    const restore = (round: number, blockId = B) =>
      node.hears({ type: "restoreLock", height: 1n, lock: { round, blockId, polka: [] } });
    restore(0).soItIsIgnored();
    node.isLockedOn(A, 0);
    node.hears({ type: "restoreLock", height: 2n, lock: { round: 5, blockId: B, polka: [] } }).soItIsIgnored();
    restore(1).soIt("checks B");
    node.isLockedOn(B, 1);
    node.wouldProposeAgain(B, 1);
  });

  test("a restored lock older than a polka seen since leaves that polka's block the one to propose", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    roundFails(node);
    node.hearsGoodProposal(B).soIt("prevotes B in round 1");
    node.hearsPrevotes([ann, bob], NIL).soIt("gives prevotes of round 1 1500 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 1");
    node
      .hearsPolkaCertificate([bob, cat, node.machine.self as number], B)
      .soIt(`accuses ${bob} of prevoting nil and B in round 1`);
    node.wouldProposeAgain(B, 1);
    node.hears({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka: [] } }).soIt("checks A");
    node.isLockedOn(A, 0);
    node.wouldProposeAgain(B, 1);
    // One of the same round does not replace it either.
    node.hears({ type: "restoreLock", height: 1n, lock: { round: 1, blockId: C, polka: [] } }).soIt("checks C");
    node.isLockedOn(C, 1);
    node.wouldProposeAgain(B, 1);
  });
});

describe("line 28: a proposal for a polka of an earlier round", () => {
  test("is answered only when proposal, polka and block are all here, in whatever order they come", () => {
    const acts: Readonly<Record<string, (node: Actor) => void>> = {
      proposal: (node) => void node.hearsProposal(B, { round: 1, polka: 0 }),
      polka: (node) => void node.hearsPrevotes(node.others, B, 0),
      block: (node) => void node.finds("valid", B),
    };
    const orders = [
      ["proposal", "polka", "block"],
      ["proposal", "block", "polka"],
      ["polka", "proposal", "block"],
    ];
    for (const order of orders) {
      const node = bystander();
      const [ann, bob, cat] = node.others;
      node.waitsInVainFor("the proposal");
      node.hearsPrecommits([ann, bob, cat], NIL);
      node.waitsInVainFor("precommits");
      for (const act of order.slice(0, 2)) acts[act]?.(node);
      expect(node.machine.said, order.join()).toEqual(["prevote 0 nil"]);
      acts[order[2] as string]?.(node);
      expect(node.machine.said, order.join()).toEqual(["prevote 0 nil", "prevote 1 B"]);
    }
  });

  test("line 32: an invalid block gets nil although it had a polka", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.hearsPrevotes([ann, bob, cat], B);
    node.hearsPrecommits([ann, bob, cat], NIL);
    node.waitsInVainFor("precommits");
    node.hearsProposal(B, { polka: 0 }).soNothing();
    node.finds("invalid", B).soIt("prevotes nil in round 1");
  });

  test("an unlocked validator takes it, and so does one locked before it or in its very round", () => {
    const unlocked = bystander();
    unlocked.hearsPrevotes(unlocked.others, B, 0).soIt("checks B", "asks peers for B");
    roundFails(unlocked);
    unlocked.finds("valid", B).soNothing();
    unlocked.hearsProposal(B, { polka: 0 }).soIt("prevotes B in round 1, showing the 3 prevotes of round 0");

    const locked = bystander();
    const [ann, bob, cat] = locked.others;
    lockedInRoundZero(locked);
    locked
      .hearsPolkaCertificate([ann, bob, cat], B, 0)
      .soIt(...[ann, bob, cat].map((place) => `accuses ${place} of prevoting A and B in round 0`));
    locked.hearsProposal(B, { polka: 0 }).soIt("checks B");
    locked.finds("valid", B).soIt("prevotes B in round 1, showing the 3 prevotes of round 0");
    locked.isLockedOn(A, 0);
  });

  test("the polka must be for the proposed block, not merely of that round", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann, bob, cat], A).soIt("checks A", "asks peers for A");
    roundFails(node);
    node.hearsGoodProposal(B, { polka: 0 }).soNothing();
    expect(node.where).toBe("1 propose");
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 1");
  });

  test("for a round of which nothing was ever heard: it waits", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    node.hearsPrevotes([ann, bob], NIL, 5).soIt("gives the proposal of round 5 5500 ms");
    node.hearsGoodProposal(B, { polka: 2 }).soNothing();
    node
      .hearsPolkaCertificate(node.others, B, 2)
      .soIt("prevotes B in round 5, showing the 3 prevotes of round 2", "gives prevotes of round 5 3500 ms");
  });

  test("claims of a polka in the proposal's own round or later, or before round 0, are not proposals", () => {
    const node = bystander();
    const before = node.machine.state;
    node.hearsProposal(A, { round: 1, polka: 1 }).soNothing();
    node.hearsProposal(A, { round: 1, polka: 2 }).soNothing();
    node.hearsProposal(A, { round: 0, polka: 0 }).soNothing();
    node.hearsProposal(A, { round: 1, polka: -2 }).soNothing();
    expect(node.machine.state).toBe(before);
    node.hearsProposal(A, { round: 1, polka: 0 }).soIt("checks A");
  });

  test("the same block proposed for two different polkas is two proposals", () => {
    const node = bystander();
    node.hearsProposal(A, { round: 1 }).soIt("checks A");
    node.hearsProposal(A, { round: 1, polka: 0 }).soNothing();
    expect(node.machine.state.rounds[0]?.proposals.map(({ polRound }) => polRound)).toEqual([-1, 0]);
  });
});

describe("line 36: a polka for a valid block", () => {
  test("locks whoever is prevoting, even one who prevoted nil", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.hearsGoodProposal(A).soNothing();
    node
      .hearsPrevotes([ann, bob, cat], A)
      .soIt("gives prevotes of round 0 1000 ms", "precommits A in round 0, locking A with the 3 prevotes of round 0");
    node.wouldProposeAgain(A, 0);
  });

  test("line 42: seen after the prevote timeout, it locks nothing but is what would be proposed again", () => {
    const node = proposerOf(1);
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], NIL).soNothing();
    node.hearsPrevotes([bob], A).soIt("gives prevotes of round 0 1000 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.hearsPrevotes([cat], A).soNothing();
    node.isNotLocked();
    node.wouldProposeAgain(A, 0);
    node.hearsPrecommits([ann, bob], NIL).soIt("gives precommits of round 0 1000 ms");
    node
      .waitsInVainFor("precommits")
      .soIt(
        "gives the proposal of round 1 3500 ms",
        "proposes A in round 1 for the polka of round 0",
        "prevotes A in round 1, showing the 3 prevotes of round 0",
      );
  });

  test("seen after a polka of an earlier round, the later block is the one to propose, and the lock stays", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    lockedInRoundZero(node);
    node.hearsGoodProposal(B).soIt("prevotes nil in round 1");
    node.hearsPrevotes([ann, bob], B).soIt("gives prevotes of round 1 1500 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 1");
    node.hearsPrevotes([cat], B).soNothing();
    node.isLockedOn(A, 0);
    node.wouldProposeAgain(B, 1);
  });

  test("of a round that is over is remembered for proposals, but changes neither lock nor what to propose", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrecommits([ann, bob, cat], NIL);
    node.waitsInVainFor("precommits");
    node.hearsPrevotes([ann, bob, cat], A, 0).soNothing();
    node.isNotLocked();
    node.hasNothingToProposeAgain();
  });

  test("of a later round moves lock and valid block to the later block", () => {
    const node = bystander();
    lockedInRoundZero(node);
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 1");
    node.hearsGoodProposal(D).soNothing();
    node
      .hearsPrevotes(node.others, D)
      .soIt("gives prevotes of round 1 1500 ms", "precommits D in round 1, locking D with the 3 prevotes of round 1");
    node.isLockedOn(D, 1);
    node.wouldProposeAgain(D, 1);
  });

  test("for nil does not unlock, nor does one for a block that is not here: CometBFT's unlocking is not copied", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    lockedInRoundZero(node);
    roundFails(node);
    node.isLockedOn(A, 0);
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 2");
    node.hearsPrevotes([ann, bob, cat], C);
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 2");
    node.isLockedOn(A, 0);
    node.wouldProposeAgain(A, 0);
  });
});

describe("disagreement", () => {
  test("half for A, half for B: nil, then the next proposer's block is taken by all", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrevotes([bob, cat], B).soIt("gives prevotes of round 0 1000 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.hearsPrecommits([ann, bob, cat], NIL);
    node.waitsInVainFor("precommits");
    node.hearsGoodProposal(B).soIt("prevotes B in round 1");
    node.hearsPrevotes([bob, cat], B).soIt("precommits B in round 1, locking B with the 3 prevotes of round 1");
    const everyone = [0, 1, 2, 3].map((place) => (place === ann ? "-" : "C")).join("");
    node.hearsPrecommits([bob, cat], B).soIt(`commits B of round 1 with ${everyone}`);
  });
});
