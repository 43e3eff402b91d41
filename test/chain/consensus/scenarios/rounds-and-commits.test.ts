import { describe, expect, test } from "vitest";
import type { Commit } from "../../../../chain/types/commit.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../../chain/types/vote.ts";
import { A, B, block, Machine, NIL, validators } from "../machine.ts";
import { Actor, bystander, flags, follower, proposerOf } from "../story.ts";

describe("round skip", () => {
  test("a third exactly of the power in a later round skips nothing, one more does", () => {
    const node = follower(2n, 2n, 1n, 1n);
    node.hearsPrevotes([0], NIL, 5).soNothing();
    expect(node.where).toBe("0 propose");
    node.hearsPrecommits([2], NIL, 5).soIt("gives the proposal of round 5 5500 ms");
    expect(node.where).toBe("5 propose");
  });

  test("one validator's prevote and precommit count once", () => {
    const node = follower(3n, 2n, 2n, 2n);
    node.hearsPrevotes([0], NIL, 5).soNothing();
    node.hearsPrecommits([0], NIL, 5).soNothing();
    node.hearsPrevotes([1], A, 5).soIt("gives the proposal of round 5 5500 ms");
  });

  test("votes of different later rounds are not added up", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    node.hearsPrevotes([ann], NIL, 3).soNothing();
    node.hearsPrevotes([bob], NIL, 4).soNothing();
    expect(node.where).toBe("0 propose");
  });

  test("of two rounds to skip to, the higher is taken", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann], NIL, 3).soNothing();
    node.hearsPrevotes([ann], NIL, 6).soNothing();
    node.hearsPrevotes([bob], NIL, 6).soIt("gives the proposal of round 6 6000 ms");
    node.hearsPrevotes([bob, cat], NIL, 3).soNothing();
    expect(node.where).toBe("6 propose");
  });

  test("to the very next round, in every step of this one", () => {
    for (const steps of [0, 1, 2]) {
      const node = bystander();
      const [ann, bob] = node.others;
      if (steps > 0) node.waitsInVainFor("the proposal");
      if (steps > 1) node.waitsInVainFor("prevotes");
      node.hearsPrevotes([ann], A, 1).soNothing();
      node.hearsPrevotes([bob], A, 1).soIt("gives the proposal of round 1 3500 ms");
      expect(node.where).toBe("1 propose");
    }
  });

  test("a proposal that waited for the round is answered as soon as it is reached", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    node.hearsGoodProposal(A, { round: 1 }).soNothing();
    node
      .hearsPrevotes([ann, bob], A, 1)
      .soIt(
        "gives the proposal of round 1 3500 ms",
        "prevotes A in round 1",
        "precommits A in round 1, locking A with the 3 prevotes of round 1",
      );
  });

  test("the proposer of the round that is skipped to proposes there", () => {
    const node = proposerOf(3);
    const [ann, bob] = node.others;
    node.hearsPrevotes([ann, bob], NIL, 3).soIt("gives the proposal of round 3 4500 ms", "builds a block for round 3");
    node.hasBuilt(B, 2).soNothing();
    node.hasBuilt(B).soIt("proposes B in round 3", "checks B");
  });

  test("a polka certificate alone takes a node along, and then counts there", () => {
    const node = bystander();
    node
      .hearsPolkaCertificate(node.others, A, 2)
      .soIt("gives the proposal of round 2 4000 ms", "checks A", "asks peers for A");
    node.finds("valid", A).soNothing();
    node
      .waitsInVainFor("the proposal")
      .soIt("prevotes nil in round 2", "precommits A in round 2, locking A with the 3 prevotes of round 2");
  });

  test("even before the height's first round has begun", () => {
    const node = bystander({ height: 7n, delayMs: 800 });
    const [ann, bob] = node.others;
    expect(node.where).toBe("0 newHeight");
    node.hearsPrevotes([ann, bob], NIL, 0).soNothing();
    node.hearsPrevotes([ann], NIL, 1).soNothing();
    node.hearsPrevotes([bob], NIL, 1).soIt("gives the proposal of round 1 3500 ms");
  });

  test("never goes back", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann, bob], NIL, 4).soIt("gives the proposal of round 4 5000 ms");
    node.hearsPrevotes([ann, bob, cat], NIL, 2).soNothing();
    node.hearsPrecommits([ann, bob, cat], NIL, 2).soNothing();
    node.waitsInVainFor("precommits", 2).soNothing();
    expect(node.where).toBe("4 propose");
  });
});

describe("decide past round", () => {
  test("precommits of a round that is over decide in a later one, in whatever step that is", () => {
    for (const steps of [0, 1, 2]) {
      const node = bystander();
      const [ann, bob, cat] = node.others;
      node.hearsGoodProposal(A).soIt("prevotes A in round 0");
      node.hearsPrecommits([ann, bob], A).soNothing();
      node.hearsPrevotes([ann, bob], NIL, 1).soIt("gives the proposal of round 1 3500 ms");
      if (steps > 0) node.waitsInVainFor("the proposal");
      if (steps > 1) node.waitsInVainFor("prevotes");
      const everyone = [0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("");
      node.hearsPrecommits([cat], A, 0).soIt(`commits A of round 0 with ${everyone}`);
      expect(node.machine.state.decided).toEqual({ round: 0, blockId: A });
    }
  });

  test("precommits of a round ahead decide as well, once they are a quorum", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node
      .hearsCommitCertificate([ann, bob, cat], A, 7)
      .soIt(
        "precommits nil in round 7",
        `commits A of round 7 with ${[0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("")}`,
      );
  });

  test("a commit outranks everything that the same vote makes possible", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrecommits([ann, bob], A).soNothing();
    node
      .hearsPrevotes([bob], A)
      .soIt(
        "precommits A in round 0, locking A with the 3 prevotes of round 0",
        `commits A of round 0 with ${[0, 1, 2, 3].map((place) => (place === cat ? "-" : "C")).join("")}`,
      );
  });

  test("nil decides nothing, however many precommit it", () => {
    const node = bystander();
    node.hearsPrecommits(node.others, NIL).soIt("gives precommits of round 0 1000 ms");
    node
      .hearsCommitCertificate(node.others, NIL, 4)
      .soIt("gives the proposal of round 4 5000 ms", "gives precommits of round 4 3000 ms");
    expect(node.where).toBe("4 propose");
  });

  test("the commit names who signed, who voted nil and who was not heard; a vote for another block is not heard", () => {
    const node = follower(4n, 1n, 1n, 1n, 1n);
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrecommits([1], NIL).soNothing();
    node.hearsPrecommits([2], B).soNothing();
    node.hearsPrecommits([3], A).soNothing();
    node.hearsPrecommits([0], A).soIt("gives precommits of round 0 1000 ms");
    node.hearsPrecommits([4], A).soIt("commits A of round 0 with CN-CC");
    const [effect] = node.machine.asked("commit");
    const vote = node.machine.vote(SIGNED_PRECOMMIT, 3, 0, A);
    expect(effect?.type === "commit" && effect.commit.signatures[3]).toEqual({
      blockIdFlag: 2,
      validatorAddress: vote.validatorAddress,
      timestamp: vote.timestamp,
      signature: vote.signature,
    });
  });

  test("after the decision nothing is heard, signed or logged any more", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A);
    node.hearsPrecommits([ann, bob, cat], A);
    expect(node.where).toBe("0 committed");
    const before = node.machine.state;
    node.hearsPrevotes([ann, bob, cat], B).soNothing();
    node.hearsPrecommits([ann, bob, cat], B, 3).soNothing();
    node.hearsProposal(B, { round: 1 }).soNothing();
    node.waitsInVainFor("precommits").soNothing();
    node.finds("valid", B).soNothing();
    expect(node.machine.state).toBe(before);
  });
});

describe("a decision before this validator's turn", () => {
  const withoutSelf = (node: ReturnType<typeof bystander>) =>
    [0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("");
  const certificateOf = (node: ReturnType<typeof bystander>) => {
    const votes = node.others.map((place) => node.machine.vote(SIGNED_PRECOMMIT, place, 0, A));
    return { type: "cert", kind: "commit", votes } as const;
  };
  /** The next height, begun with the commit that decided this one. */
  const next = (node: ReturnType<typeof bystander>) => {
    const decision = node.machine.effects.find((effect) => effect.type === "commit");
    return {
      type: "startHeight",
      height: 2n,
      validators: node.machine.set,
      self: node.machine.address(node.machine.self as number),
      lastCommit: decision?.commit,
      delayMs: 700,
      timeouts: node.machine.state.timeouts,
      waitForTxs: false,
    } as const;
  };

  test("one that saw no polka precommits nil, which is sent, and stands in the commit that the next block carries", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node
      .hearsCommitCertificate([ann, bob, cat], A)
      .soIt("precommits nil in round 0", `commits A of round 0 with ${withoutSelf(node)}`);
    expect(node.where).toBe("0 committed");
    node.hears(next(node)).soIt("gives the height of round 0 700 ms");
    expect(flags(node.machine.state.lastCommit as Commit)).toBe(withoutSelf(node).replace("-", "N"));
  });

  test("one that saw the polka precommits the block, with its lock, although it never prevoted", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPrevotes([ann, bob, cat], A).soIt("checks A", "asks peers for A");
    node.hearsCommitCertificate([ann, bob, cat], A).soIt("gives precommits of round 0 1000 ms");
    node
      .finds("valid", A)
      .soIt(
        "precommits A in round 0, locking A with the 3 prevotes of round 0",
        `commits A of round 0 with ${withoutSelf(node)}`,
      );
    node.hears(next(node)).soIt("gives the height of round 0 700 ms");
    expect(flags(node.machine.state.lastCommit as Commit)).toBe("CCCC");
  });

  test("one that has spoken in that round or a later one says nothing more", () => {
    const spoken = bystander();
    const [ann, bob, cat] = spoken.others;
    spoken.hearsGoodProposal(A).soIt("prevotes A in round 0");
    spoken.hearsPrevotes([ann, bob, cat], NIL).soIt("gives prevotes of round 0 1000 ms", "precommits nil in round 0");
    spoken
      .hearsCommitCertificate([ann, bob, cat], A)
      .soIt(`commits A of round 0 with ${withoutSelf(spoken).replace("-", "N")}`);
    const later = bystander();
    later.hearsGoodProposal(A).soIt("prevotes A in round 0");
    later.hearsPrevotes([ann, bob], NIL, 1).soIt("gives the proposal of round 1 3500 ms");
    later.hearsCommitCertificate([ann, bob, cat], A, 0).soIt(`commits A of round 0 with ${withoutSelf(later)}`);
  });

  test("one whose last word is a precommit of an earlier round has not spoken in the decided one", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrevotes([ann, bob, cat], NIL).soIt("gives prevotes of round 0 1000 ms", "precommits nil in round 0");
    node
      .hearsCommitCertificate([ann, bob, cat], A, 1)
      .soIt("precommits nil in round 1", `commits A of round 1 with ${withoutSelf(node)}`);
  });

  test("after the decision its own precommit of that round is taken, once, and no other vote", () => {
    const node = bystander();
    const { others } = node;
    node.hearsGoodProposal(A);
    node.machine.answersSign = false;
    node.machine.give(certificateOf(node));
    const self = node.machine.self as number;
    const own = (type: number, round: number) => node.machine.vote(type, self, round, NIL);
    const decided = node.machine.state;
    for (const vote of [
      own(SIGNED_PREVOTE, 0),
      own(SIGNED_PRECOMMIT, 1),
      node.machine.vote(SIGNED_PRECOMMIT, self, 0, NIL, 2n),
      node.machine.vote(SIGNED_PRECOMMIT, others[0], 0, NIL),
    ]) {
      node.hears({ type: "vote", vote }).soItIsIgnored();
      expect(node.machine.state).toBe(decided);
    }
    const vote = own(SIGNED_PRECOMMIT, 0);
    const effects = node.machine.give({ type: "vote", vote });
    expect(effects).toEqual([
      { type: "log", input: { type: "vote", vote } },
      { type: "publish", message: { type: "vote", vote } },
    ]);
    node.hears({ type: "vote", vote }).soItIsIgnored();
  });

  test("a node that only follows says nothing", () => {
    const node = follower();
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrecommits([0, 1, 2], A).soIt("commits A of round 0 with CCC-");
    node.hearsPrecommits([3], A).soItIsIgnored();
  });
});

describe("a decided block that is not here", () => {
  test("is asked for once, in the round that decided it, and committed when it comes", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node
      .hearsPrecommits([ann, bob, cat], A, 0)
      .soIt("checks A", "asks peers for A", "gives precommits of round 0 1000 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
    node.hearsCommitCertificate([ann, bob, cat], A, 0).soNothing();
    node
      .finds("valid", A)
      .soIt(
        `commits A of round 0 with ${[0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("")}`,
      );
  });

  test("of two unknown blocks each is asked for when a quorum stands behind it, and not before", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.hearsPolkaCertificate(node.others, B).soIt("checks B", "asks peers for B");
    node.hearsCommitCertificate(node.others, A).soIt("asks peers for A", "gives precommits of round 0 1000 ms");
  });

  test("is asked for although its check has begun: a quorum stands behind it now", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.hearsPrecommits(node.others, A).soIt("asks peers for A", "gives precommits of round 0 1000 ms");
    expect(node.machine.asked("want")).toEqual([{ type: "want", height: 1n, round: 0, blockId: A }]);
  });

  test("and turns out invalid: the node halts for good, and says over which block", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.finds("invalid", A).soIt("prevotes nil in round 0");
    node.hearsPrecommits([ann, bob], A).soNothing();
    node.hearsPrecommits([cat], A).soIt("halts over A");
    expect(node.machine.asked("halt")).toEqual([{ type: "halt", height: 1n, blockId: A }]);
    expect(node.where).toBe("0 halted");
    const before = node.machine.state;
    node.waitsInVainFor("precommits").soNothing();
    node.hearsGoodProposal(B, { round: 1 }).soNothing();
    node.hearsCommitCertificate([ann, bob, cat], B, 2).soNothing();
    expect(node.machine.state).toBe(before);
  });

  test("a block synced with its commit decides at once, for this height only", () => {
    const node = bystander();
    const commit = { height: 1n, round: 2, blockId: A, signatures: [] };
    node.hears({ type: "syncedBlock", height: 2n, blockId: A, commit: { ...commit, height: 2n } }).soItIsIgnored();
    node.hears({ type: "syncedBlock", height: 1n, blockId: A, commit }).soIt("commits A of round 2 with ");
    expect(node.machine.state.decided).toEqual({ round: 2, blockId: A });
    node.hears({ type: "syncedBlock", height: 1n, blockId: A, commit }).soNothing();
  });
});

describe("what is held of the future and of strangers", () => {
  test("votes for a future or past height are not held", () => {
    const node = bystander({ height: 5n });
    const before = node.machine.state;
    for (const height of [6n, 4n, 3n, 0n]) {
      for (const type of [SIGNED_PREVOTE, SIGNED_PRECOMMIT]) {
        node.hears({ type: "vote", vote: node.machine.vote(type, 0, 0, A, height) }).soNothing();
      }
    }
    expect(node.machine.state).toBe(before);
  });

  test("proposals are held for this round and the next one, and for no other height", () => {
    const node = bystander();
    const proposal = (height: bigint) => ({ ...node.machine.proposal(0, A, -1), height });
    const before = node.machine.state;
    node.hears({ type: "proposal", proposal: proposal(2n) }).soNothing();
    node.hears({ type: "proposal", proposal: proposal(0n) }).soNothing();
    node.hearsProposal(A, { round: 2 }).soNothing();
    node.hearsProposal(A, { round: -1 }).soNothing();
    expect(node.machine.state).toBe(before);
    node.hearsProposal(A, { round: 1 }).soIt("checks A");
  });

  test("a vote at a place that does not exist, or under another's address, is not counted", () => {
    const node = bystander();
    const vote = node.machine.vote(SIGNED_PREVOTE, 0, 0, A);
    const before = node.machine.state;
    node.hears({ type: "vote", vote: { ...vote, validatorIndex: 4 } }).soNothing();
    node.hears({ type: "vote", vote: { ...vote, validatorIndex: -1 } }).soNothing();
    node.hears({ type: "vote", vote: { ...vote, validatorIndex: 1 } }).soNothing();
    node.hears({ type: "vote", vote: { ...vote, type: 32 } }).soNothing();
    node.hears({ type: "vote", vote: { ...vote, round: -1 } }).soNothing();
    expect(node.machine.state).toBe(before);
  });

  test("a built block comes too late, for another height, another proposer's turn, or a second time: it is not proposed", () => {
    const node = proposerOf(0);
    const built = (changes: { height?: bigint; round?: number }) =>
      node.hears({ type: "builtValue", height: 1n, round: 0, blockId: B, ...changes });
    built({ height: 2n }).soItIsIgnored();
    built({ round: 1 }).soItIsIgnored();
    node.hasBuilt(A).soIt("proposes A in round 0", "checks A");
    built({}).soItIsIgnored();
    const late = proposerOf(0);
    late.waitsInVainFor("the proposal").soIt("prevotes nil in round 0");
    late.hasBuilt(A).soItIsIgnored();
    bystander().hasBuilt(A).soItIsIgnored();
    // One that proposes in every round, and has left the round that the block was built for.
    const alone = new Actor(new Machine(validators(10n), 0));
    alone.waitsInVainFor("the proposal");
    alone.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms", "builds a block for round 1");
    alone.hasBuilt(A, 0).soItIsIgnored();
  });

  test("verdicts for another height, or on blocks nobody spoke of, mean nothing", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.hears({ type: "blockReady", height: 2n, blockId: A, valid: true }).soItIsIgnored();
    node.hears({ type: "blockReady", height: 1n, blockId: B, valid: true }).soItIsIgnored();
    node.finds("valid", A).soIt("prevotes A in round 0");
  });

  test("a node keeps two far rounds of each validator, the highest, and no vote of another goes with them", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    node.hearsPrevotes([bob], NIL, 5).soNothing();
    for (const round of [5, 6, 7]) {
      node.hearsPrevotes([ann], A, round);
      node.hearsPrecommits([ann], A, round);
    }
    // Round 5 was left by both of them, so it was skipped to before Ann's vote there could be dropped.
    expect(node.where).toBe("5 propose");
    const fresh = bystander();
    for (const round of [4, 6, 8]) {
      fresh.hearsPrevotes([ann], A, round).soNothing();
      fresh.hearsPrecommits([ann], A, round).soNothing();
    }
    expect(fresh.machine.state.rounds.map(({ round }) => round)).toEqual([6, 8]);
    fresh.hearsPrevotes([bob], A, 4).soNothing();
    expect(fresh.machine.state.rounds.map(({ round }) => round)).toEqual([4, 6, 8]);
    fresh.hearsPrevotes([ann], A, 5).soNothing();
    fresh.hearsPrevotes([ann], B, 6).soIt(`accuses ${ann} of prevoting A and B in round 6`);
    fresh.hearsPrevotes([ann], A, 9).soNothing();
    expect(fresh.machine.state.rounds.map(({ round }) => round)).toEqual([4, 8, 9]);
    // The next round is always open to everyone.
    fresh.hearsPrevotes([ann], A, 1).soNothing();
    expect(fresh.machine.state.rounds.map(({ round }) => round)).toEqual([1, 4, 8, 9]);
  });

  test("a round that was left by one validator stays for the other's precommit, or its prevote", () => {
    for (const kind of ["hearsPrevotes", "hearsPrecommits"] as const) {
      const node = bystander();
      const [ann, bob] = node.others;
      for (const round of [4, 6, 8]) node.hearsPrevotes([ann], A, round).soNothing();
      node[kind]([bob], A, 4).soNothing();
      for (const round of [5, 7, 9]) node[kind]([bob], B, round).soNothing();
      node.hearsPrevotes([ann], A, 10).soNothing();
      expect(node.machine.state.rounds.map(({ round }) => round)).toEqual([7, 8, 9, 10]);
      const last = bystander();
      last.hearsPrevotes([ann], A, 4).soNothing();
      (last.machine.state as { powers: unknown }).powers = { each: [1n, 1n, 1n, 1n], total: 9n };
      last[kind]([bob], A, 4).soNothing();
      for (const round of [6, 8]) last.hearsPrevotes([ann], A, round).soNothing();
      expect(last.machine.state.rounds.map(({ round }) => round)).toEqual([4, 6, 8]);
      expect(last.machine.state.rounds[0]?.prevotes.votes[ann]).toBeUndefined();
    }
  });

  test("votes of this round and the next do not count against the two far ones", () => {
    const node = bystander();
    const [ann] = node.others;
    for (const round of [0, 1, 4, 6]) node.hearsPrevotes([ann], A, round).soNothing();
    expect(node.machine.state.rounds.map(({ round }) => round)).toEqual([0, 1, 4, 6]);
    node.hearsPrevotes([ann], A, 7).soNothing();
    expect(node.machine.state.rounds.map(({ round }) => round)).toEqual([0, 1, 6, 7]);
  });

  test("making room takes back what the dropped vote weighed, and only that", () => {
    const node = bystander();
    const [ann, bob] = node.others;
    const weights = (round: number) =>
      node.machine.state.rounds.find((held) => held.round === round)?.prevotes.weights.map(({ power }) => power);
    // Two validators of one quarter each would skip; so the second votes only for rounds the first has left.
    node.hearsPrevotes([ann], A, 4);
    node.hearsPrevotes([ann], B, 4).soIt(`accuses ${ann} of prevoting A and B in round 4`);
    node.hearsPrevotes([ann], A, 6);
    node.hearsPrevotes([ann], A, 8);
    expect(weights(4)).toBeUndefined();
    node.hearsPrevotes([bob], A, 4).soNothing();
    expect(weights(4)).toEqual([1n]);
    expect(node.machine.state.rounds[0]?.prevotes).toMatchObject({ power: 1n });
    expect(node.machine.state.rounds[0]?.prevotes.conflicting[ann]).toBeUndefined();
  });
});

describe("between heights", () => {
  const set = bystander().machine.set;
  const lastCommit = () => {
    const below = follower();
    below.hearsGoodProposal(A);
    below.hearsPrecommits([0, 1, 2], A).soIt("commits A of round 0 with CCC-");
    const [effect] = below.machine.asked("commit");
    if (effect?.type !== "commit") throw new Error("not committed");
    return effect.commit;
  };
  const proposer = bystander().machine.proposerOf(0);

  test("late precommits join the commit during the commit timeout, and the next proposal is built on them", () => {
    const node = proposerOf(0, { height: 2n, delayMs: 700, lastCommit: lastCommit() });
    expect(node.machine.effects).toEqual([{ type: "schedule", kind: "newHeight", height: 2n, round: 0, ms: 700 }]);
    const vote = (place: number, changed = {}) => ({
      ...node.machine.vote(SIGNED_PRECOMMIT, place, 0, A, 1n),
      ...changed,
    });
    const before = node.machine.state;
    node.hears({ type: "vote", vote: vote(3, { type: SIGNED_PREVOTE }) }).soNothing();
    node.hears({ type: "vote", vote: vote(3, { round: 1 }) }).soNothing();
    node.hears({ type: "vote", vote: vote(3, { blockId: B }) }).soNothing();
    node.hears({ type: "vote", vote: vote(2) }).soNothing();
    node.hears({ type: "vote", vote: vote(3, { validatorIndex: 4 }) }).soNothing();
    expect(node.machine.state).toBe(before);
    node.hears({ type: "vote", vote: vote(3) }).soNothing();
    expect(node.machine.state).not.toBe(before);
    const joined = node.machine.state;
    node.hears({ type: "vote", vote: vote(3, { blockId: NIL }) }).soNothing();
    expect(node.machine.state).toBe(joined);
    node
      .waitsInVainFor("the height")
      .soIt("gives the proposal of round 0 3000 ms", "builds a block for round 0 on CCCC");
    expect(proposer).toBe(node.machine.self);
  });

  test("a late nil precommit joins as nil", () => {
    const node = proposerOf(0, { height: 2n, delayMs: 700, lastCommit: lastCommit() });
    node.hears({ type: "vote", vote: node.machine.vote(SIGNED_PRECOMMIT, 3, 0, NIL, 1n) }).soNothing();
    node
      .waitsInVainFor("the height")
      .soIt("gives the proposal of round 0 3000 ms", "builds a block for round 0 on CCCN");
  });

  test("there is nothing to join before the first block", () => {
    const node = bystander({ height: 2n, delayMs: 700 });
    const before = node.machine.state;
    node.hears({ type: "vote", vote: node.machine.vote(SIGNED_PRECOMMIT, 3, 0, A, 1n) }).soNothing();
    expect(node.machine.state).toBe(before);
  });

  test("when round 0 has begun it is too late", () => {
    const node = proposerOf(0, { height: 2n, lastCommit: lastCommit() });
    const before = node.machine.state;
    node.hears({ type: "vote", vote: node.machine.vote(SIGNED_PRECOMMIT, 3, 0, A, 1n) }).soNothing();
    expect(node.machine.state).toBe(before);
  });

  test("while it waits for its height, proposals, votes and even a commit of it are taken", () => {
    const node = bystander({ height: 2n, delayMs: 700, lastCommit: lastCommit() });
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soNothing();
    node.hearsPrevotes([ann, bob, cat], A).soNothing();
    expect(node.where).toBe("0 newHeight");
    node
      .waitsInVainFor("the height")
      .soIt(
        "gives the proposal of round 0 3000 ms",
        "prevotes A in round 0",
        "precommits A in round 0, locking A with the 3 prevotes of round 0",
      );
    node.waitsInVainFor("the height").soItIsIgnored();
    const late = bystander({ height: 2n, delayMs: 700, lastCommit: lastCommit() });
    late.hearsGoodProposal(A).soNothing();
    late.hearsPrecommits([ann, bob], A).soNothing();
    late
      .hearsPrecommits([cat], A)
      .soIt(
        "precommits nil in round 0",
        `commits A of round 0 with ${[0, 1, 2, 3].map((place) => (place === late.machine.self ? "-" : "C")).join("")}`,
      );
  });

  test("while it waits for its height no timeout is started and none is heard", () => {
    const node = bystander({ height: 2n, delayMs: 700 });
    node.hearsPrecommits(node.others, NIL).soNothing();
    const before = node.machine.state;
    node.waitsInVainFor("precommits").soNothing();
    node.waitsInVainFor("the proposal").soNothing();
    expect(node.machine.state).toBe(before);
    node
      .waitsInVainFor("the height")
      .soIt("gives the proposal of round 0 3000 ms", "gives precommits of round 0 1000 ms");
  });

  test("without transactions it waits, and wakes when there is one, when a block is proposed, or when others vote", () => {
    const waiting = () => bystander({ waitForTxs: true });
    const idle = waiting();
    expect(idle.where).toBe("0 newRound");
    expect(idle.machine.effects).toEqual([]);
    idle.hears({ type: "txsAvailable", height: 2n }).soItIsIgnored();
    idle.hears({ type: "txsAvailable", height: 1n }).soIt("gives the proposal of round 0 3000 ms");
    idle.hears({ type: "txsAvailable", height: 1n }).soItIsIgnored();

    const asked = waiting();
    asked.hearsGoodProposal(A).soIt("gives the proposal of round 0 3000 ms", "prevotes A in round 0");

    const [ann, bob] = idle.others;
    const followed = waiting();
    followed.hearsPrevotes([ann], NIL).soNothing();
    followed.hearsPrevotes([bob], NIL).soIt("gives the proposal of round 0 3000 ms");

    const knowing = waiting();
    knowing.hears({ type: "restoreLock", height: 1n, lock: { round: 0, blockId: A, polka: [] } }).soIt("checks A");
    knowing.finds("valid", A).soNothing();
    knowing.hearsProposal(A).soIt("gives the proposal of round 0 3000 ms", "prevotes A in round 0");

    const skipped = waiting();
    skipped.hearsPrevotes([ann, bob], NIL, 1).soIt("gives the proposal of round 1 3500 ms");
  });

  test("precommits of a quorum end the wait for transactions through their timeout", () => {
    const node = bystander({ waitForTxs: true });
    node.hearsPrecommits(node.others, NIL).soIt("gives precommits of round 0 1000 ms");
    expect(node.where).toBe("0 newRound");
    node.waitsInVainFor("the proposal").soNothing();
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
  });

  test("a transaction that comes during the commit timeout means that nothing is waited for after it", () => {
    const node = bystander({ height: 2n, delayMs: 700, waitForTxs: true });
    node.hears({ type: "txsAvailable", height: 2n }).soNothing();
    expect(node.where).toBe("0 newHeight");
    node.waitsInVainFor("the height").soIt("gives the proposal of round 0 3000 ms");
  });

  test("a validator that left has no say, one that joined has, from the height whose set says so", () => {
    const joined = follower(3n, 3n, 3n, 1n);
    joined.hearsGoodProposal(A).soNothing();
    joined.hearsPrecommits([0, 1], A).soNothing();
    joined.hearsPrecommits([3], A).soIt("commits A of round 0 with CC-C");
    expect(set.validators).toHaveLength(4);
    const gone = follower(3n, 3n, 3n);
    gone.hearsGoodProposal(block("E")).soNothing();
    gone.hearsPrecommits([0, 1], block("E")).soNothing();
    const stranger = { ...gone.machine.vote(SIGNED_PRECOMMIT, 0, 0, block("E")), validatorIndex: 3 };
    gone.hears({ type: "vote", vote: stranger }).soNothing();
    gone.hearsPrecommits([2], block("E")).soIt("commits E of round 0 with CCC");
  });
});
