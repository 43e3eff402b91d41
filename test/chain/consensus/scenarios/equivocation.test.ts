import { describe, expect, test } from "vitest";
import type { Input } from "../../../../chain/consensus/input.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../../chain/types/vote.ts";
import { A, B, block, C, NIL } from "../machine.ts";
import { bystander, follower } from "../story.ts";

const D = block("D");

describe("equivocating proposer", () => {
  test("two blocks for two halves: each validator votes for the one it heard first, and a polka for either wins", () => {
    const first = bystander();
    const second = bystander();
    const [ann, bob, cat] = first.others;
    first.hearsGoodProposal(A).soIt("prevotes A in round 0");
    first.hearsGoodProposal(B).soNothing();
    second.hearsGoodProposal(B).soIt("prevotes B in round 0");
    second.hearsGoodProposal(A).soNothing();
    for (const node of [first, second]) {
      node.hearsPrevotes([ann, bob, cat], B).soIt(
        node === first
          ? // Its own vote went elsewhere: three quarters of the power are more than two thirds without it.
            "gives prevotes of round 0 1000 ms"
          : "precommits B in round 0, locking B with the 3 prevotes of round 0",
        ...(node === first ? ["precommits B in round 0, locking B with the 3 prevotes of round 0"] : []),
      );
      node.isLockedOn(B, 0);
    }
  });

  test("no half suffices: nil, and the next proposer's block is taken", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsProposal(B).soIt("checks B");
    node.hearsPrevotes([ann], A).soNothing();
    node.hearsPrevotes([bob, cat], B).soIt("gives prevotes of round 0 1000 ms");
    node.waitsInVainFor("prevotes").soIt("precommits nil in round 0");
    node.hearsPrecommits([ann, bob], NIL).soIt("gives precommits of round 0 1000 ms");
    node.waitsInVainFor("precommits").soIt("gives the proposal of round 1 3500 ms");
    node.hearsGoodProposal(C).soIt("prevotes C in round 1");
  });

  test("of ten blocks two are kept and checked; the others cost nothing", () => {
    const node = bystander();
    node.hearsProposal(A).soIt("checks A");
    node.hearsProposal(B).soIt("checks B");
    const before = node.machine.state;
    for (const other of [C, D, block("E"), block("F")]) node.hearsProposal(other).soNothing();
    expect(node.machine.state).toBe(before);
  });

  test("a third block, which the proposer showed to everyone else, is still decided", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsProposal(A).soIt("checks A");
    node.hearsProposal(B).soIt("checks B");
    node.hearsPrevotes([ann, bob, cat], C).soIt("checks C", "asks peers for C");
    node.hearsPrecommits([ann, bob], C).soNothing();
    node.hearsPrecommits([cat], C).soIt("gives precommits of round 0 1000 ms");
    const everyone = [0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("");
    node
      .finds("valid", C)
      .soIt(
        "precommits C in round 0, locking C with the 3 prevotes of round 0",
        `commits C of round 0 with ${everyone}`,
      );
  });
});

describe("equivocating voters", () => {
  test("the first vote counts, the second is evidence, the third is nothing", () => {
    const node = bystander();
    const [liar] = node.others;
    node.hearsPrevotes([liar], A).soNothing();
    node.hearsPrevotes([liar], B).soIt(`accuses ${liar} of prevoting A and B in round 0`);
    const before = node.machine.state;
    node.hearsPrevotes([liar], C).soNothing();
    node.hearsPrevotes([liar], B).soNothing();
    node.hearsPrevotes([liar], A).soNothing();
    expect(node.machine.state).toBe(before);
    expect(node.machine.state.rounds[0]?.prevotes).toMatchObject({
      power: 1n,
      weights: [{ blockId: A, power: 1n }],
      certificates: [],
    });
  });

  test("a vote for nil contradicts one for a block; prevote and precommit do not contradict each other", () => {
    const node = bystander();
    const [liar] = node.others;
    node.hearsPrecommits([liar], NIL).soNothing();
    node.hearsPrevotes([liar], A).soNothing();
    node.hearsPrecommits([liar], B).soIt(`accuses ${liar} of precommitting nil and B in round 0`);
    node.hearsPrevotes([liar], A, 1).soNothing();
    node.hearsPrevotes([liar], B, 2).soNothing();
  });

  test("evidence keeps both votes as they were signed, the earlier one first", () => {
    const node = bystander();
    const [liar] = node.others;
    const first = node.machine.vote(SIGNED_PREVOTE, liar, 0, A);
    const second = node.machine.vote(SIGNED_PREVOTE, liar, 0, B);
    node.machine.give({ type: "vote", vote: first });
    const effects = node.machine.give({ type: "vote", vote: second });
    expect(effects).toEqual([
      { type: "log", input: { type: "vote", vote: second } },
      { type: "evidence", conflict: { first, second } },
    ]);
  });

  test("conflicting precommits hide a commit from one half, and the other half's commit certificate shows it", () => {
    const node = bystander();
    const [liar, ann, bob] = node.others;
    node.hearsGoodProposal(A).soIt("prevotes A in round 0");
    node.hearsPrecommits([liar], NIL).soNothing();
    node.hearsPrecommits([ann], A).soNothing();
    node.hearsPrecommits([bob], A).soIt("gives precommits of round 0 1000 ms");
    node.hearsPrecommits([liar], A).soIt(`accuses ${liar} of precommitting nil and A in round 0`);
    expect(node.where).toBe("0 prevote");
    const commit = [0, 1, 2, 3].map((place) => (place === node.machine.self ? "-" : "C")).join("");
    node
      .hearsCommitCertificate([liar, ann, bob], A)
      .soIt("precommits nil in round 0", `commits A of round 0 with ${commit}`);
    // The commit holds the liar's precommit for the block, which is part of the quorum, and not its nil.
    const [effect] = node.machine.asked("commit");
    expect(effect?.type === "commit" && effect.commit.signatures[liar]?.blockIdFlag).toBe(2);
  });

  test("first vote wins would livelock: a polka certificate overrides, whatever came first", () => {
    const node = bystander();
    const [liar, ann, bob] = node.others;
    node.hearsGoodProposal(B).soIt("prevotes B in round 0");
    node.hearsPrevotes([liar], A).soNothing();
    node.hearsPrevotes([ann], B).soIt("gives prevotes of round 0 1000 ms");
    node.hearsPrevotes([bob], NIL).soNothing();
    const self = node.machine.self as number;
    node
      .hearsPolkaCertificate([liar, ann, self], B)
      .soIt(
        `accuses ${liar} of prevoting A and B in round 0`,
        "precommits B in round 0, locking B with the 3 prevotes of round 0",
      );
    const lock = node.machine.state.lock;
    expect(lock?.polka.map(({ validatorIndex }) => validatorIndex)).toEqual([liar, ann, self]);
  });

  test("a certificate's votes that were not here before count from then on", () => {
    const node = bystander();
    const [ann, bob, cat] = node.others;
    node.hearsPolkaCertificate([ann, bob, cat], NIL).soNothing();
    expect(node.machine.state.rounds[0]?.prevotes.power).toBe(3n);
    node.waitsInVainFor("the proposal").soIt("prevotes nil in round 0", "precommits nil in round 0");
    node.hearsPrevotes([ann], NIL).soNothing();
    node.hearsPrevotes([ann], A).soIt(`accuses ${ann} of prevoting nil and A in round 0`);
  });

  test("two certificates for two blocks in one round need a third of liars, and each is believed", () => {
    const node = follower(1n, 1n, 1n, 1n);
    node.hearsGoodProposal(A).soNothing();
    node.hearsGoodProposal(B).soNothing();
    node.hearsPolkaCertificate([0, 1, 2], A).soNothing();
    node.isLockedOn(A, 0);
    node
      .hearsPolkaCertificate([1, 2, 3], B)
      .soIt("accuses 1 of prevoting A and B in round 0", "accuses 2 of prevoting A and B in round 0");
    expect(node.machine.state.rounds[0]?.prevotes.certificates).toHaveLength(2);
    node.isLockedOn(A, 0);
  });
});

describe("certificates that are none", () => {
  const cases: Readonly<Record<string, (node: ReturnType<typeof bystander>) => Input>> = {
    "two thirds exactly": (node) => cert(node, "polka", [0, 1]),
    "no votes": () => ({ type: "cert", kind: "polka", votes: [] }),
    "one validator twice": (node) => cert(node, "polka", [0, 1, 1, 1]),
    "a place that does not exist": (node) => cert(node, "polka", [0, 1], [4, 5, 6]),
    "precommits for a polka": (node) => cert(node, "polka", [0, 1, 2], [], SIGNED_PRECOMMIT),
    "prevotes for a commit": (node) => cert(node, "commit", [0, 1, 2], [], SIGNED_PREVOTE),
  };

  for (const [name, make] of Object.entries(cases)) {
    test(`${name}: not taken`, () => {
      const node = bystander();
      const before = node.machine.state;
      node.hears(make(node)).soNothing();
      expect(node.machine.state).toBe(before);
    });
  }

  test("votes of two rounds, two heights or two blocks make no certificate", () => {
    const node = bystander();
    const before = node.machine.state;
    const { machine } = node;
    const [a, b, c] = [0, 1, 2].map((place) => machine.vote(SIGNED_PREVOTE, place, 0, A)) as [Vote, Vote, Vote];
    for (const odd of [{ round: 1 }, { height: 2n }, { blockId: B }, { type: SIGNED_PRECOMMIT }]) {
      node.hears({ type: "cert", kind: "polka", votes: [a, b, { ...c, ...odd }] }).soNothing();
      node.hears({ type: "cert", kind: "polka", votes: [{ ...a, ...odd }, b, c] }).soNothing();
    }
    for (const height of [0n, 2n]) {
      const votes = [0, 1, 2].map((place) => machine.vote(SIGNED_PREVOTE, place, 0, A, height));
      node.hears({ type: "cert", kind: "polka", votes }).soNothing();
    }
    for (const round of [-1, 0x8000_0000]) {
      node.hears({ type: "cert", kind: "polka", votes: [a, b, c].map((vote) => ({ ...vote, round })) }).soNothing();
    }
    expect(machine.state).toBe(before);
  });
});

type Vote = ReturnType<ReturnType<typeof bystander>["machine"]["vote"]>;

function cert(
  node: ReturnType<typeof bystander>,
  kind: "polka" | "commit",
  from: readonly number[],
  strangers: readonly number[] = [],
  type = kind === "polka" ? SIGNED_PREVOTE : SIGNED_PRECOMMIT,
): Input {
  const votes = from.map((place) => node.machine.vote(type, place, 0, A));
  const first = votes[0] as Vote;
  return {
    type: "cert",
    kind,
    votes: [...votes, ...strangers.map((validatorIndex) => ({ ...first, validatorIndex }))],
  };
}
