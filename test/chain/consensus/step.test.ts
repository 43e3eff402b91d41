import { describe, expect, test } from "vitest";
import { initialState, step } from "../../../chain/consensus/step.ts";
import { DEFAULT_TIMEOUTS } from "../../../chain/consensus/timeouts.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE } from "../../../chain/types/vote.ts";
import { A, B, C, Machine, NIL, validators } from "./machine.ts";

const FOUR = validators(1n, 1n, 1n, 1n);

/** A validator that proposes in none of the first three rounds, so that scenarios can choose the proposals. */
function listener(): Machine {
  const probe = new Machine(FOUR, undefined);
  const proposers = [0, 1, 2].map((round) => probe.proposerOf(round));
  return new Machine(FOUR, [0, 1, 2, 3].find((index) => !proposers.includes(index)) as number);
}

describe("one validator alone", () => {
  test("proposes, votes twice and commits its own block", () => {
    const machine = new Machine(validators(10n), 0);
    expect(machine.asked("buildValue")).toHaveLength(1);
    machine.give({ type: "builtValue", height: 1n, round: 0, blockId: A });
    machine.ready(A);
    expect(machine.said).toEqual(["proposal 0 A pol -1", "prevote 0 A", "precommit 0 A"]);
    expect(machine.committed).toBe("A");
  });

  test("goes to the next round when its block cannot be built", () => {
    const machine = new Machine(validators(10n), 0);
    machine.timeout("propose", 0);
    machine.timeout("precommit", 0);
    expect(machine.said).toEqual(["prevote 0 nil", "precommit 0 nil"]);
    expect(machine.where).toBe("1 propose");
    expect(machine.asked("buildValue")).toHaveLength(2);
  });

  test("hears nothing of a height it has not reached or has left", () => {
    const machine = new Machine(validators(10n), 0, { height: 5n });
    const before = machine.state;
    machine.give({ type: "vote", vote: machine.vote(SIGNED_PREVOTE, 0, 0, A, 6n) });
    machine.give({ type: "vote", vote: machine.vote(SIGNED_PREVOTE, 0, 0, A, 3n) });
    expect(machine.state).toBe(before);
  });
});

describe("a round among four", () => {
  test("a proposal in time is prevoted, its polka precommitted, its quorum committed", () => {
    const machine = listener();
    machine.propose(0, A);
    expect(machine.said).toEqual([]);
    machine.ready(A);
    machine.prevote(machine.others.slice(0, 2), 0, A);
    machine.precommit(machine.others.slice(0, 2), 0, A);
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 A"]);
    expect(machine.committed).toBe("A");
  });

  test("the commit holds every precommit of the round, in validator order", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.precommit(machine.others.slice(0, 1), 0, NIL);
    machine.precommit(machine.others.slice(1), 0, A);
    const [commit] = machine.asked("commit");
    if (commit?.type !== "commit") throw new Error("not committed");
    const flags = commit.commit.signatures.map((signature) => signature.blockIdFlag);
    const expected = [2, 2, 2, 2];
    expected[machine.others[0] as number] = 3;
    expect(flags).toEqual(expected);
  });

  test("an invalid proposal is prevoted nil", () => {
    const machine = listener();
    machine.propose(0, A);
    machine.ready(A, false);
    expect(machine.said).toEqual(["prevote 0 nil"]);
  });

  test("without a proposal the timeout prevotes nil, and a nil polka precommits nil", () => {
    const machine = listener();
    machine.timeout("propose", 0);
    machine.prevote(machine.others.slice(0, 2), 0, NIL);
    expect(machine.said).toEqual(["prevote 0 nil", "precommit 0 nil"]);
    machine.precommit(machine.others.slice(0, 2), 0, NIL);
    expect(machine.asked("schedule").at(-1)).toMatchObject({ kind: "precommit", round: 0, ms: 1000 });
    machine.timeout("precommit", 0);
    expect(machine.where).toBe("1 propose");
  });

  test("a proposal that comes after the prevote is kept, and its polka still locks it", () => {
    const machine = listener();
    machine.timeout("propose", 0);
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    expect(machine.said).toEqual(["prevote 0 nil", "precommit 0 A"]);
    expect(machine.state.lock?.round).toBe(0);
  });

  test("split prevotes start the prevote timeout once, and it precommits nil", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others.slice(0, 2), 0, NIL);
    machine.prevote(machine.others.slice(2), 0, B);
    expect(machine.asked("schedule").filter((effect) => "kind" in effect && effect.kind === "prevote")).toHaveLength(1);
    machine.timeout("prevote", 0);
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 nil"]);
  });

  test("timeouts grow by the delta of each failed round", () => {
    const machine = listener();
    machine.prevote(machine.others.slice(0, 2), 3, NIL);
    expect(machine.where).toBe("3 propose");
    expect(machine.asked("schedule").at(-1)).toMatchObject({ kind: "propose", round: 3, ms: 3000 + 3 * 500 });
  });

  test("expired timeouts of an earlier round or step mean nothing", () => {
    const machine = listener();
    machine.timeout("propose", 0);
    const before = machine.state;
    machine.timeout("propose", 0);
    machine.timeout("prevote", 1);
    machine.timeout("precommit", 7);
    expect(machine.state).toBe(before);
  });
});

describe("locks", () => {
  test("a locked validator prevotes nil for another block without a polka", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.timeout("precommit", 0);
    machine.proposeReady(1, B);
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 A", "prevote 1 nil"]);
  });

  test("a locked validator prevotes its own block again, even proposed as if it were new", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.timeout("precommit", 0);
    machine.propose(1, A);
    expect(machine.said.at(-1)).toBe("prevote 1 A");
  });

  test("hidden lock: one validator locked a block that the others never saw locked, and is not moved from it", () => {
    // Validator X sees the polka for A in round 0 and locks; the others miss it. In rounds 1 and 2 they propose B.
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.precommit(machine.others.slice(0, 2), 0, NIL);
    machine.timeout("precommit", 0);
    machine.proposeReady(1, B);
    machine.prevote(machine.others.slice(0, 2), 1, B);
    machine.timeout("prevote", 1);
    machine.precommit(machine.others.slice(0, 2), 1, NIL);
    machine.timeout("precommit", 1);
    machine.proposeReady(2, C);
    // Deleting the lock rule makes the third and fifth of these prevotes for B and C.
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 A", "prevote 1 nil", "precommit 1 nil", "prevote 2 nil"]);
    expect(machine.state.lock).toMatchObject({ round: 0, blockId: A });
  });

  test("a lock gives way to a proposal justified by a later polka, and the signer is shown that polka", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.timeout("precommit", 0);
    machine.prevote(machine.others, 1, B);
    machine.timeout("propose", 1);
    machine.timeout("prevote", 1);
    machine.precommit(machine.others.slice(0, 2), 1, NIL);
    machine.timeout("precommit", 1);
    machine.proposeReady(2, B, 1);
    expect(machine.said.at(-1)).toBe("prevote 2 B");
    const last = machine.asked("sign").at(-1);
    expect(last?.type === "sign" && last.polka?.round).toBe(1);
    expect(last?.type === "sign" && last.polka?.votes).toHaveLength(3);
  });

  test("a proposal that claims an older polka does not move a lock", () => {
    const machine = listener();
    machine.prevote(machine.others, 0, B);
    machine.timeout("propose", 0);
    machine.timeout("prevote", 0);
    machine.precommit(machine.others.slice(0, 2), 0, NIL);
    machine.timeout("precommit", 0);
    machine.proposeReady(1, A);
    machine.prevote(machine.others, 1, A);
    machine.timeout("precommit", 1);
    machine.proposeReady(2, B, 0);
    expect(machine.said.slice(-2)).toEqual(["precommit 1 A", "prevote 2 nil"]);
  });

  test("a lock gives way to a polka of its own round as well (lockedRound ≤ vr)", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    const votes = machine.others.map((index) => machine.vote(SIGNED_PREVOTE, index, 0, B));
    machine.give({ type: "cert", kind: "polka", votes });
    machine.timeout("precommit", 0);
    machine.proposeReady(1, B, 0);
    expect(machine.said.slice(-2)).toEqual(["precommit 0 A", "prevote 1 B"]);
  });

  test("what a proposer has locked it proposes again, with the round of its polka", () => {
    const probe = new Machine(FOUR, undefined);
    const machine = new Machine(FOUR, probe.proposerOf(1));
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.timeout("precommit", 0);
    expect(machine.said.slice(2)).toEqual(["proposal 1 A pol 0", "prevote 1 A"]);
  });

  test("a proposal that claims a polka nobody has seen waits for it", () => {
    const machine = listener();
    machine.timeout("propose", 0);
    machine.precommit(machine.others.slice(0, 2), 0, NIL);
    machine.timeout("prevote", 0);
    machine.precommit(machine.others, 0, NIL);
    machine.timeout("precommit", 0);
    machine.proposeReady(1, B, 0);
    expect(machine.where).toBe("1 propose");
    machine.prevote(machine.others, 0, B);
    expect(machine.said.at(-1)).toBe("prevote 1 B");
  });

  test("a polka for nil does not unlock", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.timeout("precommit", 0);
    machine.timeout("propose", 1);
    machine.prevote(machine.others, 1, NIL);
    expect(machine.said.at(-1)).toBe("precommit 1 nil");
    expect(machine.state.lock?.round).toBe(0);
  });

  test("a polka seen after precommitting nil is remembered and proposed again with its round", () => {
    const probe = new Machine(FOUR, undefined);
    const machine = new Machine(FOUR, probe.proposerOf(1));
    machine.proposeReady(0, A);
    machine.prevote(machine.others.slice(0, 2), 0, NIL);
    machine.timeout("prevote", 0);
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 nil"]);
    // The polka completes only now: two of the others' certificate says A.
    const votes = [machine.self as number, ...machine.others.slice(1)].map((index) =>
      machine.vote(SIGNED_PREVOTE, index, 0, A),
    );
    machine.give({ type: "cert", kind: "polka", votes });
    expect(machine.state.lock).toBeUndefined();
    expect(machine.state.valid).toMatchObject({ round: 0, blockId: A });
    machine.timeout("precommit", 0);
    expect(machine.said.slice(-2)).toEqual(["proposal 1 A pol 0", "prevote 1 A"]);
  });
});

describe("rounds", () => {
  test("votes of more than a third in a later round skip to it", () => {
    const machine = listener();
    machine.prevote(machine.others.slice(0, 1), 4, NIL);
    expect(machine.where).toBe("0 propose");
    machine.precommit(machine.others.slice(1, 2), 4, NIL);
    expect(machine.where).toBe("4 propose");
  });

  test("exactly a third of the power in a later round is not enough to skip to it", () => {
    const machine = new Machine(validators(1n, 1n, 1n), 0);
    machine.prevote([1], 4, NIL);
    expect(machine.state.round).toBe(0);
    machine.prevote([2], 4, NIL);
    expect(machine.state.round).toBe(4);
  });

  test("exactly two thirds of the power are no quorum", () => {
    const machine = new Machine(validators(1n, 1n, 1n), undefined);
    machine.proposeReady(0, A);
    machine.precommit([0, 1], 0, A);
    expect(machine.committed).toBeUndefined();
    machine.precommit([2], 0, A);
    expect(machine.committed).toBe("A");
  });

  test("one validator's prevote and precommit count once towards a skip", () => {
    const machine = listener();
    machine.prevote(machine.others.slice(0, 1), 4, NIL);
    machine.precommit(machine.others.slice(0, 1), 4, NIL);
    expect(machine.where).toBe("0 propose");
  });

  test("a commit of an earlier round decides in a later one", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others.slice(0, 2), 2, NIL);
    expect(machine.state.round).toBe(2);
    machine.precommit(machine.others, 0, A);
    expect(machine.committed).toBe("A");
  });

  test("a commit of a round not yet reached decides", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    const votes = machine.others.map((index) => machine.vote(SIGNED_PRECOMMIT, index, 9, A));
    machine.give({ type: "cert", kind: "commit", votes });
    expect(machine.committed).toBe("A");
  });

  test("only the two newest of a validator's far rounds are held, and lagging still ends", () => {
    const machine = listener();
    const [first, second] = machine.others as [number, number];
    for (const round of [5, 6, 7, 8]) machine.prevote([first], round, NIL);
    expect(machine.state.rounds.map((held) => held.round)).toEqual([7, 8]);
    machine.prevote([first], 5, NIL);
    expect(machine.state.rounds.map((held) => held.round)).toEqual([7, 8]);
    machine.prevote([second], 8, NIL);
    expect(machine.where).toBe("8 propose");
  });

  test("proposals for far rounds are not held", () => {
    const machine = listener();
    const before = machine.state;
    machine.propose(2, A);
    expect(machine.state).toBe(before);
    machine.propose(1, A);
    expect(machine.state.rounds).toHaveLength(1);
  });
});

describe("equivocation", () => {
  test("two proposals in a round are kept, a third is not", () => {
    const machine = listener();
    machine.propose(0, A);
    machine.propose(0, B);
    machine.propose(0, C);
    expect(machine.state.rounds[0]?.proposals.map((proposal) => proposal.blockId)).toEqual([A, B]);
  });

  test("an equivocating proposer gets one prevote, and the block the others chose still commits", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.proposeReady(0, B);
    expect(machine.said).toEqual(["prevote 0 A"]);
    machine.prevote(machine.others, 0, B);
    machine.precommit(machine.others, 0, B);
    expect(machine.said).toEqual(["prevote 0 A", "precommit 0 B"]);
    expect(machine.committed).toBe("B");
  });

  test("a second vote is evidence and does not count, until a certificate says it does", () => {
    const machine = listener();
    machine.proposeReady(0, B);
    const [liar, x, y] = machine.others as [number, number, number];
    machine.prevote([liar], 0, A);
    machine.prevote([liar, x], 0, B);
    expect(machine.asked("evidence")).toHaveLength(1);
    expect(machine.said).toEqual(["prevote 0 B"]);
    const votes = [liar, x, y].map((index) => machine.vote(SIGNED_PREVOTE, index, 0, B));
    machine.give({ type: "cert", kind: "polka", votes });
    expect(machine.said).toEqual(["prevote 0 B", "precommit 0 B"]);
  });

  test("the same conflict is reported once", () => {
    const machine = listener();
    const [liar] = machine.others as [number];
    machine.prevote([liar], 0, A);
    machine.prevote([liar], 0, B);
    machine.prevote([liar], 0, C);
    expect(machine.asked("evidence")).toHaveLength(1);
  });

  test("certificates without a quorum, or of mixed or repeated votes, are not taken", () => {
    const machine = listener();
    const [x, y, z] = machine.others as [number, number, number];
    const vote = (index: number, round: number, id = A) => machine.vote(SIGNED_PREVOTE, index, round, id);
    const before = machine.state;
    machine.give({ type: "cert", kind: "polka", votes: [vote(x, 0), vote(y, 0)] });
    machine.give({ type: "cert", kind: "polka", votes: [vote(x, 0), vote(y, 0), vote(z, 1)] });
    machine.give({ type: "cert", kind: "polka", votes: [vote(x, 0), vote(y, 0), vote(z, 0, B)] });
    machine.give({ type: "cert", kind: "polka", votes: [vote(x, 0), vote(y, 0), vote(y, 0)] });
    machine.give({ type: "cert", kind: "commit", votes: [vote(x, 0), vote(y, 0), vote(z, 0)] });
    expect(machine.state).toBe(before);
  });
});

describe("blocks that are not here", () => {
  test("a commit for an unknown block asks for it once and waits", () => {
    const machine = listener();
    machine.precommit(machine.others, 0, A);
    expect(machine.committed).toBeUndefined();
    expect(machine.asked("want")).toHaveLength(1);
    expect(machine.asked("validate")).toHaveLength(1);
    machine.ready(A);
    expect(machine.committed).toBe("A");
  });

  test("a decided block that is invalid halts the machine for good", () => {
    const machine = listener();
    machine.precommit(machine.others, 0, A);
    machine.ready(A, false);
    expect(machine.asked("halt")).toHaveLength(1);
    const before = machine.state;
    machine.timeout("propose", 0);
    expect(machine.state).toBe(before);
  });

  test("a block synced with its commit ends the height in any step", () => {
    const machine = listener();
    machine.timeout("propose", 0);
    const commit = { height: 1n, round: 3, blockId: A, signatures: [] };
    machine.give({ type: "syncedBlock", height: 1n, blockId: A, commit });
    expect(machine.committed).toBe("A");
    expect(machine.state.decided).toMatchObject({ round: 3 });
  });
});

describe("between heights", () => {
  test("the commit timeout gathers late precommits into the next proposal's commit", () => {
    const set = validators(1n, 1n, 1n, 1n);
    const machine = new Machine(set, undefined, { height: 7n });
    machine.proposeReady(0, A);
    machine.precommit([0, 1, 2], 0, A);
    const [effect] = machine.asked("commit");
    if (effect?.type !== "commit") throw new Error("not committed");
    const self = machine.proposerOf(0);
    const started = step(machine.state, {
      type: "startHeight",
      height: 8n,
      validators: set,
      self: machine.address(self),
      lastCommit: effect.commit,
      delayMs: 1000,
      timeouts: DEFAULT_TIMEOUTS,
      waitForTxs: false,
    });
    expect(started.effects).toEqual([{ type: "schedule", kind: "newHeight", height: 8n, round: 0, ms: 1000 }]);
    const late = step(started.state, { type: "vote", vote: machine.vote(SIGNED_PRECOMMIT, 3, 0, A) });
    const wrongRound = step(late.state, { type: "vote", vote: machine.vote(SIGNED_PRECOMMIT, 3, 1, A) });
    expect(wrongRound.state).toBe(late.state);
    const running = step(late.state, { type: "timeout", kind: "newHeight", height: 8n, round: 0 });
    const build = running.effects.find((each) => each.type === "buildValue");
    expect(build?.type === "buildValue" && build.lastCommit?.signatures.map((each) => each.blockIdFlag)).toEqual([
      2, 2, 2, 2,
    ]);
  });

  test("without empty blocks round 0 waits for a transaction, or for someone who has one", () => {
    const set = validators(10n);
    const start = {
      type: "startHeight",
      height: 1n,
      validators: set,
      self: set.validators[0]?.address,
      lastCommit: undefined,
      delayMs: 0,
      timeouts: DEFAULT_TIMEOUTS,
      waitForTxs: true,
    } as const;
    const waiting = step(initialState(), start);
    expect(waiting.effects).toEqual([]);
    expect(waiting.state.step).toBe("newRound");
    const woken = step(waiting.state, { type: "txsAvailable", height: 1n });
    expect(woken.effects.map((effect) => effect.type)).toEqual(["log", "schedule", "buildValue"]);

    const follower = new Machine(FOUR, undefined);
    const other = step(initialState(), { ...start, validators: FOUR, self: follower.address(0) });
    const proposal = step(other.state, { type: "proposal", proposal: follower.proposal(0, A, -1) });
    expect(proposal.state.step).toBe("propose");
  });

  test("before the first height a machine knows nothing and hears nothing", () => {
    const state = initialState();
    expect(state).toEqual({
      height: 0n,
      round: 0,
      step: "committed",
      validators: { validators: [], proposer: undefined, totalVotingPower: 0n },
      powers: { each: [], total: 0n },
      self: undefined,
      timeouts: {
        proposeMs: 3_000,
        proposeDeltaMs: 500,
        prevoteMs: 1_000,
        prevoteDeltaMs: 500,
        precommitMs: 1_000,
        precommitDeltaMs: 500,
        commitMs: 1_000,
      },
      waitForTxs: false,
      lock: undefined,
      valid: undefined,
      rounds: [],
      candidates: [],
      lastCommit: undefined,
      decided: undefined,
    });
    expect(step(state, { type: "txsAvailable", height: 0n })).toEqual({ state, effects: [] });
  });

  test("a height never starts twice", () => {
    const machine = new Machine(FOUR, 0);
    expect(() => new Machine(FOUR, 0, { height: 0n })).toThrow();
    expect(() =>
      machine.give({
        type: "startHeight",
        height: 1n,
        validators: FOUR,
        self: undefined,
        lastCommit: undefined,
        delayMs: 0,
        timeouts: DEFAULT_TIMEOUTS,
        waitForTxs: false,
      }),
    ).toThrow();
  });
});

describe("a node that is no validator", () => {
  test("follows every step and signs nothing", () => {
    const machine = new Machine(FOUR, undefined);
    machine.proposeReady(0, A);
    machine.prevote([0, 1, 2], 0, A);
    machine.precommit([0, 1, 2], 0, A);
    expect(machine.said).toEqual([]);
    expect(machine.committed).toBe("A");
  });
});

describe("the log", () => {
  test("what was logged, replayed, makes the same state", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    machine.precommit(machine.others.slice(0, 1), 0, NIL);
    machine.prevote(machine.others.slice(0, 2), 3, NIL);
    machine.proposeReady(3, B, -1);
    const again = new Machine(FOUR, machine.self);
    again.answersSign = false;
    for (const effect of machine.asked("log")) if (effect.type === "log") again.give(effect.input);
    expect(again.state).toEqual(machine.state);
  });

  test("an input that changes nothing is not logged", () => {
    const machine = listener();
    machine.prevote(machine.others.slice(0, 1), 0, A);
    const logged = machine.asked("log").length;
    machine.prevote(machine.others.slice(0, 1), 0, A);
    machine.ready(B);
    expect(machine.asked("log")).toHaveLength(logged);
  });

  test("own messages are published after they are logged, and only own messages", () => {
    const machine = listener();
    machine.proposeReady(0, A);
    machine.prevote(machine.others, 0, A);
    const order = machine.effects.map((effect) => effect.type);
    expect(machine.asked("publish")).toHaveLength(2);
    for (const [index, type] of order.entries()) if (type === "publish") expect(order[index - 1]).toBe("log");
  });

  test("a lock restored from the journal is held, proposed again and justified by its polka", () => {
    const probe = new Machine(FOUR, undefined);
    const machine = new Machine(FOUR, probe.proposerOf(3));
    const polka = machine.others.map((index) => machine.vote(SIGNED_PREVOTE, index, 2, A));
    machine.give({ type: "restoreLock", height: 1n, lock: { round: 2, blockId: A, polka } });
    machine.ready(A);
    expect(machine.where).toBe("2 propose");
    machine.proposeReady(2, B);
    expect(machine.said).toEqual(["prevote 2 nil", "precommit 2 A"]);
    machine.precommit(machine.others, 2, NIL);
    machine.timeout("precommit", 2);
    expect(machine.said.slice(2)).toEqual(["proposal 3 A pol 2", "prevote 3 A"]);
  });
});
