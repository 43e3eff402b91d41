import { describe, expect, test } from "vitest";
import type { Effect } from "../../../chain/consensus/effect.ts";
import type { LoggedInput, StartHeight } from "../../../chain/consensus/input.ts";
import { emptyRound, type State, type StepName } from "../../../chain/consensus/state.ts";
import { initialState } from "../../../chain/consensus/step.ts";
import { isProposer } from "../../../chain/consensus/validators.ts";
import { addVote } from "../../../chain/consensus/votes.ts";
import { SIGNED_PRECOMMIT, SIGNED_PREVOTE, SIGNED_PROPOSAL } from "../../../chain/types/vote.ts";
import type { HaltedBlockNeeds } from "../../../node/engine/halted-block.ts";
import { closeOpenWork, performOpen, type RecoveryUses, replayLog } from "../../../node/engine/recovery.ts";
import { isOpen, isOwnMessage } from "../../../node/engine/replay.ts";
import type { LogEntry } from "../../../node/engine/wal-record.ts";
import { stubKey } from "../../sim/keys.ts";
import { Bench } from "./bench.ts";
import { ReferenceChain } from "./reference-chain.ts";
import { block, POWERS, precommit, prevote, proposal, quietLog, TIME, vote } from "./support.ts";

const A = block("A");
const SIGNED = {
  type: SIGNED_PROPOSAL,
  height: 5n,
  round: 1,
  polRound: -1,
  blockId: A,
  timestamp: TIME,
  signature: new Uint8Array(64),
};

/** The machine in round 1 of height 5. */
function at(step: StepName, changes: Partial<State> = {}): State {
  return { ...initialState(), height: 5n, round: 1, step, powers: POWERS, ...changes };
}

function withVote(step: StepName, type: number, index: number, round = 1): State {
  const empty = emptyRound(round);
  const kind = type === SIGNED_PREVOTE ? "prevotes" : "precommits";
  const added = addVote(empty[kind], vote(type, index, 5n, round, A), POWERS);
  if (added.outcome === "known") throw new Error("not added");
  return at(step, { rounds: [{ ...empty, [kind]: added.tally }] });
}

const build: Effect = { type: "buildValue", height: 5n, round: 1, lastCommit: undefined };

describe("what the log left open", () => {
  test("is a vote of this round that is not in its tally", () => {
    for (const [effect, type, other] of [
      [prevote(5n, 1, A), SIGNED_PREVOTE, SIGNED_PRECOMMIT],
      [precommit(5n, 1, A), SIGNED_PRECOMMIT, SIGNED_PREVOTE],
    ] as const) {
      expect(isOpen(at("prevote"), effect, [])).toBe(true);
      expect(isOpen(withVote("prevote", type, 0), effect, [])).toBe(false);
      // Another validator's, or the other kind: still open.
      expect(isOpen(withVote("prevote", type, 1), effect, [])).toBe(true);
      expect(isOpen(withVote("prevote", other, 0), effect, [])).toBe(true);
      expect(isOpen(at("prevote", { round: 2 }), effect, [])).toBe(false);
      expect(isOpen(at("prevote", { round: 0 }), effect, [])).toBe(false);
    }
  });

  test("is a proposal while its round still waits for one", () => {
    const effect = proposal(5n, 1, A);
    expect(isOpen(at("propose"), effect, [])).toBe(true);
    expect(isOpen(at("propose", { rounds: [emptyRound(1)] }), effect, [])).toBe(true);
    expect(isOpen(at("prevote"), effect, [])).toBe(false);
    expect(isOpen(at("propose", { round: 2 }), effect, [])).toBe(false);
    expect(isOpen(at("propose", { rounds: [{ ...emptyRound(1), proposals: [SIGNED] }] }), effect, [])).toBe(false);
  });

  test("is a block to be built, unless one was built and only waits for its signature", () => {
    expect(isOpen(at("propose"), build, [])).toBe(true);
    expect(isOpen(at("propose", { round: 2 }), build, [])).toBe(false);
    expect(isOpen(at("prevote"), build, [])).toBe(false);
    expect(isOpen(at("propose", { rounds: [{ ...emptyRound(1), proposals: [SIGNED] }] }), build, [])).toBe(false);
    expect(isOpen(at("propose"), build, [build, proposal(5n, 1, A)])).toBe(false);
    // A proposal of an earlier round, or a vote, does not stand in for it.
    expect(isOpen(at("propose"), build, [proposal(5n, 0, A), prevote(5n, 1, A)])).toBe(true);
  });

  test("is a block whose worth is unknown", () => {
    const effect: Effect = { type: "validate", height: 5n, round: 1, blockId: A };
    const candidate = (verdict: "unknown" | "valid" | "invalid") =>
      at("propose", { candidates: [{ blockId: A, verdict, wanted: false }] });
    expect(isOpen(candidate("unknown"), effect, [])).toBe(true);
    expect(isOpen(candidate("valid"), effect, [])).toBe(false);
    expect(isOpen(candidate("invalid"), effect, [])).toBe(false);
    expect(isOpen(at("propose"), effect, [])).toBe(false);
  });

  test("is nothing else", () => {
    const others: Effect[] = [
      { type: "want", height: 5n, round: 1, blockId: A },
      { type: "schedule", kind: "propose", height: 5n, round: 1, ms: 1 },
      { type: "halt", height: 5n, blockId: A },
    ];
    for (const effect of others) expect(isOpen(at("propose"), effect, [])).toBe(false);
  });
});

describe("an entry of the log", () => {
  const { state } = new ReferenceChain(new Bench({ validators: 4 }).genesis);
  const { validators } = state;
  const { address } = stubKey(2);

  test("is this node's when its address is in the vote, or the proposal's round is its turn", () => {
    const own = { ...vote(SIGNED_PREVOTE, 0, 1n, 0, A), validatorAddress: address };
    expect(isOwnMessage({ type: "vote", vote: own }, validators, address)).toBe(true);
    expect(isOwnMessage({ type: "vote", vote: vote(SIGNED_PREVOTE, 0, 1n, 0, A) }, validators, address)).toBe(false);
    const rounds = [0, 1, 2, 3];
    const mine = rounds.filter((round) =>
      isOwnMessage({ type: "proposal", proposal: { ...SIGNED, round } }, validators, address),
    );
    expect(mine).toEqual(rounds.filter((round) => isProposer(validators, round, address)));
    expect(mine).toHaveLength(1);
    expect(isOwnMessage({ type: "txsAvailable", height: 1n }, validators, address)).toBe(false);
  });
});

/** A recovery whose machine is told what to be, and what was done with it. */
function recovery(changes: Partial<RecoveryUses> = {}) {
  const done: string[] = [];
  const machine = { state: at("propose") };
  const uses: RecoveryUses = {
    machine: () => machine.state,
    validators: () => new ReferenceChain(new Bench({ validators: 4 }).genesis).state.validators,
    blocks: {
      held: { expect: () => done.push("expect"), add: () => done.push("add") },
      hold: () => done.push("hold"),
    } as unknown as HaltedBlockNeeds["blocks"],
    signer: undefined,
    log: quietLog(),
    hasher: new ReferenceChain(new Bench().genesis).hasher,
    relive: async (input) => void done.push(`relive ${input.type}`),
    run: async (input) => void done.push(`run ${input.type}`),
    perform: (effect) => {
      done.push(`perform ${effect.type}`);
      return effect.type === "buildValue" ? { type: "builtValue", height: 5n, round: 1, blockId: A } : undefined;
    },
    ...changes,
  };
  return { done, machine, uses };
}

const START = { type: "startHeight", height: 5n } as StartHeight;
const TIMEOUT: LoggedInput = { type: "timeout", kind: "propose", height: 5n, round: 0 };
const PART = { type: "part", blockId: A, part: { index: 0 } } as unknown as LogEntry;

describe("living through the log", () => {
  test("begins the height, then takes every entry in order; parts go to their block", async () => {
    const { done, uses } = recovery();
    await replayLog(START, [PART, TIMEOUT], uses);
    expect(done).toEqual(["relive startHeight", "expect", "add", "relive timeout"]);
  });

  test("ends with the decision: what came after it was late", async () => {
    const { done, machine, uses } = recovery({
      relive: async (input) => {
        done.push(`relive ${input.type}`);
        if (input.type === "timeout") machine.state = at("committed");
      },
    });
    await replayLog(START, [TIMEOUT, { type: "txsAvailable", height: 5n }], uses);
    expect(done).toEqual(["relive startHeight", "relive timeout"]);
    expect((uses.log as ReturnType<typeof quietLog>).lines.join()).toContain("was carried out");
  });

  test("says nothing of a log that is empty", async () => {
    const { uses } = recovery();
    await replayLog(START, [], uses);
    expect((uses.log as ReturnType<typeof quietLog>).lines).toEqual([]);
  });

  test("gives the signer back what is its own, before anything else", async () => {
    const restored: string[] = [];
    const signer = { address: stubKey(2).address, restore: (each: { type: string }) => restored.push(each.type) };
    const { done, uses } = recovery({ signer: signer as never });
    const own: LogEntry = {
      type: "vote",
      vote: { ...vote(SIGNED_PREVOTE, 0, 5n, 0, A), validatorAddress: signer.address },
    };
    await replayLog(START, [own, { type: "vote", vote: vote(SIGNED_PREVOTE, 1, 5n, 0, A) }], uses);
    expect(restored).toEqual(["vote"]);
    expect(done).toEqual(["relive startHeight", "relive vote", "relive vote"]);
  });
});

describe("closing what is open", () => {
  const lock = { round: 1, blockId: A, polka: [], block: new Uint8Array(0) };
  const signed = [{ type: "vote", vote: vote(SIGNED_PREVOTE, 0, 5n, 1, A) }];

  function signerWith(round: number | undefined): RecoveryUses["signer"] {
    const { block: made, bytes } = new ReferenceChain(new Bench().genesis).candidate();
    expect(made.header.height).toBe(1n);
    const held = round === undefined ? undefined : { ...lock, round, block: bytes };
    return { lockAt: () => held, signedAt: () => signed } as never;
  }

  test("takes the journal's lock where the log shows none, or an older one, and sends again what was signed", async () => {
    for (const [mine, machineLock, restores] of [
      [1, undefined, true],
      [1, { round: 0, blockId: A, polka: [] }, true],
      [1, { round: 1, blockId: A, polka: [] }, false],
      [0, undefined, true],
      [undefined, undefined, false],
    ] as const) {
      const { done, machine, uses } = recovery({ signer: signerWith(mine) });
      machine.state = at("propose", { lock: machineLock });
      await closeOpenWork(5n, [], uses);
      expect(done).toEqual([...(restores ? ["hold", "run restoreLock"] : []), "run vote"]);
    }
  });

  test("sends nothing more once the height is decided", async () => {
    const { done, machine, uses } = recovery({ signer: signerWith(undefined) });
    machine.state = at("committed");
    await closeOpenWork(5n, [build], uses);
    expect(done).toEqual([]);
  });

  test("performs what is open, with the reply as a new input, and leaves the rest", async () => {
    const { done, uses } = recovery();
    await performOpen([build, prevote(5n, 0, A), { type: "want", height: 5n, round: 1, blockId: A }], uses);
    expect(done).toEqual(["perform buildValue", "run builtValue"]);
  });

  test("looks at each anew: what the one before has settled is open no more", async () => {
    const { done, machine, uses } = recovery();
    const run = async (): Promise<void> => {
      machine.state = at("committed");
    };
    const settling = { ...uses, run };
    await performOpen([build, prevote(5n, 1, A)], settling);
    expect(done).toEqual(["perform buildValue"]);
  });
});
