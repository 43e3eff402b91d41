import { describe, expect, test } from "vitest";
import { initialState, step } from "../../../../chain/consensus/step.ts";
import { DEFAULT_TIMEOUTS } from "../../../../chain/consensus/timeouts.ts";
import { A, B, Machine, NIL, validators } from "../machine.ts";
import { Actor, bystander, FOUR, follower, proposerOf } from "../story.ts";

describe("a round that succeeds", () => {
  test("the proposer of a fresh height builds a block, proposes it, votes for it twice and commits it", () => {
    const node = proposerOf(0);
    const [ann, bob] = node.others;
    expect(node.machine.effects).toMatchObject([
      { type: "schedule", kind: "propose", height: 1n, round: 0, ms: 3000 },
      { type: "buildValue", height: 1n, round: 0, lastCommit: undefined },
    ]);
    node.hasBuilt(A).soIt("proposes A in round 0", "checks A");
    node.finds("valid", A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrevotes([bob], A).soIt("precommits A in round 0, locking A with the 3 prevotes of round 0");
    node.hearsPrecommits([ann], A).soNothing();
    const commit = [0, 1, 2, 3].map((place) => ([node.machine.self, ann, bob].includes(place) ? "C" : "-")).join("");
    node.hearsPrecommits([bob], A).soIt(`commits A of round 0 with ${commit}`);
    expect(node.where).toBe("0 committed");
  });

  test("the answer to a proposal waits for its block, however many prevotes come first", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.hearsPrevotes([ann, bob], A).soNothing();
    node.hearsPrevotes([cat], A).soIt("asks peers for A");
    node
      .finds("valid", A)
      .soIt("prevotes A in round 0", "precommits A in round 0, locking A with the 3 prevotes of round 0");
  });

  test("the block and its parts come before the proposal does: the proposal finds it checked", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann, bob, cat], A).soIt("checks A", "asks peers for A");
    node.finds("valid", A).soNothing();
    // Lines 36 and 42 are for those who have prevoted.
    node.hasNothingToProposeAgain();
    node
      .hearsProposal(A)
      .soIt("prevotes A in round 0", "precommits A in round 0, locking A with the 3 prevotes of round 0");
  });

  test("prevotes, precommits, then the proposal, then the block: the order of arrival changes nothing but the time", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node
      .hearsPrecommits([ann, bob, cat], A)
      .soIt("checks A", "asks peers for A", "gives precommits of round 0 1000 ms");
    node.hearsPrevotes([ann, bob, cat], A).soNothing();
    node.hearsProposal(A).soNothing();
    const commit = [0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("");
    node
      .finds("valid", A)
      .soIt("precommits A in round 0, locking A with the 3 prevotes of round 0", `commits A of round 0 with ${commit}`);
  });

  test("duplicates of proposal, verdict, votes and certificates change nothing and are not logged", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.finds("valid", A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], A).soNothing();
    const before = node.machine.state;
    node.hearsProposal(A).soNothing();
    node.finds("valid", A).soNothing();
    node.finds("invalid", A).soNothing();
    node.hearsPrevotes([ann], A).soNothing();
    expect(node.machine.state).toBe(before);
    node.hearsPrevotes([bob], A).soIt("precommits A in round 0, locking A with the 3 prevotes of round 0");
    const locked = node.machine.state;
    node.hearsPolkaCertificate([ann, bob, node.machine.self as number], A).soNothing();
    expect(node.machine.state).toBe(locked);
    node.hearsPrevotes([cat], A).soNothing();
    expect(node.machine.state.rounds[0]?.prevotes.power).toBe(4n);
  });
});

describe("a round that fails", () => {
  test("no proposal, nil polka, nil precommits, the next round: every wait is half a second longer", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.hearsPrevotes([ann], NIL).soNothing();
    node.hearsPrevotes([bob], NIL).soIt("precommits nil in round 0");
    node.hearsPrecommits([ann], NIL).soNothing();
    node.hearsPrecommits([bob], NIL).soIt("gives precommits of round 0 1000 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 1");
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrevotes([bob], NIL).soIt("gives prevotes of round 1 1500 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 1");
    node.hearsPrecommits([ann, bob], NIL).soIt("gives precommits of round 1 1500 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 2 4000 ms");
    expect(node.where).toBe("2 propose");
  });

  test("a byzantine proposer's invalid block gets nil from everyone, and the next round succeeds", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.finds("invalid", A).soIt("prevotes nil in round 0");
    node.hearsPrevotes([ann, bob], NIL).soIt("precommits nil in round 0");
    node.hearsPrecommits([ann, bob, cat], NIL).soIt("gives precommits of round 0 1000 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
    node.hearsGoodProposal(B).soIt("prevotes B in round 1");
    node.hearsPrevotes([ann, bob], B).soIt("precommits B in round 1, locking B with the 3 prevotes of round 1");
    node.isLockedOn(B, 1);
  });

  test("line 26: an invalid fresh proposal is answered with nil even by a validator locked on the very same block", () => {
    const node = bystander();
    node.machine.give({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka: [] } });
    node.hearsProposal(A).soNothing();
    node.finds("invalid", A).soIt("prevotes nil in round 0");
  });

  test("an equivocating proposer's second block is considered when the first is not here, and the first no more", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.hearsProposal(B).soIt("checks B");
    node.finds("valid", B).soIt("prevotes B in round 0");
    node.finds("valid", A).soNothing();
  });

  test("the proposer leaves mid-round, its parts with it: nil, and the next proposer proposes", () => {
    const node = proposerOf(1);
    const [ann, bob] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.hearsPrevotes([ann, bob], NIL).soIt("precommits nil in round 0");
    node.hearsPrecommits([ann, bob], NIL).soIt("gives precommits of round 0 1000 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms", "builds a block for round 1");
    node.hasBuilt(B).soIt("proposes B in round 1", "checks B");
  });

  test("a polka for a block that nobody has seen here: it is asked for, and at the timeout nil is precommitted", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.hearsPrevotes([ann, bob, cat], A).soIt("gives prevotes of round 0 1000 ms", "checks A", "asks peers for A");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.isNotLocked();
    node.finds("valid", A).soNothing();
    node.wouldProposeAgain(A, 0);
  });

  test("a polka for a block found invalid locks nobody, and is not asked for", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.finds("invalid", A).soIt("prevotes nil in round 0");
    node.hearsPrevotes(node.others, A).soIt("gives prevotes of round 0 1000 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.isNotLocked();
    node.hasNothingToProposeAgain();
  });
});

describe("timeouts", () => {
  test("a prevote timeout is started once per round, by a quorum of any prevotes, and only while prevoting", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrevotes([bob], B).soNothing();
    node.hearsPrevotes([cat], NIL).soNothing();
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0", "gives prevotes of round 0 1000 ms");
    expect(node.machine.state.rounds[0]?.prevoteTimeout).toBe(true);
    expect(node.machine.state.rounds[0]?.precommitTimeout).toBe(false);
  });

  test("a precommit timeout is started once per round, by a quorum of any precommits, in every step", () => {
    for (const prepare of [
      () => {},
      (node: Actor) => node.waitsInVainFor("the proposal"),
      (node: Actor) => {
        node.waitsInVainFor("the proposal");
        node.waitsInVainFor("prevotes");
      },
    ]) {
      const node = bystander();
      const [ann, bob, cat] = node.others;
      prepare(node);
      const own = node.where === "0 precommit";
      node.hearsPrecommits([ann], NIL).soNothing();
      if (own) {
        node.hearsPrecommits([bob], B).soIt("gives precommits of round 0 1000 ms");
        node.hearsPrecommits([cat], NIL).soNothing();
      } else {
        node.hearsPrecommits([bob], B).soNothing();
        node.hearsPrecommits([cat], NIL).soIt("gives precommits of round 0 1000 ms");
      }
      node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
    }
  });

  test("a timeout of another round, another height or a step that is over means nothing", () => {
    const node = bystander();
    const { height } = node.machine;
    const timeout = (kind: "propose" | "prevote" | "precommit", at: { height?: bigint; round?: number }) =>
      node.hears({ type: "timeout", kind, height, round: 0, ...at });
    timeout("propose", { round: 1 }).soItIsIgnored();
    timeout("propose", { height: height + 1n }).soItIsIgnored();
    timeout("prevote", {}).soItIsIgnored();
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    node.waitsInVainFor("the proposal").soItIsIgnored();
    timeout("prevote", { round: 1 }).soItIsIgnored();
    timeout("prevote", { height: height - 1n }).soItIsIgnored();
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.waitsInVainFor("prevotes").soItIsIgnored();
    node.waitsInVainFor("the proposal").soItIsIgnored();
    timeout("precommit", { round: 1 }).soItIsIgnored();
    expect(node.where).toBe("0 precommit");
  });

  test("the growth of timeouts ends at a minute", () => {
    const node = follower();
    node.hearsPrevotes([0, 1], NIL, 114).soIt("gives the proposal of round 114 60000 ms");
    node.hearsPrevotes([0, 1], NIL, 115).soIt("gives the proposal of round 115 60000 ms");
    node.waitsInVainFor("the proposal").soNothing();
    node.hearsPrevotes([2], A).soIt("gives prevotes of round 115 58500 ms");
    node.hearsPrecommits([0, 1, 2], NIL).soIt("gives precommits of round 115 58500 ms");
    node.hearsPrevotes([0, 1], NIL, 118).soIt("gives the proposal of round 118 60000 ms");
    node.hearsPrecommits([0, 1, 2], NIL).soIt("gives precommits of round 118 60000 ms");
    node.hearsPrevotes([0, 1], NIL, 119).soIt("gives the proposal of round 119 60000 ms");
    node.hearsPrecommits([0, 1, 2], NIL).soIt("gives precommits of round 119 60000 ms");
  });

  test("the wait for a proposal reaches its bound in round 114, not before", () => {
    const node = follower();
    node.hearsPrevotes([0, 1], NIL, 113).soIt("gives the proposal of round 113 59500 ms");
  });
});

describe("what a quorum is", () => {
  test("two thirds exactly of the power is no polka, one more is", () => {
    const node = follower(2n, 2n, 1n, 1n);
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrevotes([0, 1], A).soNothing();
    expect(node.where).toBe("0 prevote");
    node.isNotLocked();
    node.hearsPrevotes([2], A).soNothing();
    expect(node.where).toBe("0 precommit");
    node.isLockedOn(A, 0);
  });

  test("two thirds exactly of the power commits nothing, one more does, whoever it is", () => {
    const node = follower(4n, 3n, 1n, 1n);
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrecommits([1, 2, 3], A).soNothing();
    node.hearsPrecommits([0], NIL).soIt("gives precommits of round 0 1000 ms");
    const other = follower(3n, 3n, 2n, 1n);
    other.hearsGoodProposal(A).soNothing();
    other.hearsPrecommits([0, 1], A).soNothing();
    other.hearsPrecommits([3], A).soIt("commits A of round 0 with CC-C");
  });

  test("powers count, not heads", () => {
    const node = follower(10n, 1n, 1n, 1n);
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrecommits([1, 2, 3], A).soNothing();
    node.hearsPrecommits([0], A).soIt("commits A of round 0 with CCCC");
    const heavy = follower(10n, 1n, 1n, 1n);
    heavy.hearsGoodProposal(B).soNothing();
    heavy.hearsPrecommits([0], B).soIt("commits B of round 0 with C---");
  });

  test("votes for nil, for one block and for another are never added together for a block", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], B).soNothing();
    node.hearsPrevotes([bob], A).soIt("gives prevotes of round 0 1000 ms");
    node.hearsPrevotes([cat], NIL).soNothing();
    expect(node.where).toBe("0 prevote");
    node.isNotLocked();
  });
});

describe("a validator alone", () => {
  test("goes through a height in three inputs", () => {
    const node = new Actor(new Machine(validators(10n), 0));
    node.hasBuilt(A).soIt("proposes A in round 0", "checks A");
    node
      .finds("valid", A)
      .soIt(
        "prevotes A in round 0",
        "precommits A in round 0, locking A with the 1 prevotes of round 0",
        "commits A of round 0 with C",
      );
  });

  test("whose key is none of this height's validators follows without a place", () => {
    const { state } = step(initialState(), {
      type: "startHeight",
      height: 1n,
      validators: FOUR,
      self: new Uint8Array(20).fill(1),
      lastCommit: undefined,
      delayMs: 0,
      timeouts: DEFAULT_TIMEOUTS,
      waitForTxs: false,
    });
    expect(state.self).toBeUndefined();
    expect(proposerOf(0).machine.state.self).toEqual({
      address: proposerOf(0).machine.address(proposerOf(0).machine.self as number),
      index: proposerOf(0).machine.self,
    });
  });

  test("that is no validator of this height follows it silently", () => {
    const stranger = new Machine(FOUR, undefined);
    const node = new Actor(stranger);
    stranger.give({ type: "builtValue", height: 1n, round: 0, blockId: A });
    expect(stranger.effects.filter(({ type }) => type === "buildValue" || type === "sign")).toEqual([]);
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrevotes([0, 1, 2], A).soNothing();
    expect(node.where).toBe("0 precommit");
    node.isLockedOn(A, 0);
    node.hearsPrecommits([0, 1, 2], A).soIt("commits A of round 0 with CCC-");
  });
});
